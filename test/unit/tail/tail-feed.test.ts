import { describe, expect, test } from 'vitest';
import { startTailFeed } from '../../../src/webhooks/tail/tail-feed.ts';
import { createTailPace } from '../../../src/webhooks/tail/tail-pace.ts';
import { startPosition } from '../../../src/webhooks/tail/tail-position.ts';
import type { TailItem, TailRead, TailReader } from '../../../src/webhooks/tail/tail-reader.ts';
import { OWN_TURNS } from '../../../src/webhooks/tail/tail-turns.ts';

const position = startPosition({ ms: 0, ns: 0 });

function itemsOf(count: number): readonly TailItem[] {
  const activity = {
    completedAt: '1970-01-01T00:00:00Z',
    eventName: 'ping',
    isDelivered: true,
    attempts: 1,
    statusCode: 200,
    outcome: 'DELIVERED',
    redeliveryId: null,
  } as const;
  return Array.from({ length: count }, () => ({
    entry: { activity, at: { ms: 0, ns: 0 }, mark: 'AAAAAAAAAAAA' },
    position,
    nth: 1,
  }));
}

function feedOf(reads: readonly TailRead[]) {
  const left = [...reads];
  const reader: TailReader = {
    read: async () => left.shift() ?? { items: [], window: null, isOver: true },
    absorb: () => null,
    readUntil: 0,
    position,
  };
  return startTailFeed({
    reader,
    turns: OWN_TURNS,
    pace: createTailPace({ pollMs: 1 }),
    lend: () => () => Promise.reject(new Error('nothing is called here')),
    onEnd: () => {},
  });
}

const read = (count: number): TailRead => ({ items: itemsOf(count), window: null, isOver: false });

describe('a feed', () => {
  test('keeps no more than 2,000 entries besides those of the last read', async () => {
    const feed = feedOf([read(1_500), read(1_500), read(1_500)]);
    const { signal } = new AbortController();
    await feed.next(4_499, signal);
    expect(await feed.next(999, signal)).toEqual({ type: 'lagged' });
    expect(await feed.next(1_000, signal)).toMatchObject({ type: 'item', offset: 1_001 });
  });

  test('hands out what is left before it says that it is over', async () => {
    const feed = feedOf([read(1)]);
    const { signal } = new AbortController();
    expect(await feed.next(0, signal)).toMatchObject({ type: 'item', offset: 1 });
    expect(await feed.next(1, signal)).toEqual({ type: 'over' });
  });

  test('lets go at once of who waits and leaves', async () => {
    const feed = feedOf([{ items: [], window: null, isOver: false }]);
    const controller = new AbortController();
    const waiting = feed.next(7, controller.signal);
    controller.abort('left');
    await expect(waiting).rejects.toBe('left');
    feed.stop();
  });
});
