import { openTail } from '../graphql/subscriptions/live-tail.ts';
import { until } from '../support/fault-upstream.ts';
import { type ListeningGateway, listenWithStubs } from '../support/listening-gateway.ts';
import { startRedis } from '../support/redis-server.ts';
import type { UpstreamReply } from '../support/stub-upstream.ts';
import { createTailLog } from '../support/tail-log.ts';
import { personioPage, personioWebhooks } from '../support/upstream-rows.ts';

/** What `/metrics` of the main port shows. */
export async function readMetrics(gateway: Pick<ListeningGateway, 'send'>): Promise<string> {
  const { status, body } = await gateway.send({ path: '/metrics' });
  if (status !== 200) throw new Error(`/metrics answered ${status}`);
  return body.toString();
}

/** Whether the gateway has told that its Redis does not answer. */
export function isRedisAway({ log }: Pick<ListeningGateway, 'log'>): boolean {
  return log.some(({ msg }) => msg === 'Redis does not answer: this instance goes on by itself');
}

/** The metrics of a gateway that everything has happened to that is counted, at least once: its Redis has died, too. */
export async function metricsOfBusyGateway(): Promise<string> {
  const log = createTailLog();
  const redis = await startRedis();
  let lists = 0;
  const gateway = await listenWithStubs({
    environment: {
      PERSONIO_ACCESS_TOKEN: '',
      PERSONIO_CLIENT_ID: 'papi-id',
      PERSONIO_CLIENT_SECRET: 'papi-secret',
      RETRY_MAX: '1',
      CIRCUIT_MIN_CALLS: '5',
      TAIL_POLL_MS: '2',
      REDIS_URL: redis.url,
    },
    personio: (request): UpstreamReply => {
      const { url } = request;
      if (url.endsWith('/auth/token')) return { body: { access_token: 'papi-fresh', expires_in: 3_600 } };
      if (url.includes('/activity')) return log.answer(request);
      lists += 1;
      return lists === 1 ? { status: 503 } : personioPage([{ ...personioWebhooks(1)[0], mood: 'unknown' }]);
    },
    trulayer: () => ({ status: 500 }),
  });
  const { query, url } = gateway;
  await query('query Personio { webhooks(filter: { providers: [PERSONIO] }) { nodes { url } } }');
  await Promise.all([1, 2].map(() => query('{ webhooks(filter: { providers: [PERSONIO] }) { nodes { url } } }')));
  for (let call = 0; call < 6; call += 1) await query('query Both { webhooks { nodes { url } } }');
  await query('query Broken { nothing }');
  const tail = await openTail(url);
  log.add(Date.now());
  await tail.received(1);
  await redis.kill();
  await until(() => isRedisAway(gateway));
  return readMetrics(gateway);
}
