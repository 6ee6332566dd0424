import type { Diagnosis } from '../providers/provider-check.ts';
import { askRedis, RedisRefusal } from '../state/redis/ask-redis.ts';
import type { Check } from './check-row.ts';
import { explainFailure } from './explain-failure.ts';

/** Looks at what several instances share: whether it answers, lets us in and runs scripts. */
export function createRedisCheck(url: string, { timeoutMs }: { readonly timeoutMs: number }): Check {
  return {
    subject: 'REDIS',
    run: async (scope) => {
      const { password, protocol, host } = new URL(url);
      for (const secret of [password, decodeURIComponent(password)]) scope.keepSecret(secret);
      const origin = `${protocol}//${host}`;
      return [{ subject: 'REDIS', what: 'connection', ...(await look(url, origin, timeoutMs)) }];
    },
  };
}

async function look(url: string, origin: string, timeoutMs: number): Promise<Diagnosis> {
  try {
    const { version, ms } = await askRedis(url, { timeoutMs });
    const name = version === undefined ? 'Redis' : `Redis ${version}`;
    return {
      status: 'ok',
      found: `${name} at ${origin} lets us in and answers after ${Math.max(1, Math.round(ms))} ms`,
    };
  } catch (error) {
    if (!(error instanceof RedisRefusal)) return explainFailure(error, { variable: 'REDIS_URL', origin });
    return { status: 'failed', found: `${origin} refuses: ${error.message}`, remedy: remedyFor(error.message) };
  }
}

function remedyFor(refusal: string): string {
  if (/^(WRONGPASS|NOAUTH|ERR.*\bAUTH\b)/.test(refusal)) return 'Check user and password in REDIS_URL.';
  if (refusal.startsWith('NOPERM')) {
    return 'Give this user the rights that docs/several-instances.md lists (ACL SETUSER).';
  }
  if (/^ERR\b.*\b(DB index|SELECT)\b/.test(refusal)) {
    return 'Name a database in REDIS_URL that this Redis has (its setting «databases»), or leave the number out.';
  }
  return 'The gateway goes on by itself until Redis takes it: look at the log of Redis.';
}
