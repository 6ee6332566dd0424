import { performance } from 'node:perf_hooks';
import { HookgraphError } from '../../domain/errors.ts';
import type { Relay } from '../../state/relay.ts';
import { createRelayedWindows, findingOf } from './relayed-window.ts';
import type { TailRead, TailReader } from './tail-reader.ts';
import { pause } from './waiting.ts';

/** When a feed reads its log, and when it takes what another instance has read. */
export interface TailTurns {
  /**
   * Waits for the next turn: null where the feed is to read; else what another has read. A feed that reads its log, or
   * whose last read has failed, does so after `pauseMs`.
   */
  next(pauseMs: number, signal: AbortSignal): Promise<TailRead | null>;
  /** Tells the others what the feed has read. */
  tell(read: TailRead): Promise<void>;
  /** Takes note of a read that failed: where that is this instance's own trouble, another may do better. */
  failed(error: unknown): void;
  /** Somebody waits for a read that begins from now on. */
  hurry(): void;
  /** Whether the log is read here: false while another instance does it. */
  isReading(): boolean;
  /** The feed has ended. */
  leave(): void;
}

/** The turns of a feed that shares with nobody: all are its own. */
export const OWN_TURNS: TailTurns = {
  next: async (pauseMs, signal) => {
    await pause(pauseMs, signal);
    return null;
  },
  tell: () => Promise.resolve(),
  failed: () => {},
  hurry: () => {},
  isReading: () => true,
  leave: () => {},
};

/** After how many failed reads in a row another instance gets its chance. */
const MAX_FAILURES = 3;

/**
 * The turns of a feed whose log is followed on other instances too: one reads, the others take that for their own. Each
 * keeps its reader up to date, so that any of them can go on where the one that read has stopped: nothing is lost in
 * between, and nothing comes twice.
 */
export function createRelayedTurns({
  relay,
  reader,
  now = () => performance.now(),
}: {
  readonly relay: Relay;
  readonly reader: TailReader;
  readonly now?: () => number;
}): TailTurns {
  const windows = createRelayedWindows();
  let role: 'unknown' | 'reads' | 'follows' = 'unknown';
  let ownTurn: number | undefined;
  let failures = 0;
  let hasFailed = false;

  return {
    async next(pauseMs, signal) {
      // Whoever follows takes what another reads meanwhile: that may even spare it a read of its own.
      const mayReadAt = hasFailed ? now() + pauseMs : Number.NEGATIVE_INFINITY;
      hasFailed = false;
      if (role === 'reads') await pause(pauseMs, signal);
      for (;;) {
        const askedAt = now();
        const turn = await relay.turn();
        signal.throwIfAborted();
        if (turn?.type !== 'follow') {
          ownTurn = turn?.number;
          const isFirst = role === 'unknown';
          role = 'reads';
          const waitMs = isFirst ? pauseMs : mayReadAt - now();
          if (!isFirst && waitMs <= 0) return null;
          await pause(waitMs, signal);
          continue;
        }
        role = 'follows';
        ownTurn = undefined;
        windows.note({ askedAt, begun: turn.begun });
        if (turn.found) {
          const window = windows.windowOf(turn.found, now());
          // What cannot be read, or does not follow on from here, takes a read of one's own.
          const mayBeNext = window === null || window.startedAt >= reader.readUntil;
          const items = window && mayBeNext ? reader.absorb(window) : null;
          if (window && items) return { items, window, isOver: false };
          if (mayBeNext && now() >= mayReadAt) return null;
        }
        await relay.changed(signal);
      }
    },
    async tell({ window }) {
      failures = 0;
      if (window && ownTurn !== undefined) await relay.tell(ownTurn, findingOf(window, now()));
    },
    failed(error) {
      failures += 1;
      hasFailed = true;
      // Asked to wait, all would have to.
      const isAll = error instanceof HookgraphError && error.code === 'RATE_LIMITED';
      if (!isAll && failures % MAX_FAILURES === 0) relay.handOver();
    },
    hurry: relay.nudge,
    isReading: () => role !== 'follows',
    leave: relay.leave,
  };
}
