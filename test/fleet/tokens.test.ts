import { describe, expect, test } from 'vitest';
import { createSharedState } from '../../src/state/create-shared-state.ts';
import { until } from '../support/fault-upstream.ts';
import { createGate } from '../support/gate.ts';
import { describeWithRedis, dumpOf, startRedis } from '../support/redis-server.ts';
import { CLIENT_SECRET, instanceEnvironment, LIST, redisLines, startCountingUpstream, startInstance } from './fleet.ts';

describeWithRedis('the access token of a fleet', () => {
  test('is fetched once, however many ask for it on however many instances', async () => {
    const redis = await startRedis();
    const upstream = await startCountingUpstream();
    const environment = instanceEnvironment(upstream, redis.url);
    const instances = await Promise.all([1, 2, 3].map(() => startInstance(environment)));
    const answers = await Promise.all(Array.from({ length: 150 }, (_, index) => instances[index % 3]?.query(LIST)));
    expect(answers.filter((answer) => answer?.errors !== undefined)).toEqual([]);
    expect(upstream.tokenCalls()).toBe(1);
    const late = await startInstance(environment);
    expect((await late.query(LIST)).errors).toBeUndefined();
    expect(upstream.tokenCalls()).toBe(1);
  });

  test('that was revoked is fetched anew once, and each call replayed once', async () => {
    const redis = await startRedis();
    const upstream = await startCountingUpstream();
    const environment = instanceEnvironment(upstream, redis.url);
    const instances = await Promise.all([1, 2, 3].map(() => startInstance(environment)));
    for (const instance of instances) await instance.query(LIST);
    upstream.revoke();
    const answers = await Promise.all(instances.map((instance) => instance.query(LIST)));
    expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined, undefined]);
    expect(upstream.tokenCalls()).toBe(2);
  });

  test('that was refused while Redis was away is not taken from there once it is back', async () => {
    const redis = await startRedis();
    const upstream = await startCountingUpstream();
    const instance = await startInstance(instanceEnvironment(upstream, redis.url));
    await instance.query(LIST);
    redis.hang();
    upstream.revoke();
    expect((await instance.query(LIST)).errors).toBeUndefined();
    redis.goOn();
    await until(() => redisLines(instance).length === 2);
    upstream.revoke();
    expect((await instance.query(LIST)).errors).toBeUndefined();
    expect(upstream.tokenCalls()).toBe(3);
  });

  test('cannot be read in Redis, nor can the secret that it was got with, and it ends before it expires', async () => {
    const redis = await startRedis();
    const upstream = await startCountingUpstream();
    const instance = await startInstance(instanceEnvironment(upstream, redis.url));
    await instance.query(LIST);
    const [key = ''] = await redis.client.keys('hookgraph:token:*');
    expect(key).toMatch(/^hookgraph:token:\{[\w-]{43}\}$/);
    const leftMs = await redis.client.pttl(key);
    expect(leftMs).toBeGreaterThan(3_500_000);
    expect(leftMs).toBeLessThanOrEqual(3_540_000);
    const dump = await dumpOf(redis.client);
    for (const secret of [...upstream.tokens, CLIENT_SECRET, 'client-1']) {
      expect(dump).not.toContain(secret);
      expect(dump).not.toContain(Buffer.from(secret).toString('base64').slice(0, -4));
    }
  });

  test('of other credentials, or of another address, is another one', async () => {
    const redis = await startRedis();
    const upstream = await startCountingUpstream();
    const environment = instanceEnvironment(upstream, redis.url);
    for (const other of [
      {},
      { PERSONIO_CLIENT_SECRET: 'another-secret' },
      { PERSONIO_BASE_URL: upstream.baseUrl.replace('127.0.0.1', 'localhost') },
    ]) {
      await (await startInstance({ ...environment, ...other })).query(LIST);
    }
    expect(upstream.tokenCalls()).toBe(3);
  });

  test('is fetched by the next instance when the one that fetches dies', async () => {
    const redis = await startRedis();
    const never = createGate();
    let isFirst = true;
    const upstream = await startCountingUpstream({
      before: async ({ url }) => {
        if (!url.startsWith('/v2/auth/token') || !isFirst) return undefined;
        isFirst = false;
        await never.opened;
        return { status: 500 };
      },
    });
    const environment = instanceEnvironment(upstream, redis.url);
    const dying = await startInstance(environment);
    const others = await Promise.all([1, 2].map(() => startInstance(environment)));
    const lost = dying.query(LIST);
    await until(() => upstream.tokenCalls() === 1);
    // What dies no longer renews its claim, and hands nothing in.
    const [claim = ''] = await redis.client.keys('*:claim');
    await redis.client.set(claim, 'of one who died', 'PX', 300);
    const answers = await Promise.all(others.map((instance) => instance.query(LIST)));
    expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined]);
    expect(upstream.tokenCalls()).toBe(2);
    never.open();
    await lost;
  });

  test('is not waited for by others where whoever was about to fetch it has left', async () => {
    const redis = await startRedis();
    const logger = { info: () => {}, warn: () => {} };
    const state = createSharedState({ redisUrl: redis.url, failures: undefined, logger });
    await state.opened;
    const token = state.token({ name: 'a token', secret: CLIENT_SECRET });
    const client = new AbortController();
    let fetches = 0;
    const fetch = async () => {
      fetches += 1;
      return { headerValue: 'Bearer papi', freshMs: 60_000, graceMs: 1_000 };
    };
    const asked = token?.obtain({ isFit: () => true, fetch, signal: client.signal });
    client.abort('left');
    await expect(asked).rejects.toBe('left');
    // Whatever was sent to Redis has been answered then.
    await state.close();
    expect(await redis.client.keys('*:claim')).toEqual([]);
    expect(fetches).toBe(0);
  });

  test('that cannot be had is asked for once by each instance, until it is worth another try', async () => {
    const redis = await startRedis();
    const upstream = await startCountingUpstream({
      before: ({ url }) => (url.startsWith('/v2/auth/token') ? { status: 500, body: {} } : undefined),
    });
    const environment = { ...instanceEnvironment(upstream, redis.url), RETRY_MAX: '0' };
    const instances = await Promise.all([1, 2].map(() => startInstance(environment)));
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => instances[index % 2]?.query(LIST)));
    for (const answer of answers)
      expect(answer?.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    expect(upstream.tokenCalls()).toBe(2);
    expect(await redis.client.keys('*:claim')).toEqual([]);
  });

  describe.each([
    ['a text', (client: Client, key: string) => client.set(key, 'junk')],
    ['a text that ends', (client: Client, key: string) => client.set(key, 'A'.repeat(100), 'PX', 60_000)],
    ['a list', (client: Client, key: string) => client.rpush(key, 'junk')],
    ['a hash', (client: Client, key: string) => client.hset(key, 'begun', 'nan')],
  ] as const)('survives %s', (_, spoil) => {
    test.each(['', ':claim'])('at its key%s', async (end) => {
      const redis = await startRedis();
      const upstream = await startCountingUpstream();
      const environment = instanceEnvironment(upstream, redis.url);
      await (await startInstance(environment)).query(LIST);
      const [key = ''] = await redis.client.keys('hookgraph:token:*');
      await redis.client.del(key);
      await spoil(redis.client, `${key}${end}`);
      const instances = await Promise.all([1, 2].map(() => startInstance(environment)));
      const answers = await Promise.all(instances.map((instance) => instance.query(LIST)));
      expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined]);
      // A claim that looks like ours is waited for.
      if (!(end === ':claim' && _ === 'a text that ends')) expect(upstream.tokenCalls()).toBe(2);
    });
  });
});

type Client = Awaited<ReturnType<typeof startRedis>>['client'];
