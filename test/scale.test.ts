import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** `| name | 1 | 0 |` of the page, `'name': [1, 0]` of the ledger. */
function calls(file: string, line: RegExp): ReadonlyMap<string, string> {
  const found = readFileSync(file, 'utf8').matchAll(line);
  return new Map(Array.from(found, ([, name = '', personio = '', trulayer = '']) => [name, `${personio} ${trulayer}`]));
}

test('docs/scale.md tells the upstream calls that the ledger holds', () => {
  const page = calls('docs/scale.md', /^\| (.+) \| (\d+) \| (\d+) \|$/gm);
  const ledger = calls('test/ledger.test.ts', /^ {2}'(.+)': \[(\d+), (\d+)\],$/gm);
  expect(page.size).toBeGreaterThanOrEqual(10);
  for (const [name, count] of page) expect([name, count]).toEqual([name, ledger.get(name)]);
});
