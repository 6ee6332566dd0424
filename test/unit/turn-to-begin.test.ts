import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { letNextBegin, turnToBegin } from '../../src/server/direct/turn-to-begin.ts';

let begun: string[];

beforeEach(async () => {
  begun = [];
  // The turn of the test before is over.
  await nextTurn();
});

test('eight operations begin in a turn, and the next ones in the next, in their order', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `${index}`);
  const all = names.map(begin);
  expect(begun).toEqual(names.slice(0, 8));
  await nextTurn();
  expect(begun).toEqual(names.slice(0, 16));
  await Promise.all(all);
  expect(begun).toEqual(names);
});

test('who comes while others wait goes behind them', async () => {
  const first = Array.from({ length: 12 }, (_, index) => begin(`first ${index}`));
  await nextTurn();
  const second = Array.from({ length: 5 }, (_, index) => begin(`second ${index}`));
  expect(begun.slice(-5)).toEqual(['first 11', ...[0, 1, 2, 3].map((index) => `second ${index}`)]);
  await Promise.all([...first, ...second]);
  expect(begun.at(-1)).toBe('second 4');
});

test('once nobody waits, eight may begin at once again', async () => {
  await Promise.all(Array.from({ length: 9 }, (_, index) => begin(`${index}`)));
  await nextTurn();
  begun = [];
  const later = Array.from({ length: 8 }, (_, index) => begin(`later ${index}`));
  expect(begun).toHaveLength(8);
  await Promise.all(later);
});

test('the same request a hundred times begins all at once, since it is one read for the upstreams', async () => {
  const all = Array.from({ length: 100 }, () => begin('the same'));
  expect(begun).toHaveLength(100);
  const others = Array.from({ length: 8 }, (_, index) => begin(`${index}`));
  const again = Array.from({ length: 100 }, () => begin('7'));
  expect(begun).toHaveLength(100);
  await nextTurn();
  expect(begun).toHaveLength(208);
  await Promise.all([...all, ...others, ...again]);
});

test('so do eight requests a hundred times each, by turns', async () => {
  const all = Array.from({ length: 800 }, (_, index) => begin(`${index % 8}`));
  expect(begun).toHaveLength(800);
  const other = begin('other');
  expect(begun).toHaveLength(800);
  await Promise.all([...all, other]);
});

test('what begins without asking takes one along that waits, in their order', async () => {
  const all = Array.from({ length: 30 }, (_, index) => begin(`${index}`));
  letNextBegin();
  letNextBegin();
  await Promise.resolve();
  expect(begun.slice(8)).toEqual(['8', '9']);
  for (let times = 0; times < 30; times++) letNextBegin();
  await Promise.all(all);
  expect(begun).toEqual(Array.from({ length: 30 }, (_, index) => `${index}`));
});

test('who waited goes on in the async context of its own request', async () => {
  const context = new AsyncLocalStorage<number>();
  const seen = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      context.run(index, async () => {
        await begin(`${index}`);
        return context.getStore();
      }),
    ),
  );
  expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => index));
});

async function begin(name: string): Promise<void> {
  const turn = turnToBegin(Buffer.from(name));
  if (turn) await turn;
  begun.push(name);
}
