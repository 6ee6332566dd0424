import { readdirSync, readFileSync } from 'node:fs';
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

test('the program brings the licences of all packages that are part of it', () => {
  const notices = readFileSync('dist/THIRD-PARTY.txt', 'utf8');
  const files = ['dist/main.js', ...readdirSync('dist/program').map((file) => `dist/program/${file}`)];
  const packages = files.flatMap((file) => {
    // Before each module the bundler says where it comes from.
    const regions = readFileSync(file, 'utf8').matchAll(/^\/\/ (?:.*\/)?node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm);
    return Array.from(regions, ([, name]) => String(name));
  });
  const names = new Set(packages);
  expect(names.size).toBeGreaterThan(20);
  const missing = [...names].filter((name) => !new RegExp(`^${name} \\d.* \\(.+\\)$`, 'm').test(notices));
  expect(missing).toEqual([]);
  expect(notices).toContain('Permission is hereby granted');
});
