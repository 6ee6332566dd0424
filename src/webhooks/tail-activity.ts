import type { ActivityFilter, WebhookActivity } from '../domain/activity.ts';
import { abortSignalOf } from '../domain/call-signal.ts';
import { BadUserInputError } from '../domain/errors.ts';
import { compareInstants, type Instant, parseInstant } from '../domain/instant.ts';
import { keptFromMsOf } from '../domain/time-window.ts';
import type { WebhookKey } from '../domain/webhook.ts';
import { tailCursor, tailStartOf } from './activity-cursor.ts';
import type { Edge } from './connection-page.ts';
import type { OperationScope } from './operation-scope.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import type { ActivityTails, TailSession } from './tail/activity-tails.ts';
import type { Fed, TailFeed } from './tail/tail-feed.ts';
import { createTailPace } from './tail/tail-pace.ts';
import { keptPosition, type TailPosition } from './tail/tail-position.ts';
import { createTailReader, type TailItem, type TailRead, type TailReader } from './tail/tail-reader.ts';
import type { TailSource } from './tail/tail-source.ts';
import type { TailStart } from './tail/tail-start.ts';
import { pause } from './tail/waiting.ts';

/** What a client says of where its tail begins: at most one of both. */
export interface TailArguments {
  readonly after?: string | null | undefined;
  /** RFC 3339. */
  readonly since?: string | null | undefined;
}

/** A delivery, or the error that ends the tail. */
export type TailedActivity = Edge<WebhookActivity> | Error;

/**
 * Follows a webhook's delivery log: each delivery once, the oldest first. Resolves when the log was read for the first
 * time, so that what happens from then on is part of the tail; rejects with `HookgraphError` where it cannot be followed
 * at all. The tail ends when the client leaves, when the gateway ends its streams, or when the filter's time is over.
 */
export async function tailActivity(options: {
  readonly directory: ProviderDirectory;
  readonly tails: ActivityTails;
  readonly key: WebhookKey;
  readonly filter: ActivityFilter;
  readonly from: TailArguments;
  readonly scope: OperationScope;
  /** Who follows, by name; null: nobody was asked. */
  readonly follower: string | null;
  readonly nowMs: number;
}): Promise<AsyncIterableIterator<TailedActivity>> {
  const { directory, tails, key, filter, from, scope, follower, nowMs } = options;
  const { facts } = directory.able(key.provider, 'listActivity', 'tell of deliveries', scope);
  const { start, notBefore } = startOf(from, { key, filter, nowMs, retentionDays: facts.retentionDays });
  const source: TailSource = { key, filter, forwardedAuthorization: scope.forwardedAuthorization };
  const keepSecret = (text: string) => scope.keepSecret(text);
  const pace = createTailPace({ pollMs: tails.pollMs });
  const makeReader = (at: TailStart) =>
    createTailReader({ start: at, range: filter.completedAt, maxPages: tails.maxPages });

  /** Reads once. A failure that may pass is answered as how many ms to wait before the next try. */
  async function tryRead(
    reader: TailReader,
    signal: AbortSignal,
    span?: OperationScope['span'],
  ): Promise<TailRead | number> {
    try {
      const read = await reader.read(tails.lend(source, signal, keepSecret, span));
      // The streak of failures has ended, whatever the read brought.
      pace.afterRead({ hasNews: read.items.length > 0, hasMore: read.window === null });
      return read;
    } catch (error) {
      signal.throwIfAborted();
      const pauseMs = pace.afterFailure(error);
      if (pauseMs === null) throw error;
      return pauseMs;
    }
  }

  async function* follow({ signal }: TailSession): AsyncGenerator<TailedActivity, void> {
    // Let go of as soon as another reads for this stream, which may go on for hours.
    let { reader, read }: Partial<Opening> = takeOpening();
    let position: TailPosition = reader.position;

    function* deliver(items: readonly TailItem[]): Generator<TailedActivity, void> {
      for (const item of items) {
        position = item.position;
        if (notBefore && compareInstants(item.entry.at, notBefore) < 0) continue;
        yield { node: item.entry.activity, cursor: tailCursor(key, filter, item) };
      }
    }

    for (;;) {
      // By itself until it is up to date, at the pace at which the client takes it.
      reader ??= makeReader({ type: 'position', position });
      read ??= await tryRead(reader, signal);
      if (typeof read === 'number') {
        await pause(read, signal);
        read = undefined;
        continue;
      }
      yield* deliver(read.items);
      position = reader.position;
      if (read.isOver) return;
      const isUpToDate = read.window !== null;
      read = undefined;
      if (!isUpToDate) continue;
      const seat = tails.join(source, reader, keepSecret, follower);
      try {
        let behind = seat.isFirst ? { items: [], offset: 0 } : await catchUp(seat.feed, reader, signal);
        if (!behind) continue;
        yield* deliver(behind.items);
        if (!seat.isFirst) position = reader.position;
        const { offset } = behind;
        behind = null;
        // Where it turns out to be too slow for the others, it goes on by itself from its position.
        reader = undefined;
        let fed: Fed = await seat.feed.next(offset, signal);
        for (; fed.type === 'item'; fed = await seat.feed.next(fed.offset, signal)) yield* deliver([fed.item]);
        if (fed.type === 'over') return;
        if (fed.type === 'failed') throw fed.error;
      } finally {
        seat.leave();
      }
    }
  }

  const departure = abortSignalOf(scope.departure);
  let opening: Opening | null = await open();
  return endable(() => tails.open(departure, follower), follow);

  /** Hands the first read over, so that nothing else holds it. */
  function takeOpening(): Opening {
    const taken = opening ?? { reader: makeReader(start), read: 0 };
    opening = null;
    return taken;
  }

  interface Opening {
    readonly reader: TailReader;
    readonly read: TailRead | number;
  }

  async function open(): Promise<Opening> {
    const session = tails.open(departure, follower);
    try {
      const reader = makeReader(start);
      const read = await tryRead(reader, session.signal, scope.span);
      // Nobody knows what the log held when it began: from here on the clock decides.
      const isBlind = typeof read === 'number' && start.type === 'now';
      return { reader: isBlind ? makeReader({ ...start, type: 'since' }) : reader, read };
    } catch (error) {
      if (!session.signal.aborted || scope.departure.aborted) throw error;
      return { reader: makeReader(start), read: { items: [], window: null, isOver: true } };
    } finally {
      session.end();
    }
  }
}

/** What the others' poller has read since `reader` did, and where to go on; null where the two do not meet. */
async function catchUp(
  feed: TailFeed,
  reader: TailReader,
  signal: AbortSignal,
): Promise<{ readonly items: readonly TailItem[]; readonly offset: number } | null> {
  const found = await feed.windowSince(reader.readUntil, signal);
  const items = found && reader.absorb(found.window);
  return items && { items, offset: found.offset };
}

/**
 * An iterator that ends at once when its session does, or when it is returned while it waits: a generator alone would
 * answer `return` only after whatever it waits for. A failure is its last value, so that it is told like any other.
 */
function endable(
  openSession: () => TailSession,
  follow: (session: TailSession) => AsyncGenerator<TailedActivity, void>,
): AsyncIterableIterator<TailedActivity> {
  let session: TailSession | undefined;

  async function* run(): AsyncGenerator<TailedActivity, void> {
    try {
      session = openSession();
      yield* follow(session);
    } catch (error) {
      if (!session?.signal.aborted)
        yield error instanceof Error ? error : new Error('The tail failed.', { cause: error });
    } finally {
      session?.end();
    }
  }

  const generator = run();
  return {
    next: () => generator.next(),
    return: () => {
      session?.end();
      return generator.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Where a tail begins, and from when on it tells of deliveries. */
function startOf(
  { after, since }: TailArguments,
  options: {
    readonly key: WebhookKey;
    readonly filter: ActivityFilter;
    readonly nowMs: number;
    readonly retentionDays: number | null;
  },
): { readonly start: TailStart; readonly notBefore?: Instant } {
  const { key, filter, nowMs, retentionDays } = options;
  const now: Instant = { ms: nowMs, ns: 0 };
  if (after != null && since != null) throw new BadUserInputError('Give after or since, not both.', ['since']);
  // What the log reaches back to is another's clock; nothing is lost by asking for a little more.
  const oldestMs = (keptFromMsOf({ nowMs, retentionDays }) ?? 0) - CLOCK_TOLERANCE_MS;
  if (after != null) return { start: keptStart(tailStartOf(key, filter, after, ['after']), oldestMs) };
  if (since == null) return { start: { type: 'now', at: now } };
  const at = parseInstant(since);
  if (at === undefined) throw new BadUserInputError('This is not an RFC 3339 timestamp.', ['since']);
  if (at.ms > nowMs) return { start: { type: 'now', at: now }, notBefore: at };
  return { start: keptStart({ type: 'since', at }, oldestMs), notBefore: at };
}

const CLOCK_TOLERANCE_MS = 3_600_000;

/** The same beginning in a log that reaches back to `oldestMs` only: years without an entry need not be searched. */
function keptStart(start: TailStart, oldestMs: number): TailStart {
  if (start.type === 'position') return { ...start, position: keptPosition(start.position, oldestMs) };
  return start.at.ms < oldestMs ? { ...start, at: { ms: oldestMs, ns: 0 } } : start;
}
