import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Licences that code under MIT may depend on without any further duty than to name them. */
const FITTING = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'Unlicense'];

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
}

test('whatever runs in production has a licence that fits MIT', () => {
  const { packages }: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
    readFileSync('package-lock.json', 'utf8'),
  );
  const runtime = Object.entries(packages).filter(([, { dev }]) => !dev);
  expect(runtime.length).toBeGreaterThan(20);
  expect(runtime.filter(([, { license }]) => license === undefined || !FITTING.includes(license))).toEqual([]);
});
