import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTailReader, type LendPages, type TailReader } from '../../../src/webhooks/tail/tail-reader.ts';

/** A log of which each read shows what `shown` holds just then, whole. */
function createLog() {
  const shown: { readonly atMs: number; readonly number: number }[] = [];
  const lend: LendPages = (use) =>
    use(async ({ gte = '' }) => {
      const found = shown.filter(({ atMs }) => atMs >= Date.parse(gte)).toSorted((a, b) => b.atMs - a.atMs);
      const items = found.map(({ atMs, number }) => ({
        completedAt: new Date(atMs).toISOString(),
        eventName: 'ping',
        isDelivered: true,
        attempts: number,
        statusCode: 200,
        outcome: 'DELIVERED' as const,
        redeliveryId: null,
      }));
      return { items, nextCursor: null };
    });
  return { shown, lend };
}

function createReader(start: { readonly type: 'now' | 'since'; readonly ms: number }): TailReader {
  return createTailReader({
    start: { type: start.type, at: { ms: start.ms, ns: 0 } },
    range: undefined,
    maxPages: 25,
  });
}

async function readNumbers(reader: TailReader, lend: LendPages): Promise<readonly (number | null)[]> {
  return (await reader.read(lend)).items.map(({ entry }) => entry.activity.attempts);
}

describe('a reader tells an entry once', () => {
  test('although a replica of the log that lags behind does not show it for a while', async () => {
    const { shown, lend } = createLog();
    const nowMs = Date.now();
    const reader = createReader({ type: 'now', ms: nowMs });
    expect(await readNumbers(reader, lend)).toEqual([]);
    shown.push({ atMs: nowMs + 5, number: 1 });
    expect(await readNumbers(reader, lend)).toEqual([1]);
    const [entry] = shown.splice(0);
    expect(await readNumbers(reader, lend)).toEqual([]);
    if (entry) shown.push(entry, { atMs: nowMs + 6, number: 2 });
    expect(await readNumbers(reader, lend)).toEqual([2]);
  });

  test('although others say the same', async () => {
    const { shown, lend } = createLog();
    const nowMs = Date.now();
    const reader = createReader({ type: 'now', ms: nowMs });
    await reader.read(lend);
    for (let copies = 0; copies < 3; copies += 1) shown.push({ atMs: nowMs + 5, number: 1 });
    expect(await readNumbers(reader, lend)).toEqual([1, 1, 1]);
    expect(await readNumbers(reader, lend)).toEqual([]);
    shown.push({ atMs: nowMs + 5, number: 1 });
    expect(await readNumbers(reader, lend)).toEqual([1]);
    expect(await readNumbers(reader, lend)).toEqual([]);
  });

  test('although a minute later a read begins in the very moment of its completion', async () => {
    const { shown, lend } = createLog();
    // A full minute, as providers write that count in seconds.
    const atMs = Math.ceil(Date.now() / 60_000) * 60_000;
    const reader = createReader({ type: 'now', ms: atMs - 1 });
    await reader.read(lend);
    shown.push({ atMs, number: 1 });
    expect(await readNumbers(reader, lend)).toEqual([1]);
    shown.push({ atMs: atMs + 60_000, number: 2 });
    expect(await readNumbers(reader, lend)).toEqual([2]);
    expect(await readNumbers(reader, lend)).toEqual([]);
  });

  test('although who has read meanwhile looked less far back, its clock being half a minute ahead', async () => {
    vi.useFakeTimers({ now: 1_000_000_000, toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const nowMs = Date.now();
    const { shown, lend } = createLog();
    for (let number = 1; number <= 10; number += 1) shown.push({ atMs: nowMs - 57_000 + number * 2_000, number });
    const reader = createReader({ type: 'now', ms: nowMs });
    await reader.read(lend);
    vi.setSystemTime(nowMs + 30_000);
    const ahead = createReader({ type: 'now', ms: nowMs + 30_000 });
    vi.setSystemTime(nowMs);
    const { window } = await ahead.read(lend);
    expect(window?.entries).toEqual([]);
    expect(window && reader.absorb({ ...window, startedAt: reader.readUntil, previousStartedAt: 0 })).toEqual([]);
    shown.push({ atMs: nowMs + 1, number: 11 });
    expect(await readNumbers(reader, lend)).toEqual([11]);
  });
});

describe('a reader that begins with', () => {
  /** `count` entries, one each `everyMs` up to now, of which the log answers 200 at a time. */
  function createPagedLog(count: number, everyMs: number) {
    const firstMs = Date.now() - count * everyMs;
    const activities = Array.from({ length: count }, (_, index) => ({
      completedAt: new Date(firstMs + index * everyMs).toISOString(),
      eventName: 'ping',
      isDelivered: true,
      attempts: index + 1,
      statusCode: 200,
      outcome: 'DELIVERED' as const,
      redeliveryId: null,
    })).toReversed();
    const lend: LendPages = (use) =>
      use(async ({ gte = '', lte = '9999' }, { limit, cursor }) => {
        const found = activities.filter(({ completedAt }) => completedAt >= gte && completedAt <= lte);
        const end = Number(cursor) + limit;
        return { items: found.slice(end - limit, end), nextCursor: end < found.length ? String(end) : null };
      });
    return { firstMs, lend };
  }

  async function readsOf({ firstMs, lend }: ReturnType<typeof createPagedLog>) {
    const reader = createReader({ type: 'since', ms: firstMs });
    const reads: (readonly (number | null)[])[] = [];
    for (let isWhole = false; !isWhole; ) {
      const { items, window } = await reader.read(lend);
      reads.push(items.map(({ entry }) => entry.activity.attempts));
      isWhole = window !== null;
    }
    return reads;
  }

  test('a long past reads little of it at a time, since all that was read is held until the client has taken it', async () => {
    const reads = await readsOf(createPagedLog(3_000, 60_000));
    expect(Math.max(...reads.map(({ length }) => length))).toBeLessThanOrEqual(400);
    expect(reads.flat()).toEqual(Array.from({ length: 3_000 }, (_, index) => index + 1));
  });

  test('the last minute reads it at once, however much that is', async () => {
    const reads = await readsOf(createPagedLog(3_000, 20));
    expect(reads.map(({ length }) => length)).toEqual([3_000]);
  });
});

test('a range that has ended is followed for a minute more: that long an entry may appear late', async () => {
  const { lend } = createLog();
  const isOver = async (endedAgoMs: number) => {
    const nowMs = Date.now();
    const reader = createTailReader({
      start: { type: 'now', at: { ms: nowMs, ns: 0 } },
      range: { lte: new Date(nowMs - endedAgoMs).toISOString() },
      maxPages: 25,
    });
    return (await reader.read(lend)).isOver;
  };
  expect([await isOver(30_000), await isOver(61_000)]).toEqual([false, true]);
});
