import type { TailPace } from './tail-pace.ts';
import type { LendPages, TailItem, TailRead, TailReader, TailWindow } from './tail-reader.ts';
import type { TailTurns } from './tail-turns.ts';
import { createBell } from './waiting.ts';

/** What comes next of a feed. */
export type Fed =
  | { readonly type: 'item'; readonly item: TailItem; readonly offset: number }
  /** The reader was so slow that the feed has let go of what comes next. */
  | { readonly type: 'lagged' }
  | { readonly type: 'over' }
  | { readonly type: 'failed'; readonly error: unknown };

/**
 * One log, polled once for all who follow it. Nobody is sent anything: each follower takes what comes behind its offset
 * when it is ready for it, so that a slow one costs no memory.
 */
export interface TailFeed {
  /** A window whose read was started at `startedAt` or later, and the offset behind it; null where the feed has ended. */
  windowSince(
    startedAt: number,
    signal: AbortSignal,
  ): Promise<{ readonly window: TailWindow; readonly offset: number } | null>;
  /** Waits for what comes behind an offset. */
  next(offset: number, signal: AbortSignal): Promise<Fed>;
  /** Ends the polling, and the call that is under way. */
  stop(): void;
}

/** How many entries are kept for slower followers, besides all that the last read has brought. */
const MAX_KEPT = 2_000;

/**
 * Goes on polling with a reader that is up to date, as often as `turns` says that it is this feed's turn. `onEnd` is called
 * when the feed ends by itself.
 */
export function startTailFeed(options: {
  readonly reader: TailReader;
  readonly turns: TailTurns;
  readonly pace: TailPace;
  readonly lend: (signal: AbortSignal) => LendPages;
  readonly onEnd: () => void;
}): TailFeed {
  const { reader, turns, pace, onEnd } = options;
  const controller = new AbortController();
  const { signal } = controller;
  const lend = options.lend(signal);
  const bell = createBell();
  let kept: readonly TailItem[] = [];
  let firstOffset = 0;
  let latest: { readonly window: TailWindow; readonly offset: number } | null = null;
  let end: Fed | null = null;

  async function poll(): Promise<void> {
    let pauseMs = pace.afterRead({ hasNews: true, hasMore: false });
    for (;;) {
      const followed = await turns.next(pauseMs, signal);
      const read = followed ?? (await tryRead());
      if (typeof read === 'number') {
        pauseMs = read;
        continue;
      }
      publish(read.items);
      if (read.window) latest = { window: read.window, offset: firstOffset + kept.length };
      if (read.isOver) return;
      bell.ring();
      pauseMs = pace.afterRead({ hasNews: read.items.length > 0, hasMore: read.window === null });
      if (!followed) await turns.tell(read);
    }
  }

  /** Reads. A failure that may pass is answered as how many ms to wait before the next try. */
  async function tryRead(): Promise<TailRead | number> {
    try {
      return await reader.read(lend);
    } catch (error) {
      signal.throwIfAborted();
      const pauseMs = pace.afterFailure(error);
      if (pauseMs === null) throw error;
      turns.failed(error);
      return pauseMs;
    }
  }

  function publish(items: readonly TailItem[]): void {
    if (items.length === 0) return;
    const dropped = Math.max(0, kept.length - MAX_KEPT);
    firstOffset += dropped;
    kept = [...kept.slice(dropped), ...items];
  }

  function finish(fed: Fed): void {
    end = fed;
    turns.leave();
    onEnd();
    bell.ring();
  }

  poll().then(
    () => finish({ type: 'over' }),
    (error: unknown) => {
      if (!signal.aborted) finish({ type: 'failed', error });
    },
  );

  return {
    async windowSince(startedAt, waiter) {
      while (latest === null || latest.window.startedAt < startedAt) {
        if (end) return null;
        turns.hurry();
        await bell.wait(waiter);
      }
      return latest;
    },
    async next(offset, waiter) {
      for (;;) {
        waiter.throwIfAborted();
        if (offset < firstOffset) return { type: 'lagged' };
        const item = kept[offset - firstOffset];
        if (item) return { type: 'item', item, offset: offset + 1 };
        if (end) return end;
        await bell.wait(waiter);
      }
    },
    stop: () => {
      controller.abort();
      turns.leave();
    },
  };
}
