import type { RateAccounts, RateAccountsPlan } from './rate-accounts.ts';
import type { Relay } from './relay.ts';
import type { SharedToken } from './shared-token.ts';

/**
 * What the instances of a fleet have in common. Where there is no Redis, and while it is away, each instance goes on with
 * what it has itself: nothing here ever fails, and nothing makes a caller wait for Redis longer than a moment.
 */
export interface SharedState {
  /** Accounts that every instance draws from. */
  accounts(plan: RateAccountsPlan): RateAccounts;
  /** One access token; null where nothing is shared. */
  token(entry: SealedEntry): SharedToken | null;
  /** A relay between all who read the same; null where nothing is shared. */
  relay(entry: SealedEntry): Relay | null;
  /** Whether Redis answers, and has refused nothing for a minute; null where there is none. */
  isOfUse(): boolean | null;
  /** Resolves when it is known whether Redis answers, after a second at the latest. */
  readonly opened: Promise<void>;
  /** Lets go of what this instance holds, so that the others need not wait for its end. */
  close(): Promise<void>;
}

/** An entry in Redis whose content only those can read who know a secret, which is never sent there. */
export interface SealedEntry {
  /** The same for those who share it; becomes part of the key, as a hash. */
  readonly name: string;
  /** What the key of the seal is derived from. */
  readonly secret: string;
}

/** What Redis is used for, as metrics tell it. */
export type RedisUse = 'connection' | 'rate-limit' | 'tail' | 'token';

/** Counts each time that a use of Redis failed and memory took its place. */
export interface RedisFailures {
  add(labels: { readonly use: RedisUse }): void;
}
