import { expect, test } from 'vitest';
import { bearer, READ_KEY, TEST_KEY, WITH_KEYS } from '../support/callers.ts';
import { jsonRequest, send } from '../support/listening-gateway.ts';
import { describeWithRedis, dumpOf, startRedis } from '../support/redis-server.ts';
import { instanceEnvironment, startCountingUpstream, startInstance } from './fleet.ts';

const SPEND = { query: '{ webhooks(first: 10) { nodes { id url } } }' };
const ONE = { query: '{ __typename }' };

async function startPair(limits: Readonly<Record<string, string>>) {
  const redis = await startRedis();
  const upstream = await startCountingUpstream();
  const environment = { ...instanceEnvironment(upstream, redis.url), ...WITH_KEYS, ...limits };
  const [first, second] = [await startInstance(environment), await startInstance(environment)];
  const status = async (instance: typeof first, body: object, key: string) => {
    const { status, headers } = await send(instance.url, jsonRequest(body, bearer(key)));
    return [status, headers['retry-after'] === undefined ? 'now' : 'later'];
  };
  return { redis, first, second, status };
}

describeWithRedis('the rate limit of a fleet', () => {
  test('is one account for a caller, on whichever instance it spends', async () => {
    const { first, second, status } = await startPair({ RATE_LIMIT_COST: '100' });
    expect(await status(first, SPEND, READ_KEY)).toEqual([200, 'now']);
    expect(await status(second, SPEND, READ_KEY)).toEqual([200, 'now']);
    expect(await status(first, SPEND, READ_KEY)).toEqual([429, 'later']);
    expect(await status(second, SPEND, READ_KEY)).toEqual([429, 'later']);
    // What was refused was not spent: a smaller one still fits, and others have their own.
    expect(await status(second, ONE, READ_KEY)).toEqual([200, 'now']);
    expect(await status(second, SPEND, TEST_KEY)).toEqual([200, 'now']);
  });

  test('is one account for an address without valid credentials', async () => {
    const { first, second, status } = await startPair({ RATE_LIMIT_UNAUTHENTICATED: '3' });
    const statuses = [];
    for (const instance of [first, second, first, second]) statuses.push(await status(instance, ONE, 'wrong'));
    expect(statuses.map(([code]) => code)).toEqual([401, 401, 401, 429]);
  });

  test('shows neither callers nor addresses in Redis, and forgets within a minute', async () => {
    const { redis, first, status } = await startPair({});
    await status(first, SPEND, READ_KEY);
    await status(first, ONE, 'wrong');
    const dump = await dumpOf(redis.client);
    expect(dump).toMatch(/hookgraph:rate:caller:[\w-]{43} 40\b/);
    expect(dump).toMatch(/hookgraph:rate:address:[\w-]{43} 1\b/);
    expect(dump).not.toContain('127.0.0.1');
    for (const key of await redis.client.keys('hookgraph:rate:*')) {
      expect(await redis.client.pttl(key)).toBeGreaterThan(50_000);
      expect(await redis.client.pttl(key)).toBeLessThanOrEqual(60_000);
    }
  });

  test.each([
    ['set', ['junk']],
    ['set', ['nan']],
    ['set', ['inf']],
    ['set', ['-1000000']],
    ['set', ['99999999']],
    ['rpush', ['junk']],
  ] as const)('survives junk in an account: %s %j', async (command, values) => {
    const { redis, first, status } = await startPair({ RATE_LIMIT_COST: '100' });
    await status(first, SPEND, READ_KEY);
    const [key = ''] = await redis.client.keys('hookgraph:rate:caller:*');
    await redis.client
      .multi()
      .del(key)
      .call(command, key, ...values)
      .exec();
    const statuses = [];
    for (const _ of [1, 2, 3]) statuses.push(await status(first, SPEND, READ_KEY));
    expect(statuses).toEqual([
      [200, 'now'],
      [200, 'now'],
      [429, 'later'],
    ]);
  });
});
