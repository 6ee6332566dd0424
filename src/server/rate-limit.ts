import { isIPv6 } from 'node:net';
import { GraphQLError } from 'graphql';
import type { Caller } from '../domain/caller.ts';
import type { SharedState } from '../state/shared-state.ts';

/** What callers may spend in a minute. */
export interface RateLimit {
  /** Takes the cost of an operation from what its caller has left; answers how many ms to wait where that is too little. */
  take(caller: Caller, request: object, cost: number): Promise<number | undefined>;
  /** Counts a request without valid credentials; answers how many ms to wait where there were too many. */
  takeUnauthenticated(request: Request): Promise<number | undefined>;
}

const MINUTE_S = 60;

/** Makes the limit; `addressOf` names whoever has no name of its own. */
export function createRateLimit(options: {
  readonly costPerMinute: number;
  readonly unauthenticatedPerMinute: number;
  readonly addressOf: (request: object) => string;
  readonly openAccounts: SharedState['accounts'];
}): RateLimit {
  const { costPerMinute, unauthenticatedPerMinute, addressOf, openAccounts } = options;
  const callers = openAccounts({ kind: 'caller', points: costPerMinute, durationS: MINUTE_S });
  const strangers = openAccounts({ kind: 'address', points: unauthenticatedPerMinute, durationS: MINUTE_S });

  return {
    take: ({ name }, request, cost) => callers.spend(name ?? networkOf(addressOf(request)), cost),
    takeUnauthenticated: (request) => strangers.spend(networkOf(addressOf(request)), 1),
  };
}

/** Whoever has one IPv6 address has its whole /64. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').length;
  return [...groups, ...Array<string>(missing).fill('0'), ...(tail?.split(':') ?? [])].slice(0, 4).join(':');
}

/** A wait as Retry-After tells it: whole seconds, at least one. */
export function retryAfterOf(waitMs: number): number {
  return Math.max(1, Math.ceil(waitMs / 1_000));
}

/** The refusal of an operation whose caller has to wait so long. */
export function rateLimited(waitMs: number): GraphQLError {
  const retryAfter = retryAfterOf(waitMs);
  return new GraphQLError(`Too much was asked for in this minute; wait ${retryAfter} s.`, {
    extensions: {
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfter,
      http: { status: 429, headers: { 'retry-after': String(retryAfter) } },
    },
  });
}
