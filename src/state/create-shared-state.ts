import { createMemoryAccounts } from './rate-accounts.ts';
import type { StateLogger } from './redis/availability.ts';
import { createRedisAccounts } from './redis/redis-accounts.ts';
import { openRedisLink } from './redis/redis-link.ts';
import { createRedisRelays } from './redis/redis-relay.ts';
import { createRedisToken } from './redis/redis-token.ts';
import type { RedisFailures, SharedState } from './shared-state.ts';

/** What instances share in the Redis at `redisUrl`; without one, this instance's memory. */
export function createSharedState(options: {
  readonly redisUrl: string | undefined;
  readonly failures: RedisFailures | undefined;
  readonly logger: StateLogger;
}): SharedState {
  const { redisUrl, failures, logger } = options;
  return redisUrl === undefined ? inMemory() : inRedis({ url: redisUrl, failures, logger });
}

function inMemory(): SharedState {
  return {
    accounts: createMemoryAccounts,
    token: () => null,
    relay: () => null,
    isOfUse: () => null,
    opened: Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

function inRedis(options: Parameters<typeof openRedisLink>[0]): SharedState {
  const link = openRedisLink(options);
  const relays = createRedisRelays(link);
  return {
    accounts: (plan) => createRedisAccounts(link, plan),
    token: (entry) => createRedisToken(link, entry),
    relay: relays.open,
    isOfUse: link.isOfUse,
    opened: link.opened,
    close: () => {
      relays.close();
      return link.close();
    },
  };
}
