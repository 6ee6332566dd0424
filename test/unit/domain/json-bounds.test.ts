import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isModestJson } from '../../../src/domain/json-bounds.ts';

const isModest = (text: string) => isModestJson(Buffer.from(text), { maxValues: 500_000 });
const lists = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
/** Beyond it texts are looked at. */
const LONG = JSON.stringify('x'.repeat(70_000));

describe('a modest JSON text', () => {
  test.each([
    ['a short one, whatever it is', lists(30_000)],
    ['many values', `[${LONG},${'1,'.repeat(400_000)}1]`],
    ['lists of some depth', `[${LONG},${lists(100)}]`],
    ['brackets in a string', `[${LONG},"${'['.repeat(1_000)}"]`],
    ['a quote in a string', `[${LONG},"\\"${'['.repeat(1_000)}\\\\\\"${'['.repeat(1_000)}"]`],
    ['a string of commas', `"${','.repeat(600_000)}"`],
    ['a string that never ends, which is for the parser', `"${'['.repeat(100_000)}`],
  ])('is %s', (_what, text) => {
    expect(isModest(text)).toBe(true);
  });

  test.each([
    ['too many objects', `[${'{},'.repeat(500_000)}{}]`],
    ['too many numbers', `[${'1,'.repeat(500_001)}1]`],
    ['too deep lists', `[${LONG},${lists(300)}]`],
    ['lists that never end', '['.repeat(100_000)],
    ['lists behind a string with a backslash at its end', `[${LONG},"\\\\",${lists(300)}]`],
  ])('has none of: %s', (_what, text) => {
    expect(isModest(text)).toBe(false);
  });

  test('is whatever JSON.stringify makes of a few values, whichever strings are among them', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 20, stringUnit: 'binary' }), (json) => {
        expect(isModest(`[${LONG},${json}]`)).toBe(true);
      }),
    );
  });
});
