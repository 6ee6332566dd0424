import { causeOf } from './cause-of.ts';
import { isRefusedDatabase } from './refused-database.ts';

/** What a Redis tells of itself. */
export interface RedisAnswer {
  /** Undefined where the user may not ask. */
  readonly version: string | undefined;
  /** One question and its answer. */
  readonly ms: number;
}

/** Redis was reached and refuses; `message` begins with its own word, e.g. WRONGPASS, and holds no credential. */
export class RedisRefusal extends Error {
  override readonly name = 'RedisRefusal';
}

/**
 * Connects once, signs in, selects the database, and runs a script that does nothing, as the gateway's own are run.
 * Rejects with `RedisRefusal`, or with Node's own error where the connection fails; `ETIMEDOUT` where nothing answers in
 * time.
 */
export async function askRedis(url: string, { timeoutMs }: { readonly timeoutMs: number }): Promise<RedisAnswer> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    lazyConnect: true,
    family: 0,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    // It asks INFO, which a user without the right to it is refused.
    enableReadyCheck: false,
  });
  // The first error says why; what follows says that the connection has ended.
  let first: Error | undefined;
  redis.on('error', (error: Error) => {
    first ??= error;
  });
  try {
    await redis.connect();
    const startedAt = performance.now();
    await redis.eval('return 1', 0);
    const ms = performance.now() - startedAt;
    // The library goes on in database 0 where the one of the address is refused.
    if (isRefusedDatabase(first)) throw first;
    const info = await redis.info('server').catch(() => '');
    return { version: /^(?:valkey|redis)_version:([\w.-]+)/m.exec(info)?.[1], ms };
  } catch (error) {
    throw understood(first ?? error, url);
  } finally {
    redis.disconnect();
  }
}

function understood(error: unknown, url: string): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'ReplyError') return new RedisRefusal(causeOf(error, url));
  return error.message === 'Command timed out' ? Object.assign(new Error(error.message), { code: 'ETIMEDOUT' }) : error;
}
