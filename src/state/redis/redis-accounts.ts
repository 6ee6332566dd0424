import { createMemoryAccounts, type RateAccounts, type RateAccountsPlan } from '../rate-accounts.ts';
import { hashedName } from '../sealed.ts';
import type { RedisLink } from './redis-link.ts';

/**
 * KEYS the account; ARGV the points to take, what an account holds, for how long (ms). Answers -1, or how many ms to wait:
 * what is refused is not taken. What is no account of ours becomes a new one.
 */
const SPEND = `
local held = redis.pcall('GET', KEYS[1])
local spent = type(held) == 'string' and tonumber(held) or -1
local left = redis.call('PTTL', KEYS[1])
if not (spent >= 0 and spent < 2^53) or left < 0 or left > tonumber(ARGV[3]) then
  redis.call('DEL', KEYS[1])
  spent = 0
  left = tonumber(ARGV[3])
end
if spent + ARGV[1] > tonumber(ARGV[2]) then return left end
redis.call('SET', KEYS[1], string.format('%.0f', spent + ARGV[1]), 'PX', math.max(left, 1))
return -1`;

/** Accounts of the whole fleet. While Redis is away each instance keeps its own. */
export function createRedisAccounts(link: RedisLink, plan: RateAccountsPlan): RateAccounts {
  const own = createMemoryAccounts(plan);
  return {
    spend: async (holder, points) => {
      const key = `hookgraph:rate:${plan.kind}:${hashedName(holder)}`;
      const answer = await link.run('rate-limit', SPEND, [key], [points, plan.points, plan.durationS * 1_000]);
      if (typeof answer !== 'number') return own.spend(holder, points);
      return answer < 0 ? undefined : answer;
    },
  };
}
