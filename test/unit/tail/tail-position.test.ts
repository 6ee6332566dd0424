import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WebhookActivity } from '../../../src/domain/activity.ts';
import { isoOfMs } from '../../../src/domain/instant.ts';
import { oldestFirst, type TailEntry, tailEntriesOf } from '../../../src/webhooks/tail/tail-entry.ts';
import {
  advance,
  isTailPosition,
  keptPosition,
  resumeFromMs,
  startPosition,
  type TailPosition,
  undelivered,
} from '../../../src/webhooks/tail/tail-position.ts';

const NOON_MS = Date.UTC(2026, 0, 1, 12);

function entriesAt(rows: readonly (readonly [secondsAfterNoon: number, number: number])[]): readonly TailEntry[] {
  const activities = rows.map(
    ([seconds, attempts]): WebhookActivity => ({
      completedAt: isoOfMs(NOON_MS + seconds * 1_000),
      eventName: 'person.updated',
      isDelivered: true,
      attempts,
      statusCode: 200,
      outcome: 'DELIVERED',
      redeliveryId: null,
    }),
  );
  return oldestFirst(tailEntriesOf(activities.toReversed()));
}

function behind(entries: readonly TailEntry[]): TailPosition {
  const start = startPosition({ ms: NOON_MS, ns: 0 }, NOON_MS);
  return entries.reduce(advance, start);
}

const numbers = (entries: readonly TailEntry[]) => entries.map(({ activity }) => activity.attempts);

describe('a position', () => {
  test('goes on in the middle of a burst of one moment', () => {
    const all = entriesAt(Array.from({ length: 1_000 }, (_, index) => [1, index]));
    expect(undelivered(behind(all.slice(0, 600)), all)).toEqual(all.slice(600));
  });

  test('counts entries that say all the same', () => {
    const all = entriesAt(Array.from({ length: 10 }, () => [1, 1]));
    expect(undelivered(behind(all.slice(0, 4)), all)).toHaveLength(6);
  });

  test('finds up to two late ones among those of five seconds, in the middle of a burst too', () => {
    const before = entriesAt([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    const position = behind(before.slice(0, 3));
    const after = entriesAt([
      [1, 1],
      [1.5, 90],
      [2, 2],
      [2, 91],
      [3, 3],
      [4, 4],
      [4, 5],
    ]);
    expect(numbers(undelivered(position, after))).toEqual([90, 91, 4, 5]);
  });

  test('finds late ones whatever the entries are', () => {
    for (let late = 100; late < 140; late += 1) {
      const [first, last] = [
        [1, late - 99],
        [3, late + 99],
      ] as const;
      const after = entriesAt([first, [2, late], [2.5, late + 1_000], last]);
      expect(numbers(undelivered(behind(entriesAt([first, last])), after))).toEqual([late, late + 1_000]);
    }
  });

  test('is no older behind an entry that appeared late: what came before is not told again', () => {
    const all = entriesAt([
      [10, 1],
      [70, 2],
    ]);
    const late = entriesAt([[30, 3]]);
    const position = behind([...all, ...late]);
    expect(position.newest.ms).toBe(NOON_MS + 70_000);
    expect(
      numbers(
        undelivered(
          position,
          entriesAt([
            [0, 9],
            [10, 1],
            [30, 3],
            [70, 2],
          ]),
        ),
      ),
    ).toEqual([]);
  });

  test('knows nothing of what was completed more than a minute before the newest', () => {
    const position = behind(
      entriesAt([
        [0, 1],
        [100, 2],
        [130, 3],
      ]),
    );
    expect(resumeFromMs(position)).toBe(NOON_MS + 70_000);
    expect(position.slots).toHaveLength(2);
  });

  test('passes over what it is handed of the time before', () => {
    const all = entriesAt([
      [0, 1],
      [100, 2],
      [130, 3],
      [130, 4],
    ]);
    expect(numbers(undelivered(behind(all.slice(0, 3)), all))).toEqual([4]);
    expect(numbers(undelivered(startPosition({ ms: NOON_MS + 120_000, ns: 0 }), all))).toEqual([2, 3, 4]);
    expect(numbers(undelivered(startPosition({ ms: NOON_MS + 3_600_000, ns: 0 }), all))).toEqual([]);
  });

  test('reaches no further back than the log', () => {
    const position = startPosition({ ms: NOON_MS, ns: 0 });
    expect(keptPosition(position, NOON_MS - 7 * 86_400_000)).toBe(position);
    expect(resumeFromMs(keptPosition(position, NOON_MS + 7_000))).toBe(NOON_MS + 5_000);
  });

  test('survives as JSON, and is told from what is none', () => {
    const position = behind(
      entriesAt([
        [1, 1],
        [7, 2],
      ]),
    );
    expect(isTailPosition(JSON.parse(JSON.stringify(position)))).toBe(true);
    const others = [
      ...[null, {}, { slots: [] }, { ...position, newest: 1 }, { ...position, newest: { ms: 9e15, ns: 0 } }],
      ...[
        { ...position, newest: { ms: NOON_MS, ns: -1 } },
        { ...position, newest: { ms: NOON_MS, ns: 1_000_000 } },
      ],
      ...[
        { ...position, fromMs: -9e15 },
        { ...position, fromMs: '0' },
        { ...position, slots: [[1, 2]] },
      ],
      ...[
        { ...position, slots: [[9e15, 1, 1]] },
        { ...position, slots: [[0, 0, 1]] },
      ],
      ...[
        { ...position, slots: [[0, 1, -1]] },
        { ...position, slots: [[0, 1, 2 ** 48]] },
      ],
      { ...position, slots: Array.from({ length: 14 }, (_, index) => [index * 5_000, 1, 1]) },
    ];
    for (const other of others) {
      expect(isTailPosition(other)).toBe(false);
    }
  });

  test('however many there were of a minute, is what it takes for one', () => {
    const seconds = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(seconds, (rows) => {
        const position = behind(entriesAt(rows.toSorted((a, b) => a - b).map((at, number) => [at, number])));
        expect(isTailPosition(JSON.parse(JSON.stringify(position)))).toBe(true);
      }),
    );
  });

  test('wherever a tail is cut, what was delivered and what was not make up the log', () => {
    const log = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 3 })), { maxLength: 40 });
    fc.assert(
      fc.property(log, fc.nat(40), (rows, cut) => {
        const all = entriesAt(rows.toSorted(([a], [b]) => a - b));
        expect(undelivered(behind(all.slice(0, cut)), all)).toEqual(all.slice(cut));
      }),
    );
  });
});
