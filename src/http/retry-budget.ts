import { createSlidingCounter } from './sliding-counter.ts';

/** Keeps an outage from multiplying the calls. */
export interface RetryBudget {
  /** A first attempt went out. */
  countCall(): void;
  /** Takes one retry out of the budget; false where none is left. */
  takeRetry(): boolean;
}

/** Allows retries up to `percent` of the calls of the last 10 s, and `floor` in any case. */
export function createRetryBudget({
  percent = 10,
  floor = 10,
  now = Date.now,
}: {
  readonly percent?: number | undefined;
  readonly floor?: number | undefined;
  readonly now?: () => number;
}): RetryBudget {
  const calls = createSlidingCounter({ now });
  const retries = createSlidingCounter({ now });
  return {
    countCall: () => calls.add(),
    takeRetry() {
      const allowed = Math.max(floor, Math.floor((calls.total() * percent) / 100));
      if (retries.total() >= allowed) return false;
      retries.add();
      return true;
    },
  };
}
