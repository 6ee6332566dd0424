import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadUserInputError, HookgraphError } from '../../src/domain/errors.ts';
import type { Page, PageRequest } from '../../src/domain/page.ts';
import { isPagePosition, LIST_START, type PagePosition } from '../../src/webhooks/page-position.ts';
import { readListPart } from '../../src/webhooks/read-list-part.ts';

/** An upstream list of numbers, newest first, whose cursors name the entry that they lead behind. */
function createList(initial: readonly number[]) {
  let entries = [...initial];
  const requests: PageRequest[] = [];
  return {
    requests,
    entries: () => entries,
    change: (change: (entries: readonly number[]) => readonly number[]) => {
      entries = [...change(entries)];
    },
    read: async (request: PageRequest): Promise<Page<number>> => {
      requests.push(request);
      const { cursor, limit } = request;
      const rest = cursor === null ? entries : entries.filter((entry) => entry < Number(cursor));
      const items = rest.slice(0, limit);
      return { items, nextCursor: items.length < rest.length ? String(items.at(-1)) : null };
    },
  };
}

type List = ReturnType<typeof createList>;

const identify = (item: number) => String(item);

function readFrom({ read }: Pick<List, 'read'>, from: PagePosition, first: number) {
  return readListPart({ first, from, read, readPath: ['filter'], identify, cursorPath: ['after'] });
}

const descending = (count: number, highest = count) => Array.from({ length: count }, (_, index) => highest - index);

describe('reading a part of a list', () => {
  test('every place leads to exactly what comes behind it, however the pages were cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.array(
          fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 9 })),
          {
            minLength: 1,
            maxLength: 10,
          },
        ),
        async (count, steps) => {
          const list = createList(descending(count));
          let expected = list.entries();
          let from = LIST_START;
          for (const [first, goOnAt, arrivals] of steps) {
            const { items: shown, hasMore, positionBehind } = await readFrom(list, from, first);
            expect(shown).toEqual(expected.slice(0, shown.length));
            expect(shown.length > 0).toBe(expected.length > 0);
            expect(hasMore).toBe(expected.length > shown.length);
            const index = Math.min(goOnAt, shown.length - 1);
            if (index >= 0) from = positionBehind(index);
            expected = expected.slice(index + 1);
            const highest = list.entries()[0] ?? 0;
            list.change((entries) => [...descending(arrivals, highest + arrivals), ...entries]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('costs one call for each page that follows another', async () => {
    const list = createList(descending(10));
    let from = LIST_START;
    for (let page = 0; page < 4; page += 1) from = (await readFrom(list, from, 3)).positionBehind(2);
    expect(list.requests).toEqual([
      { cursor: null, limit: 3 },
      { cursor: '8', limit: 3 },
      { cursor: '5', limit: 3 },
      { cursor: '2', limit: 3 },
    ]);
  });

  test('never asks for more than 200', async () => {
    const list = createList(descending(500));
    const { positionBehind } = await readFrom(list, LIST_START, 200);
    const { items: rest } = await readFrom(list, positionBehind(150), 200);
    expect(rest.slice(0, 2)).toEqual([349, 348]);
    expect(list.requests.map(({ limit }) => limit)).toEqual([200, 200]);
  });

  test('leads to what came behind the entry before it although that was removed', async () => {
    const list = createList(descending(6));
    const { positionBehind } = await readFrom(list, LIST_START, 4);
    list.change((entries) => entries.filter((entry) => entry !== 4));
    expect((await readFrom(list, positionBehind(2), 2)).items).toEqual([3, 2]);
    list.change(() => []);
    expect((await readFrom(list, positionBehind(0), 2)).items).toEqual([]);
  });

  test('that nobody has given out leads nowhere before the list', async () => {
    const list = createList(descending(3));
    expect((await readFrom(list, { ...LIST_START, anchor: 'none', nth: 1 }, 2)).items).toEqual([3, 2]);
  });

  test('is refused where the entry before it is not among the first ten pages', async () => {
    const list = createList(descending(5));
    const { positionBehind } = await readFrom(list, LIST_START, 5);
    list.change((entries) => [...descending(3_000, 3_005), ...entries]);
    const rest = readFrom(list, positionBehind(2), 2);
    await expect(rest).rejects.toThrow(BadUserInputError);
    expect(list.requests).toHaveLength(11);
  });

  test('keeps what cannot be read at its place', async () => {
    const bad = new HookgraphError('UPSTREAM_INVALID_RESPONSE', 'bad row');
    const read = async (): Promise<Page<number>> => ({ items: [3, bad, 1], nextCursor: null });
    const { items, positionBehind } = await readFrom({ read }, LIST_START, 3);
    expect(items).toEqual([3, bad, 1]);
    expect((await readFrom({ read }, positionBehind(1), 3)).items).toEqual([1]);
  });

  test('tells entries apart that look the same', async () => {
    const read = async (): Promise<Page<number>> => ({ items: [7, 7, 5, 7], nextCursor: null });
    const { positionBehind } = await readFrom({ read }, LIST_START, 4);
    const behind = await Promise.all([0, 1, 2, 3].map((index) => readFrom({ read }, positionBehind(index), 4)));
    expect(behind.map(({ items }) => items)).toEqual([[7, 5, 7], [5, 7], [7], []]);
  });

  test('shows no more than was asked for where the upstream answers more', async () => {
    const read = async (): Promise<Page<number>> => ({ items: [5, 4, 3, 2, 1], nextCursor: null });
    const { items, hasMore, positionBehind } = await readFrom({ read }, LIST_START, 2);
    expect(items).toEqual([5, 4]);
    expect(hasMore).toBe(true);
    expect((await readFrom({ read }, positionBehind(1), 2)).items).toEqual([3, 2]);
  });
});

describe('a decoded value is a position', () => {
  test.each([
    [LIST_START, true],
    [{ cursor: 'x', offset: 3, anchor: 'y', nth: 2 }, true],
    [null, false],
    ['end', false],
    [[], false],
    [{}, false],
    [{ ...LIST_START, cursor: 7 }, false],
    [{ ...LIST_START, offset: -1 }, false],
    [{ ...LIST_START, offset: 1.5 }, false],
    [{ ...LIST_START, offset: '1' }, false],
    [{ ...LIST_START, anchor: undefined }, false],
    [{ ...LIST_START, nth: null }, false],
    [{ ...LIST_START, nth: -1 }, false],
  ])('%j: %s', (value, expected) => {
    expect(isPagePosition(value)).toBe(expected);
  });
});
