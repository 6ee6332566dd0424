import { expect, test } from 'vitest';
import { edgeOf, numbersOf, openTail, upTo } from '../graphql/subscriptions/live-tail.ts';
import { until } from '../support/fault-upstream.ts';
import { forgeTailCursor } from '../support/forged-cursor.ts';
import { describeWithRedis, dumpOf, startRedis } from '../support/redis-server.ts';
import { measured } from '../support/running-time.ts';
import type { UpstreamReply } from '../support/stub-upstream.ts';
import { createTailLog } from '../support/tail-log.ts';
import { type Before, type Instance, instanceEnvironment, startCountingUpstream, startInstance } from './fleet.ts';

async function startFleet(
  size: number,
  {
    before,
    environment = {},
  }: {
    readonly before?: Before;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
) {
  const log = createTailLog();
  const redis = await startRedis();
  const polls = createPollCount();
  const upstream = await startCountingUpstream({
    log,
    before: async (request) => {
      const early = await before?.(request);
      if (!early && request.url.includes('/activity')) await polls.during();
      return early;
    },
  });
  const instances: Instance[] = [];
  for (let each = 0; each < size; each += 1) {
    const named = { ...instanceEnvironment(upstream, redis.url), PERSONIO_APP_ID: `INSTANCE_${'ABC'[each]}` };
    instances.push(await startInstance({ ...named, ...environment }));
  }
  const leader = async () => redis.client.get((await redis.client.keys('*:lead'))[0] ?? '');
  return { log, redis, upstream, polls, instances, leader };
}

/** How many polls were under way at once: pollers of their own would ask at the same time. */
function createPollCount() {
  let now = 0;
  let most = 0;
  let all = 0;
  return {
    async during() {
      now += 1;
      all += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
    },
    reset() {
      most = 0;
      all = 0;
    },
    most: () => most,
    all: () => all,
  };
}

function urlOf(instances: readonly Instance[], index: number): string {
  return instances[index % instances.length]?.url ?? '';
}

describeWithRedis('a live tail on several instances', () => {
  test('has one poller, whoever follows where', async () => {
    const { log, polls, instances } = await startFleet(3);
    const tails = [];
    for (let index = 0; index < 6; index += 1) tails.push(await openTail(urlOf(instances, index)));
    log.add(Date.now(), 1);
    for (const tail of tails) expect(numbersOf(await tail.received(1))).toEqual([1]);
    polls.reset();
    log.add(Date.now(), 2);
    for (const tail of tails) expect(numbersOf(await tail.received(2))).toEqual([1, 2]);
    await until(() => polls.all() > 8);
    expect(polls.most()).toBe(1);
  });

  test('begins where each of its clients says', async () => {
    const { log, instances } = await startFleet(3);
    const sinceMs = Date.now() - 10_000;
    for (const number of upTo(5)) log.add(sinceMs + number, number);
    const all = await openTail(urlOf(instances, 0), { since: new Date(sinceMs).toISOString() });
    const { cursor } = edgeOf((await all.received(5))[1]);
    const some = await openTail(urlOf(instances, 1), { after: cursor });
    const none = await openTail(urlOf(instances, 2));
    log.add(Date.now(), 6);
    expect(numbersOf(await all.received(6))).toEqual(upTo(6));
    expect(numbersOf(await some.received(4))).toEqual([3, 4, 5, 6]);
    expect(numbersOf(await none.received(1))).toEqual([6]);
  });

  test('loses nothing to a client whose cursor claims the year 2200, wherever that follows', async () => {
    const { log, instances } = await startFleet(3);
    const forger = await openTail(urlOf(instances, 0), { after: forgeTailCursor('hook-1', Date.UTC(2200, 0, 1)) });
    const others = [
      await openTail(urlOf(instances, 0)),
      await openTail(urlOf(instances, 1)),
      await openTail(urlOf(instances, 2)),
    ];
    log.add(Date.now(), 1);
    for (const tail of others) expect(numbersOf(await tail.received(1))).toEqual([1]);
    await forger.received(1);
    forger.leave();
    log.add(Date.now(), 2);
    for (const tail of others) expect(numbersOf(await tail.received(2))).toEqual([1, 2]);
  });

  test('repeats nothing where who follows from this moment on has read for the others', async () => {
    const { log, instances, polls } = await startFleet(2);
    log.add(Date.now() - 30_000, 1);
    const first = await openTail(urlOf(instances, 0), { since: new Date().toISOString() });
    const other = await openTail(urlOf(instances, 1));
    log.add(Date.now(), 2);
    for (const tail of [first, other]) expect(numbersOf(await tail.received(1))).toEqual([2]);
    first.leave();
    const seen = polls.all();
    await until(() => polls.all() > seen + 4);
    log.add(Date.now(), 3);
    expect(numbersOf(await other.received(2))).toEqual([2, 3]);
  });

  test('repeats nothing of long ago where who has asked for that goes on for one who has not', async () => {
    const { log, instances, polls } = await startFleet(2);
    const sinceMs = Date.now() - 600_000;
    for (const number of upTo(2)) log.add(sinceMs + number, number);
    await openTail(urlOf(instances, 0));
    const staying = await openTail(urlOf(instances, 1), { since: new Date(sinceMs).toISOString() });
    await staying.received(2);
    // By then it has followed the other for some polls.
    const seen = polls.all();
    await until(() => polls.all() > seen + 8);
    await instances[0]?.close();
    log.add(Date.now(), 3);
    expect(numbersOf(await staying.received(3))).toEqual([1, 2, 3]);
  });

  test('goes on at once where the one who read leaves in good order', async () => {
    const { log, instances, leader } = await startFleet(2);
    const [first, second] = instances;
    const leaving = await openTail(first?.url ?? '');
    const staying = await openTail(second?.url ?? '');
    log.add(Date.now(), 1);
    await Promise.all([leaving.received(1), staying.received(1)]);
    const before = await leader();
    const { result, runningMs } = await measured(async () => {
      await first?.close();
      expect(leaving.isComplete()).toBe(true);
      log.add(Date.now(), 2);
      return staying.received(2);
    });
    expect(numbersOf(result)).toEqual([1, 2]);
    // The lease of one that had died would have held for three.
    expect(runningMs).toBeLessThan(2_500);
    expect(await leader()).not.toBe(before);
  });

  test('goes on where the last who followed on the reading instance has left', async () => {
    const { log, instances } = await startFleet(2);
    const leaving = await openTail(urlOf(instances, 0));
    const staying = await openTail(urlOf(instances, 1));
    log.add(Date.now(), 1);
    await Promise.all([leaving.received(1), staying.received(1)]);
    leaving.leave();
    for (const number of upTo(20, 2)) log.add(Date.now(), number);
    expect(numbersOf(await staying.received(20))).toEqual(upTo(20));
  });

  test('goes on on another instance where the one that reads has trouble of its own', async () => {
    let isSick = false;
    const { log, instances } = await startFleet(2, {
      before: ({ url, headers }) =>
        isSick && url.includes('/activity') && headers['x-personio-app-id'] === 'INSTANCE_A'
          ? { status: 503, body: {} }
          : undefined,
      environment: { RETRY_MAX: '0' },
    });
    const tails = [await openTail(urlOf(instances, 0)), await openTail(urlOf(instances, 1))];
    log.add(Date.now(), 1);
    for (const tail of tails) await tail.received(1);
    isSick = true;
    for (const number of upTo(5, 2)) log.add(Date.now(), number);
    for (const tail of tails) expect(numbersOf(await tail.received(5))).toEqual(upTo(5));
  });

  test('delivers 1,000 in bursts of equal timestamps exactly once and in order: through failures, reconnects elsewhere, and changes of who reads', async () => {
    const faults: UpstreamReply[] = [];
    const { log, redis, instances, polls } = await startFleet(3, {
      before: ({ url }) => (url.includes('/activity') ? faults.shift() : undefined),
    });
    const startMs = Date.now();
    const steady = [await openTail(urlOf(instances, 1)), await openTail(urlOf(instances, 2))];
    let moving = await openTail(urlOf(instances, 0));
    const got: number[] = [];
    let number = 0;
    for (let burst = 0; burst < 10; burst += 1) {
      if (burst === 3) faults.push({ status: 503, body: {} }, { status: 502, body: 'gateway' });
      if (burst === 5) faults.push({ status: 429, headers: { 'retry-after': '0' }, body: {} });
      // Whoever reads is thrown out in the midst of it.
      if (burst % 2 === 1) {
        for (const key of await redis.client.keys('*:lead')) await redis.client.set(key, 'somebody else', 'PX', 50);
      }
      if (burst === 6) await redis.client.flushall();
      for (let each = 0; each < 100; each += 1) {
        log.add(startMs + Math.floor(burst / 2), ++number);
        // Some polls see a part of the burst only.
        const seen = polls.all();
        if (each % 40 === 39) await until(() => polls.all() > seen + 1);
      }
      if (burst % 3 === 2) {
        const part = await moving.received(number - 57 - got.length);
        got.push(...numbersOf(part));
        const { cursor } = edgeOf(part.at(-1));
        moving.leave();
        moving = await openTail(urlOf(instances, burst), { after: cursor });
      }
    }
    got.push(...numbersOf(await moving.received(1_000 - got.length)));
    expect(got).toEqual(upTo(1_000));
    for (const tail of steady) expect(numbersOf(await tail.received(1_000))).toEqual(upTo(1_000));
    // Whatever came twice would come now.
    log.add(startMs + 100, 1_001);
    for (const tail of [...steady, moving]) {
      await until(() => tail.messages.length > 0 && numbersOf(tail.messages).at(-1) === 1_001);
    }
    for (const tail of steady) expect(numbersOf(tail.messages)).toEqual(upTo(1_001));
  });

  test('delivers what appears late on every instance, once', async () => {
    const { log, instances } = await startFleet(2);
    const nowMs = Date.now();
    const tails = [await openTail(urlOf(instances, 0)), await openTail(urlOf(instances, 1))];
    log.add(nowMs, 1);
    for (const tail of tails) await tail.received(1);
    log.add(nowMs - 30_000, 2);
    for (const tail of tails) await tail.received(2);
    log.add(nowMs + 1, 3);
    for (const tail of tails) expect(numbersOf(await tail.received(3))).toEqual([1, 2, 3]);
  });

  test('tells of an error that will not heal on every instance', async () => {
    let isGone = false;
    const { instances } = await startFleet(2, {
      before: ({ url }) =>
        isGone && url.includes('/activity') ? { status: 404, body: { errors: [{ title: 'Gone' }] } } : undefined,
    });
    const tails = [await openTail(urlOf(instances, 0)), await openTail(urlOf(instances, 1))];
    isGone = true;
    for (const tail of tails) {
      await tail.ended;
      expect(tail.messages.at(-1)?.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    }
  });

  test('leaves nothing readable in Redis, and nothing for long', async () => {
    const { log, redis, instances } = await startFleet(1);
    const tail = await openTail(urlOf(instances, 0));
    log.add(Date.now(), 1, { event_name: 'person.of-great-secrecy' });
    await tail.received(1);
    const dump = await dumpOf(redis.client);
    expect(dump).toContain('finding');
    for (const word of ['secrecy', 'person', 'hook-1']) expect(dump).not.toContain(word);
    for (const key of await redis.client.keys('hookgraph:tail:*')) {
      const leftMs = await redis.client.pttl(key);
      expect(leftMs).toBeGreaterThan(0);
      expect(leftMs).toBeLessThanOrEqual(60_000);
    }
  });

  test('is shared only by those with the same credentials', async () => {
    const { log, redis, instances, polls } = await startFleet(1, {
      environment: { GATEWAY_FORWARD_CREDENTIALS: 'true', GATEWAY_FORWARD_FALLBACK: 'true' },
      before: ({ url, headers }) =>
        url.includes('/activity') && headers.authorization === 'Bearer brought'
          ? log2.answer({ method: 'GET', url, headers, body: '' })
          : undefined,
    });
    const log2 = createTailLog();
    const own = await openTail(urlOf(instances, 0));
    const brought = await openTail(urlOf(instances, 0), {}, { 'x-personio-authorization': 'Bearer brought' });
    log.add(Date.now(), 1);
    log2.add(Date.now(), 2);
    expect(numbersOf(await own.received(1))).toEqual([1]);
    expect(numbersOf(await brought.received(1))).toEqual([2]);
    expect(await redis.client.keys('*:lead')).toHaveLength(2);
    expect(polls.all()).toBeGreaterThan(0);
  });

  test.each([
    ['the lease', ':lead', 'set', ['junk']],
    ['the lease', ':lead', 'rpush', ['junk']],
    ['what was found', ':found', 'set', ['junk']],
    [
      'what was found',
      ':found',
      'hset',
      ['begun', '9007199254740991', 'number', '9007199254740990', 'finding', 'junk'],
    ],
    ['what was found', ':found', 'hset', ['begun', 'nan', 'number', '-1', 'finding', '{}']],
  ] as const)('survives junk in place of %s (%s: %s %j)', async (_, end, command, values) => {
    const { log, redis, instances } = await startFleet(2);
    const tails = [await openTail(urlOf(instances, 0)), await openTail(urlOf(instances, 1))];
    log.add(Date.now(), 1);
    for (const tail of tails) await tail.received(1);
    const [key = ''] = await redis.client.keys('*:lead');
    const spoilt = key.replace(':lead', end);
    await redis.client
      .multi()
      .del(spoilt)
      .call(command, spoilt, ...values)
      .exec();
    for (const number of upTo(50, 2)) log.add(Date.now(), number);
    for (const tail of tails) expect(numbersOf(await tail.received(50))).toEqual(upTo(50));
  });
});
