import { HookgraphError, isRetryable, UpstreamError } from '../../domain/errors.ts';

/** When a log is to be asked again. */
export interface TailPace {
  /** After a read: at once where there is more, soon where something was new, later the longer nothing happens. */
  afterRead(read: { readonly hasNews: boolean; readonly hasMore: boolean }): number;
  /** After a failed read, longer each time and never before the upstream's Retry-After; null where it will not heal. */
  afterFailure(error: unknown): number | null;
}

const IDLE_FACTOR = 1.25;
/** How much slower a log is asked, at most, where nothing happens. */
const MAX_IDLE_FACTOR = 5;
const MAX_FAILURE_PAUSE_MS = 60_000;
const MAX_RETRY_AFTER_MS = 3_600_000;
/** After how many unfit answers in a row one gives up. Fewer may come from something on the way that passes. */
const MAX_INVALID_ANSWERS = 5;

/** Makes the pace of one poller. */
export function createTailPace({
  pollMs,
  random = Math.random,
}: {
  readonly pollMs: number;
  readonly random?: () => number;
}): TailPace {
  let idleMs = pollMs;
  let failures = 0;
  let invalidAnswers = 0;

  return {
    afterRead({ hasNews, hasMore }) {
      failures = 0;
      invalidAnswers = 0;
      idleMs = hasNews || hasMore ? pollMs : Math.min(idleMs * IDLE_FACTOR, pollMs * MAX_IDLE_FACTOR);
      return hasMore ? 0 : idleMs;
    },
    afterFailure(error) {
      failures += 1;
      if (!(error instanceof HookgraphError)) return null;
      invalidAnswers = error.code === 'UPSTREAM_INVALID_RESPONSE' ? invalidAnswers + 1 : 0;
      const mayPass = invalidAnswers > 0 && invalidAnswers < MAX_INVALID_ANSWERS;
      if (!isRetryable(error) && !mayPass) return null;
      const retryAfterS = error instanceof UpstreamError ? (error.upstream.retryAfter ?? 0) : 0;
      const growingMs = Math.min(pollMs * 2 ** failures, Math.max(pollMs, MAX_FAILURE_PAUSE_MS));
      // With jitter: those that failed together should not come back together.
      return Math.min(retryAfterS * 1_000, MAX_RETRY_AFTER_MS) + growingMs * (0.5 + random() / 2);
    },
  };
}
