import type { ActivityFilter, WebhookActivity } from '../domain/activity.ts';
import { abortSignalOf } from '../domain/call-signal.ts';
import { compareInstants } from '../domain/instant.ts';
import type { WebhookKey } from '../domain/webhook.ts';
import { tailCursor } from './activity-cursor.ts';
import type { Edge } from './connection-page.ts';
import type { OperationScope } from './operation-scope.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import type { ActivityTails, TailSession } from './tail/activity-tails.ts';
import { sessionStream } from './tail/session-stream.ts';
import { readTailArguments, type TailArguments } from './tail/tail-arguments.ts';
import type { Fed, TailFeed } from './tail/tail-feed.ts';
import { createTailPace } from './tail/tail-pace.ts';
import { createTailReader, type TailItem, type TailRead, type TailReader } from './tail/tail-reader.ts';
import type { TailSource } from './tail/tail-source.ts';
import type { TailStart } from './tail/tail-start.ts';
import { pause } from './tail/waiting.ts';

/** The first read of a tail: what it has brought, or how many ms to wait before the next try. */
interface Opening {
  readonly reader: TailReader;
  readonly read: TailRead | number;
}

/**
 * Follows a webhook's delivery log: each delivery once, the oldest first; an error is the last of all. Resolves when the log
 * was read for the first time, so that what happens from then on is part of the tail; rejects with `HookgraphError` where it
 * cannot be followed at all. The tail ends when the client leaves, when the gateway ends its streams, or when the filter's
 * time is over.
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
}): Promise<AsyncIterableIterator<Edge<WebhookActivity> | Error>> {
  const { directory, tails, key, filter, from, scope, follower, nowMs } = options;
  const { facts } = directory.able(key.provider, 'listActivity', 'tell of deliveries', scope);
  const { start, notBefore } = readTailArguments(from, { key, filter, nowMs, retentionDays: facts.retentionDays });
  const source: TailSource = { key, filter, forwardedAuthorization: scope.forwardedAuthorization };
  const keepSecret = (text: string) => scope.keepSecret(text);
  const pace = createTailPace({ pollMs: tails.pollMs });
  const departure = abortSignalOf(scope.departure);
  const openSession = () => tails.open(departure, follower);
  // Both are let go of as soon as another reads for this stream, which may go on for hours.
  let { reader, read }: Partial<Opening> = await open();
  let position = reader.position;
  return sessionStream(openSession, follow);

  async function open(): Promise<Opening> {
    const session = openSession();
    try {
      const reader = readerFrom(start);
      const read = await tryRead(reader, session.signal, scope);
      // Nobody knows what the log held when it began: from here on the clock decides.
      const isBlind = typeof read === 'number' && start.type === 'now';
      return { reader: isBlind ? readerFrom({ ...start, type: 'since' }) : reader, read };
    } catch (error) {
      if (!session.signal.aborted || scope.departure.aborted) throw error;
      // The gateway ends its streams: this one completes like the others.
      return { reader: readerFrom(start), read: { items: [], window: null, isOver: true } };
    } finally {
      session.end();
    }
  }

  async function* follow({ signal }: TailSession): AsyncGenerator<Edge<WebhookActivity>, void> {
    for (;;) {
      // By itself until it is up to date, at the pace at which the client takes it.
      reader ??= readerFrom({ type: 'position', position });
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
      // From then on what one poller reads for all.
      const seat = tails.join(source, reader, keepSecret, follower);
      try {
        const offset = seat.isFirst ? 0 : yield* catchUp(seat.feed, reader, signal);
        if (offset === null) continue;
        reader = undefined;
        let fed: Fed = await seat.feed.next(offset, signal);
        for (; fed.type === 'item'; fed = await seat.feed.next(fed.offset, signal)) yield* deliver([fed.item]);
        if (fed.type === 'over') return;
        if (fed.type === 'failed') throw fed.error;
        // It is too slow for the others, and goes on by itself from its position.
      } finally {
        seat.leave();
      }
    }
  }

  /** Delivers what the feed's poller has read since the reader did; answers where to go on, null where the two do not meet. */
  async function* catchUp(
    feed: TailFeed,
    reader: TailReader,
    signal: AbortSignal,
  ): AsyncGenerator<Edge<WebhookActivity>, number | null> {
    const found = await feed.windowSince(reader.readUntil, signal);
    const items = found && reader.absorb(found.window);
    if (!items) return null;
    yield* deliver(items);
    position = reader.position;
    return found.offset;
  }

  function* deliver(items: readonly TailItem[]): Generator<Edge<WebhookActivity>, void> {
    for (const item of items) {
      position = item.position;
      if (notBefore && compareInstants(item.entry.at, notBefore) < 0) continue;
      yield { node: item.entry.activity, cursor: tailCursor(key, filter, item) };
    }
  }

  function readerFrom(at: TailStart): TailReader {
    return createTailReader({ start: at, range: filter.completedAt, maxPages: tails.maxPages });
  }

  /** Reads once. A failure that may pass is answered as how many ms to wait before the next try. */
  async function tryRead(
    reader: TailReader,
    signal: AbortSignal,
    operation?: OperationScope,
  ): Promise<TailRead | number> {
    try {
      const read = await reader.read(tails.lend(source, signal, keepSecret, operation));
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
}
