import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const rows = Array.from(
  readFileSync('docs/hardening.md', 'utf8').matchAll(/^\| .+ \| .+ \| `(test\/[\w/.-]+)`: (.+) \|$/gm),
  ([, file = '', words = '']) => [file, words] as const,
);

test('the threat list of docs/hardening.md has its lines', () => {
  expect(rows.length).toBeGreaterThan(25);
});

test.each(rows)('docs/hardening.md names a test that is there: %s: %s', (file, words) => {
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, 'utf8').replaceAll("\\'", "'")).toContain(words);
});
