import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { numbersOf, openTail, upTo } from '../graphql/subscriptions/live-tail.ts';
import { jsonRequest, send } from '../support/listening-gateway.ts';
import { load } from '../support/load.ts';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis-server.ts';
import { measured } from '../support/running-time.ts';
import { createTailLog } from '../support/tail-log.ts';
import { type Instance, instanceEnvironment, LIST, redisLines, startCountingUpstream, startInstance } from './fleet.ts';

const [INFO, WARN] = [30, 40];
const AWAY = [WARN, 'Redis does not answer: this instance goes on by itself'];
const BACK = [INFO, 'Redis answers again'];

/** Waits for what takes a few seconds; the test's own time is the limit. */
async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function startPair(password?: string) {
  const log = createTailLog();
  const redis = await startRedis(password ? { password } : {});
  const upstream = await startCountingUpstream({ log });
  const environment = { ...instanceEnvironment(upstream, redis.url), GATEWAY_AUTH: 'none', RATE_LIMIT_COST: '1000000' };
  const instances = [await startInstance(environment), await startInstance(environment)] as const;
  return { log, redis, upstream, environment, instances };
}

async function ask({
  url,
}: Instance): Promise<{ readonly status: number; readonly errors: unknown; readonly runningMs: number }> {
  const { result, runningMs } = await measured(() => send(url, jsonRequest({ query: LIST })));
  return { status: result.status, errors: result.json().errors, runningMs };
}

describeWithRedis('a Redis that goes away', () => {
  describe.each([
    ['dies', (redis: RedisServer) => redis.kill(), (redis: RedisServer) => redis.start()],
    ['hangs', async (redis: RedisServer) => redis.hang(), async (redis: RedisServer) => redis.goOn()],
  ] as const)('since it %s', (_, fail, heal) => {
    test('fails no request and no tail, is told of once, and is used again when it is back', async () => {
      const { log, redis, instances } = await startPair();
      const tails = [await openTail(instances[0].url), await openTail(instances[1].url)];
      let number = 0;
      let failing: Promise<void> | undefined;
      const isAway = () => instances.every((instance) => redisLines(instance).length > 0);
      const samples = await load({
        rps: 50,
        durationMs: 2_500,
        send: async (index) => {
          if (index === 30) failing = fail(redis);
          if (index % 10 === 0) log.add(Date.now(), ++number);
          return ask(instances[index % 2 === 0 ? 0 : 1]);
        },
      });
      await failing;
      expect(samples.filter(({ result }) => result.status !== 200 || result.errors)).toEqual([]);
      await eventually(isAway);
      for (const tail of tails) expect(numbersOf(await tail.received(number))).toEqual(upTo(number));
      await heal(redis);
      await eventually(() => instances.every((instance) => redisLines(instance).length > 1));
      for (const instance of instances) expect(redisLines(instance)).toEqual([AWAY, BACK]);
      log.add(Date.now(), ++number);
      for (const tail of tails) expect(numbersOf(await tail.received(number))).toEqual(upTo(number));
      // One of them reads for both again.
      await eventually(() => instances.every((instance) => redisLines(instance).length === 2));
      expect(await redis.client.keys('*:lead')).toHaveLength(1);
    });
  });

  test('costs those who meet it first a quarter of a second, and nobody after', async () => {
    const { redis, instances } = await startPair();
    await ask(instances[0]);
    redis.hang();
    expect((await ask(instances[0])).runningMs).toBeLessThan(1_000);
    await eventually(() => redisLines(instances[0]).length === 1);
    for (let each = 0; each < 20; each += 1) expect((await ask(instances[0])).runningMs).toBeLessThan(200);
    redis.goOn();
  });

  test('before the start neither keeps a gateway from starting nor shows its password', async () => {
    const { redis, environment, upstream } = await startPair('pw-canary-9qLx');
    await redis.kill();
    const { result: instance, runningMs } = await measured(() => startInstance(environment));
    expect(runningMs).toBeLessThan(1_500);
    expect((await ask(instance)).errors).toBeUndefined();
    expect(redisLines(instance)).toEqual([AWAY]);
    expect(JSON.stringify(instance.log)).not.toContain('canary');
    await redis.start();
    await eventually(() => redisLines(instance).length === 2);
    expect(upstream.tokenCalls()).toBeGreaterThan(0);
  });

  test('with a wrong password is as good as none, and the password is not shown', async () => {
    const { redis, environment } = await startPair('pw-canary-9qLx');
    const instance = await startInstance({ ...environment, REDIS_URL: redis.url.replace('canary', 'wrong-canary') });
    expect((await ask(instance)).errors).toBeUndefined();
    expect(redisLines(instance)).toEqual([AWAY]);
    expect(JSON.stringify(instance.log)).toContain('WRONGPASS');
    expect(JSON.stringify(instance.log)).not.toContain('canary');
  });

  test('without the database of the address is as good as none, and nothing is kept in another one', async () => {
    const { redis, environment } = await startPair();
    const instance = await startInstance({ ...environment, REDIS_URL: `${redis.url}/99` });
    expect((await ask(instance)).errors).toBeUndefined();
    expect(redisLines(instance)).toEqual([AWAY]);
    expect(JSON.stringify(instance.log)).toContain('DB index is out of range');
    expect(await redis.client.keys('*')).toEqual([]);
  });

  test('a second time is told of with the cause of that time', async () => {
    const { redis, environment } = await startPair();
    await redis.kill();
    const instance = await startInstance(environment);
    await redis.start();
    await eventually(() => redisLines(instance).length === 2);
    // One line a minute.
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 61_000);
    onTestFinished(() => void vi.restoreAllMocks());
    await redis.client.call('CLIENT', 'KILL', 'TYPE', 'normal');
    await eventually(() => redisLines(instance).length > 2);
    const causes = instance.log.flatMap(({ cause }) => (cause === undefined ? [] : [String(cause)]));
    expect(causes).toEqual([expect.stringContaining('ECONNREFUSED'), 'the connection has ended']);
  });

  test('needs no more rights than docs/several-instances.md gives it', async () => {
    const { redis, log, environment, upstream } = await startPair();
    const [rule = ''] = /ACL SETUSER hookgraph .+/.exec(readFileSync('docs/several-instances.md', 'utf8')) ?? [];
    const [, ...words] = rule.split(' ');
    await redis.client.call('ACL', ...words);
    const url = redis.url.replace('redis://', 'redis://hookgraph:secret@');
    const instances = [1, 2].map(() =>
      startInstance({ ...environment, REDIS_URL: url, PERSONIO_CLIENT_ID: 'another' }),
    );
    const [first, second] = await Promise.all(instances);
    if (!first || !second) throw new Error('no instance');
    const tails = [await openTail(first.url), await openTail(second.url)];
    log.add(Date.now(), 1);
    for (const tail of tails) expect(numbersOf(await tail.received(1))).toEqual([1]);
    expect((await ask(first)).errors).toBeUndefined();
    expect([...redisLines(first), ...redisLines(second)]).toEqual([]);
    expect(await redis.client.keys('*:lead')).toHaveLength(1);
    expect(upstream.tokenCalls()).toBe(1);
  });

  test('that is full refuses, which is told of once and fails nobody', async () => {
    const { redis, instances } = await startPair();
    await redis.client.config('SET', 'maxmemory', '1');
    for (let each = 0; each < 10; each += 1) expect((await ask(instances[0])).errors).toBeUndefined();
    expect(redisLines(instances[0])).toEqual([[WARN, 'Redis refuses a command: this instance goes on by itself']]);
  });

  test('that is full leaves no instance waiting for what another cannot tell', async () => {
    const { log, redis, instances } = await startPair();
    const tails = [await openTail(instances[0].url), await openTail(instances[1].url)];
    log.add(Date.now(), 1);
    for (const tail of tails) await tail.received(1);
    await redis.client.config('SET', 'maxmemory', '1');
    log.add(Date.now(), 2);
    for (const tail of tails) expect(numbersOf(await tail.received(2))).toEqual([1, 2]);
    await redis.client.config('SET', 'maxmemory', '0');
    while ((await redis.client.keys('*:lead')).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    log.add(Date.now(), 3);
    for (const tail of tails) expect(numbersOf(await tail.received(3))).toEqual(upTo(3));
  });
});
