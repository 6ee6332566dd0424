import { request } from 'node:http';
import { beforeAll, expect, test } from 'vitest';
import { numbersOf, openTail, upTo } from '../graphql/subscriptions/live-tail.ts';
import { build, type RunningGateway, runGateway } from '../support/executable.ts';
import { load } from '../support/load.ts';
import { describeWithRedis, startRedis } from '../support/redis-server.ts';
import { createTailLog } from '../support/tail-log.ts';
import { instanceEnvironment, LIST, startCountingUpstream } from './fleet.ts';

/** What became of a request: its answer, or how it was lost. */
type Outcome =
  | { readonly type: 'answered'; readonly body: unknown }
  | { readonly type: 'lost'; readonly url: string; readonly sentAt: number; readonly code: unknown };

function post(url: string, query: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${url}/graphql`,
      { method: 'POST', agent: false, headers: { 'content-type': 'application/json' } },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          text += chunk;
        });
        incoming.on('error', reject);
        incoming.on('end', () => resolve(JSON.parse(text)));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify({ query }));
  });
}

/** A balancer: one after the other, and where nobody listens any more the next one. */
function createBalancer(instances: readonly RunningGateway[]) {
  const gone = new Set<RunningGateway>();
  return async (index: number): Promise<Outcome> => {
    for (let attempt = 0; ; attempt += 1) {
      const standing = instances.filter((instance) => !gone.has(instance));
      const instance = standing[(index + attempt) % standing.length];
      if (!instance) throw new Error('no instance is left');
      const sentAt = performance.now();
      try {
        return { type: 'answered', body: await post(instance.url, LIST) };
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : String(error);
        if (code !== 'ECONNREFUSED') return { type: 'lost', url: instance.url, sentAt, code };
        gone.add(instance);
      }
    }
  };
}

describeWithRedis('three instances, one Redis', () => {
  beforeAll(build);

  test('one dies under load: nothing is lost but what was under way on it, one token is fetched, and the tails go on', async () => {
    const log = createTailLog();
    const redis = await startRedis();
    const underWay = { now: 0, most: 0 };
    const upstream = await startCountingUpstream({
      log,
      before: async ({ url }) => {
        if (!url.includes('/activity')) return undefined;
        underWay.now += 1;
        underWay.most = Math.max(underWay.most, underWay.now);
        await new Promise((resolve) => setTimeout(resolve, 5));
        underWay.now -= 1;
        return undefined;
      },
    });
    const environment = instanceEnvironment(upstream, redis.url);
    const instances = await Promise.all([1, 2, 3].map(() => runGateway(environment)));
    const [first, ...others] = instances;
    if (!first) throw new Error('no instance');
    const send = createBalancer(instances);

    // Whoever is followed first reads for all of them.
    const lostTail = await openTail(first.url);
    const tails = await Promise.all(others.map(({ url }) => openTail(url)));
    let number = 0;
    const burst = () => {
      const atMs = Date.now();
      for (let each = 0; each < 50; each += 1) log.add(atMs, ++number);
    };
    burst();
    for (const tail of [lostTail, ...tails]) await tail.received(50);
    underWay.most = 0;

    let endedAt = Number.POSITIVE_INFINITY;
    void first.ended.then(() => {
      endedAt = performance.now();
    });
    const samples = await load({
      rps: 90,
      durationMs: 7_000,
      send: async (index) => {
        if (index % 60 === 30) burst();
        if (index === 200) first.child.kill('SIGKILL');
        return send(index);
      },
    });

    const lost = samples.flatMap(({ result }) => (result.type === 'lost' ? [result] : []));
    const answers = samples.flatMap(({ result }) => (result.type === 'answered' ? [result.body] : []));
    expect(lost.filter(({ url, sentAt }) => url !== first.url || sentAt > endedAt)).toEqual([]);
    expect(answers.length).toBeGreaterThan(550);
    expect(answers.filter((body) => JSON.stringify(body).includes('"errors"'))).toEqual([]);
    expect(upstream.tokenCalls()).toBe(1);
    for (const tail of tails) expect(numbersOf(await tail.received(number))).toEqual(upTo(number));
    expect(underWay.most).toBe(1);

    // What might come twice would come before this.
    log.add(Date.now() + 10, ++number);
    for (const tail of tails) expect(numbersOf(await tail.received(number))).toEqual(upTo(number));
    expect(upstream.tokenCalls()).toBe(1);
  }, 60_000);
});
