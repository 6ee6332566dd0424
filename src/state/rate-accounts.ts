import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Accounts that are filled up again after a while. */
export interface RateAccounts {
  /** Takes points from an account; where it has too few nothing is taken, and the answer is how long to wait, in ms. */
  spend(holder: string, points: number): Promise<number | undefined>;
}

/** What each account of a kind holds. */
export interface RateAccountsPlan {
  readonly kind: string;
  readonly points: number;
  readonly durationS: number;
}

/** Accounts in the memory of this process. */
export function createMemoryAccounts({ kind, points: limit, durationS }: RateAccountsPlan): RateAccounts {
  const limiter = new RateLimiterMemory({ keyPrefix: kind, points: limit, duration: durationS });
  return {
    spend: (holder, points) =>
      limiter.consume(holder, points).then(
        () => undefined,
        async (error: unknown) => {
          if (!(error instanceof RateLimiterRes)) throw error;
          // What was refused was not had: something smaller may still fit in.
          await limiter.reward(holder, points);
          return error.msBeforeNext;
        },
      ),
  };
}
