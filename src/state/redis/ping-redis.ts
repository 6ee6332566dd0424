import { causeOf } from './cause-of.ts';
import { inTime } from './in-time.ts';

/**
 * Connects to the Redis at `url`, asks whether it answers, and leaves. Resolves with how long that took, in ms; rejects with
 * an error whose message says why not, and holds no credentials.
 */
export async function pingRedis(url: string, timeoutMs = 2_000): Promise<number> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: timeoutMs, retryStrategy: null, family: 0 });
  let cause: unknown;
  redis.on('error', (error) => {
    cause = error;
  });
  const startedAt = performance.now();
  try {
    await inTime(
      redis.connect().then(() => redis.ping()),
      timeoutMs,
    );
    return performance.now() - startedAt;
  } catch (error) {
    throw new Error(`Redis does not answer: ${causeOf(cause ?? error, url)}`);
  } finally {
    redis.disconnect();
  }
}
