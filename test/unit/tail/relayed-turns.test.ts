import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { WebhookActivity } from '../../../src/domain/activity.ts';
import { parseInstant } from '../../../src/domain/instant.ts';
import type { Relay } from '../../../src/state/relay.ts';
import { findingOf } from '../../../src/webhooks/tail/relayed-window.ts';
import { createTailReader, type LendPages, type TailItem } from '../../../src/webhooks/tail/tail-reader.ts';
import { createRelayedTurns } from '../../../src/webhooks/tail/tail-turns.ts';

const NOTHING_NEW = new Error('nothing new');
const { signal } = new AbortController();

/** A log that holds still while it is read. */
function createLog() {
  const startMs = Date.now();
  const entries: { readonly atMs: number; readonly number: number }[] = [];
  const toActivity = ({ atMs, number }: (typeof entries)[number]): WebhookActivity => ({
    completedAt: new Date(atMs).toISOString(),
    eventName: 'ping',
    isDelivered: true,
    attempts: number,
    statusCode: 200,
    outcome: 'DELIVERED',
    redeliveryId: null,
  });
  const lend: LendPages = (use) =>
    use(async ({ gte = '', lte = '' }, { limit, cursor }) => {
      const fromMs = parseInstant(gte)?.ms ?? 0;
      const toMs = parseInstant(lte)?.ms ?? Number.POSITIVE_INFINITY;
      const found = entries
        .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
        .toSorted((a, b) => b.atMs - a.atMs || b.number - a.number);
      const first = Number(cursor ?? 0);
      const end = first + limit;
      return {
        items: found.slice(first, end).map(toActivity),
        nextCursor: end < found.length ? String(end) : null,
      };
    });
  return {
    lend,
    startMs,
    add: (offsetMs: number) => void entries.push({ atMs: startMs + offsetMs, number: entries.length + 1 }),
    size: () => entries.length,
  };
}

/** What Redis does for a relay, in memory: whoever holds the lease leads, and turns are numbered upwards. */
function createBoard() {
  const board = {
    holder: -1,
    begun: 0,
    cutOff: new Set<number>(),
    found: null as { number: number; finding: string } | null,
  };
  const relayOf = (index: number): Relay => {
    let known = 0;
    return {
      turn: async () => {
        if (board.cutOff.has(index)) return null;
        if (board.holder === -1) board.holder = index;
        if (board.holder === index) {
          board.begun += 1;
          return { type: 'lead', number: board.begun };
        }
        const found = board.found && board.found.number !== known ? board.found : null;
        if (found) known = found.number;
        return { type: 'follow', begun: board.begun, found };
      },
      tell: async (number, finding) => {
        if (!board.cutOff.has(index) && board.holder === index) board.found = { number, finding };
      },
      changed: () => Promise.reject(NOTHING_NEW),
      nudge: () => {},
      handOver: () => {},
      leave: () => {},
    };
  };
  return { board, relayOf };
}

/** An instance that follows the log from the start on. */
async function createFollower(
  relay: Relay,
  log: ReturnType<typeof createLog>,
  { now, maxPages = 5 }: { readonly now?: () => number; readonly maxPages?: number } = {},
) {
  const reader = createTailReader({
    start: { type: 'since', at: { ms: log.startMs - 60_000, ns: 0 } },
    range: undefined,
    maxPages,
    ...(now && { now }),
  });
  const delivered: TailItem[] = [...(await reader.read(log.lend)).items];
  const turns = createRelayedTurns({ relay, reader, ...(now && { now }) });
  let later = async () => {};
  return {
    delivered,
    /** Takes one turn, whichever it is, and tells what it has read now, only before its next turn, or not at all. */
    async step(told: 'now' | 'later' | 'never' = 'now'): Promise<void> {
      await later();
      later = async () => {};
      const followed = await turns.next(0, signal).catch((error: unknown) => {
        if (error !== NOTHING_NEW) throw error;
        return undefined;
      });
      if (followed === undefined) return;
      const read = followed ?? (await reader.read(log.lend));
      delivered.push(...read.items);
      if (!followed && told === 'now') await turns.tell(read);
      if (!followed && told === 'later') later = () => turns.tell(read);
    },
  };
}

const INSTANCES = 3;
const steps = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ type: fc.constant('add' as const), offsetMs: fc.integer({ min: 0, max: 3 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant('late' as const), offsetMs: fc.integer({ min: -30_000, max: -1 }) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constant('turn' as const),
        of: fc.nat(INSTANCES - 1),
        told: fc.constantFrom('now' as const, 'later' as const, 'never' as const),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ type: 'death' as const }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('cut' as const), of: fc.nat(INSTANCES - 1) }) },
  ),
  { maxLength: 60 },
);

test('whoever reads, dies, or is cut off, and whatever is lost on the way: each instance delivers each entry once', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const log = createLog();
      const { board, relayOf } = createBoard();
      const followers = [];
      for (let index = 0; index < INSTANCES; index += 1) followers.push(await createFollower(relayOf(index), log));
      for (const step of plan) {
        if (step.type === 'add' || step.type === 'late') log.add(step.offsetMs);
        else if (step.type === 'turn') await followers[step.of]?.step(step.told);
        else if (step.type === 'death') board.holder = -1;
        else if (!board.cutOff.delete(step.of)) board.cutOff.add(step.of);
      }
      board.cutOff.clear();
      for (let round = 0; round < 4; round += 1) for (const follower of followers) await follower.step();
      const all = Array.from({ length: log.size() }, (_, index) => index + 1);
      for (const { delivered } of followers) {
        const numbers = delivered.map(({ entry }) => Number(entry.activity.attempts));
        expect(numbers.toSorted((a, b) => a - b)).toEqual(all);
      }
    }),
    { numRuns: 300 },
  );
});

/** More than one read of one page takes, within less than a second. */
const BURST = 300;
const bursts = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: fc.record({ type: fc.constant('burst' as const), afterMs: fc.nat(2_000) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('add' as const), afterMs: fc.nat(1_000) }) },
    { weight: 8, arbitrary: fc.record({ type: fc.constant('turn' as const), of: fc.nat(INSTANCES - 1) }) },
    { weight: 1, arbitrary: fc.constant({ type: 'death' as const }) },
  ),
  { maxLength: 40 },
);

test('bursts that take the one who reads several reads lose nothing, whoever has missed some of those', async () => {
  await fc.assert(
    fc.asyncProperty(bursts, async (plan) => {
      const log = createLog();
      const { board, relayOf } = createBoard();
      const followers: Awaited<ReturnType<typeof createFollower>>[] = [];
      for (let index = 0; index < INSTANCES; index += 1) {
        followers.push(await createFollower(relayOf(index), log, { maxPages: 1 }));
      }
      let lastMs = 0;
      for (const step of plan) {
        if (step.type === 'turn') await followers[step.of]?.step();
        else if (step.type === 'death') board.holder = -1;
        else {
          lastMs += step.afterMs;
          const count = step.type === 'burst' ? BURST : 1;
          for (let each = 1; each <= count; each += 1) log.add(lastMs + each * 3);
          lastMs += count * 3;
        }
      }
      const isBehind = () => followers.some(({ delivered }) => delivered.length < log.size());
      for (let round = 0; round < 300 && isBehind(); round += 1)
        for (const follower of followers) await follower.step();
      expect(followers.map(({ delivered }) => delivered.length)).toEqual(followers.map(() => log.size()));
      for (const follower of followers) expect(numbersOf(follower)).toEqual(upTo(log.size()));
    }),
    { numRuns: 100 },
  );
});

/** Instances that count their reads; the clock of each but the first goes on by `stepMs` whenever it is looked at. */
async function createCountedFollowers(stepMs: number, maxPages?: number) {
  const log = createLog();
  const reads = [0, 0, 0];
  const { board, relayOf } = createBoard();
  const clocks = reads.map(() => ({ aheadMs: 0 }));
  const followers: Awaited<ReturnType<typeof createFollower>>[] = [];
  for (const [index, clock] of clocks.entries()) {
    const counting: LendPages = (use) => {
      reads[index] = (reads[index] ?? 0) + 1;
      return log.lend(use);
    };
    const now = () => {
      if (index > 0) clock.aheadMs += stepMs;
      return performance.now() + clock.aheadMs;
    };
    followers.push(
      await createFollower(relayOf(index), { ...log, lend: counting }, { now, ...(maxPages && { maxPages }) }),
    );
  }
  const round = async (laterMs = 0) => {
    log.add(log.size() * 3 * stepMs + laterMs);
    for (const follower of followers) await follower.step();
  };
  return { board, log, reads, clocks, followers, round };
}

function numbersOf({ delivered }: { readonly delivered: readonly TailItem[] }): readonly (number | null)[] {
  return delivered.map(({ entry }) => entry.activity.attempts);
}

function upTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

test('as long as one reads nobody else does, for however long, and whoever goes on then brings nothing twice', async () => {
  const { board, log, reads, followers, round } = await createCountedFollowers(1_000);
  for (let each = 0; each < 60; each += 1) await round();
  // Each has read once when it began.
  expect(reads).toEqual([61, 1, 1]);
  board.holder = 1;
  await round();
  await round();
  expect(reads[1]).toBe(3);
  const [, second, third] = followers;
  expect(second && numbersOf(second)).toEqual(upTo(log.size()));
  expect(third && numbersOf(third)).toEqual(upTo(log.size()));
});

test('as long as one reads nobody else does, although a minute of the log is more than one read takes', async () => {
  const { log, reads, followers, round } = await createCountedFollowers(0, 1);
  for (let each = 0; each < 20; each += 1) {
    for (let more = 1; more < 50; more += 1) log.add(each * 100 + more);
    await round(each * 100 + 50);
  }
  expect(log.size()).toBe(1_000);
  expect(reads).toEqual([21, 1, 1]);
  for (const follower of followers) expect(numbersOf(follower)).toEqual(upTo(1_000));
});

test('an instance that has slept reads once by itself, and then follows again', async () => {
  const { log, reads, clocks, followers, round } = await createCountedFollowers(0);
  for (let each = 0; each < 5; each += 1) await round();
  const [, sleeper] = clocks;
  if (sleeper) sleeper.aheadMs += 120_000;
  for (let each = 0; each < 5; each += 1) await round(120_000);
  expect(reads).toEqual([11, 2, 1]);
  expect(followers[1] && numbersOf(followers[1])).toEqual(upTo(log.size()));
});

describe('an instance that follows, and whose own read was refused for a minute', () => {
  /** Every two seconds of its clock something is found that it cannot read, but for what `findings` says. */
  async function createRefused(findings: Readonly<Record<number, () => string>> = {}) {
    const clock = { ms: 0 };
    const state = { found: 1, isLead: false };
    const relay: Relay = {
      turn: async () => {
        const { found: number, isLead } = state;
        if (isLead) return { type: 'lead', number };
        return { type: 'follow', begun: number, found: { number, finding: findings[number]?.() ?? '{}' } };
      },
      tell: async () => {},
      changed: async () => {
        clock.ms += 2_000;
        state.found += 1;
      },
      nudge: () => {},
      handOver: () => {},
      leave: () => {},
    };
    const now = () => clock.ms;
    const start = { type: 'now', at: { ms: Date.now(), ns: 0 } } as const;
    const reader = createTailReader({ start, range: undefined, maxPages: 1, now });
    await reader.read(createLog().lend);
    const turns = createRelayedTurns({ relay, reader, now });
    expect(await turns.next(0, signal)).toBeNull();
    turns.failed(new Error('refused'));
    return { clock, state, turns };
  }

  test('reads again when that is over', async () => {
    const { clock, turns } = await createRefused();
    expect(await turns.next(60_000, signal)).toBeNull();
    expect(clock.ms).toBe(60_000);
  });

  test('takes what another reads before', async () => {
    const finding = () =>
      findingOf({ entries: [], startedAt: 4_000, previousStartedAt: 2_000, wholeFromMs: null }, 4_000);
    const { clock, turns } = await createRefused({ 3: finding });
    expect(await turns.next(60_000, signal)).toMatchObject({ items: [], isOver: false });
    expect(clock.ms).toBe(4_000);
  });

  test('waits as long when it is to read for all', async () => {
    const { clock, state, turns } = await createRefused();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    state.isLead = true;
    let isItsTurn = false;
    const turn = turns.next(60_000, signal).then(() => {
      isItsTurn = true;
    });
    await vi.advanceTimersByTimeAsync(59_999);
    expect(isItsTurn).toBe(false);
    clock.ms = 60_000;
    await vi.advanceTimersByTimeAsync(1);
    await turn;
    expect(isItsTurn).toBe(true);
  });
});
