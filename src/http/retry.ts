import type { UpstreamFailure } from '../domain/upstream-failure.ts';

const BASE_DELAY_MS = 200;
const MAX_DELAY_MS = 2_000;
/** After a 429 that does not say how long to wait. */
const MIN_DELAY_AFTER_429_MS = 1_000;
/** How much of the operation's time must be left after a wait for an attempt to make sense. */
export const MIN_ATTEMPT_MS = 100;

const REPEATABLE_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** An attempt that failed, as far as it matters for another. */
export interface FailedAttempt {
  readonly failure: UpstreamFailure;
  readonly isWrite: boolean;
  /** Whether the first byte of the request left. */
  readonly wasSent: boolean;
  /** Seconds. */
  readonly retryAfter: number | null;
}

/**
 * How many milliseconds to wait before another attempt; undefined: there is none. Reads are repeated after connection
 * failures and passing statuses, writes only where they certainly never left; nothing is repeated after a time-out or
 * an invalid answer. Full jitter, and never earlier than Retry-After says.
 */
export function retryDelayMs(
  attempt: FailedAttempt,
  {
    retries,
    maxRetries,
    remainingMs,
    random,
  }: {
    /** Made so far. */
    readonly retries: number;
    readonly maxRetries: number;
    /** Until the operation's time is over. */
    readonly remainingMs: number;
    readonly random: () => number;
  },
): number | undefined {
  if (retries >= maxRetries || !mayRepeat(attempt)) return undefined;
  const jitterMs = random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** retries);
  const delayMs = minDelayMs(attempt) + jitterMs;
  return delayMs + MIN_ATTEMPT_MS <= remainingMs ? delayMs : undefined;
}

function mayRepeat({ failure, isWrite, wasSent }: FailedAttempt): boolean {
  if (failure.type === 'connection') return !isWrite || !wasSent;
  return !isWrite && failure.type === 'status' && REPEATABLE_STATUSES.has(failure.status);
}

function minDelayMs({ failure, retryAfter }: FailedAttempt): number {
  if (retryAfter !== null) return retryAfter * 1000;
  return failure.type === 'status' && failure.status === 429 ? MIN_DELAY_AFTER_429_MS : 0;
}
