import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { openTail, WEBHOOK } from '../graphql/subscriptions/live-tail.ts';
import { bearer, READ_KEY, WITH_KEYS } from '../support/callers.ts';
import { until } from '../support/fault-upstream.ts';
import { createGate } from '../support/gate.ts';
import { startIssuer } from '../support/issuer.ts';
import { jsonRequest, listenWithStubs, send } from '../support/listening-gateway.ts';
import { parseMetrics, sampleOf } from '../support/metrics-page.ts';
import { describeWithRedis, startRedis } from '../support/redis-server.ts';
import { openStubGateway } from '../support/stub-gateway.ts';
import { createTailLog } from '../support/tail-log.ts';
import { personioPage, personioWebhooks, trulayerWebhooks } from '../support/upstream-rows.ts';
import { isRedisAway, metricsOfBusyGateway, readMetrics } from './busy-gateway.ts';

const LIST = 'query Hooks { webhooks { nodes { id } } }';
const HOOKS = { operation: 'Hooks', type: 'query' };
const healthy = () => personioPage(personioWebhooks(1));

describe('operations', () => {
  test('are counted by name, type and result', async () => {
    const answers = [healthy(), { status: 500 }, healthy()];
    const gateway = await listenWithStubs({
      personio: () => answers.shift() ?? healthy(),
      trulayer: () => ({ body: { webhooks: trulayerWebhooks(1) } }),
    });
    await gateway.query(LIST);
    await gateway.query(LIST);
    await gateway.query('mutation Ping { pingWebhook(input: { id: "x" }) { webhookId } }');
    await gateway.query('{ webhooks { nope } }');
    await gateway.send(jsonRequest('{'));
    await gateway.query('{ __typename }');
    const page = await readMetrics(gateway);
    const operations = parseMetrics(page).find(({ name }) => name === 'hookgraph_operations_total')?.samples;
    expect(operations?.map(({ labels, value }) => [...Object.values(labels), value])).toEqual([
      ['Hooks', 'query', 'ok', 1],
      ['Hooks', 'query', 'partial', 1],
      ['Ping', 'mutation', 'failed', 1],
      ['none', 'none', 'refused', 2],
      ['anonymous', 'query', 'ok', 1],
    ]);
    expect(sampleOf(page, 'hookgraph_operation_duration_seconds_count', HOOKS)).toBe(2);
    expect(sampleOf(page, 'hookgraph_http_requests_total', { status: '200' })).toBe(5);
    expect(sampleOf(page, 'hookgraph_http_requests_total', { status: '400' })).toBe(1);
  });

  test('that are refused before they are read have their errors counted, and are no operations', async () => {
    const issuer = await startIssuer();
    issuer.fail(500);
    const environment = { ...WITH_KEYS, ...issuer.environment, METRICS_PORT: '0', RATE_LIMIT_UNAUTHENTICATED: '3' };
    const gateway = await listenWithStubs({ environment });
    const statuses: number[] = [];
    for (const shown of [{}, bearer('no-such-key'), bearer(await issuer.token()), {}]) {
      statuses.push((await gateway.send(jsonRequest({ query: LIST }, shown))).status);
    }
    expect(statuses).toEqual([401, 401, 503, 429]);
    const { origin } = new URL(gateway.gateway.metricsUrl ?? '');
    const page = parseMetrics((await send(origin, { path: '/metrics' })).body.toString());
    const samples = (metric: string) =>
      page.find(({ name }) => name === metric)?.samples.map(({ labels, value }) => [...Object.values(labels), value]);
    expect(samples('hookgraph_errors_total')).toEqual([
      ['UNAUTHENTICATED', 'none', 2],
      ['INTERNAL_SERVER_ERROR', 'none', 1],
      ['RATE_LIMITED', 'none', 1],
    ]);
    expect(samples('hookgraph_operations_total')).toEqual([]);
    const lines = gateway.log.filter(({ msg }) => msg === 'operation');
    expect(lines.map(({ codes }) => codes)).toEqual([
      ['UNAUTHENTICATED'],
      ['UNAUTHENTICATED'],
      ['INTERNAL_SERVER_ERROR'],
      ['RATE_LIMITED'],
    ]);
  });

  test('that open a stream in vain have failed, and are refused only where nothing was executed', async () => {
    const gateway = await listenWithStubs({ personio: () => ({ status: 404 }) });
    for (const id of [WEBHOOK, 'no-id', null]) await (await openTail(gateway.url, { id })).ended;
    const page = await readMetrics(gateway);
    const count = (result: string) =>
      sampleOf(page, 'hookgraph_operations_total', { operation: 'anonymous', type: 'subscription', result });
    expect([count('failed'), count('refused')]).toEqual([2, 1]);
  });

  test('have their errors counted by code and provider', async () => {
    const gateway = await listenWithStubs({ personio: () => ({ status: 401 }), trulayer: () => ({ status: 503 }) });
    await gateway.query('{ webhooks { edges { cursor } } }');
    await gateway.query('{ nope }');
    const page = await readMetrics(gateway);
    const errors = 'hookgraph_errors_total';
    expect(sampleOf(page, errors, { code: 'UPSTREAM_UNAUTHENTICATED', provider: 'PERSONIO' })).toBe(1);
    expect(sampleOf(page, errors, { code: 'UPSTREAM_UNAVAILABLE', provider: 'TRULAYER' })).toBe(1);
    expect(sampleOf(page, errors, { code: 'GRAPHQL_VALIDATION_FAILED', provider: 'none' })).toBe(1);
  });

  test('that cost too much keep their name, and are refused', async () => {
    const gateway = await listenWithStubs({ personio: healthy, environment: { LIMIT_COST: '100' } });
    await gateway.query('query Huge { webhooks(first: 100) { nodes { id url description } } }');
    const labels = { operation: 'Huge', type: 'query', result: 'refused' };
    expect(sampleOf(await readMetrics(gateway), 'hookgraph_operations_total', labels)).toBe(1);
  });

  test('whose clients make up names have two hundred names at most', async () => {
    const gateway = await listenWithStubs({});
    for (let number = 0; number < 300; number += 1) await gateway.query(`query Name${number} { __typename }`);
    await gateway.query(`query ${'x'.repeat(101)} { __typename }`);
    await gateway.query('mutation Name1 { __typename }');
    const page = await readMetrics(gateway);
    const names = new Set(
      parseMetrics(page)
        .flatMap(({ samples }) => samples)
        .flatMap(({ name, labels }) => (name.startsWith('hookgraph_operation') ? [labels.operation] : [])),
    );
    names.delete(undefined);
    expect([names.size <= 200, names.has('Name0'), names.has('Name299')]).toEqual([true, true, false]);
    const other = (type: string) =>
      sampleOf(page, 'hookgraph_operations_total', { operation: 'other', type, result: 'ok' });
    expect([other('query'), other('mutation')]).toEqual([300 - 197 + 1, 1]);
  });

  test('under way are a gauge, which whoever leaves is taken off', async () => {
    const gate = createGate();
    const gateway = await listenWithStubs({ personio: async () => gate.opened.then(healthy) });
    const controller = new AbortController();
    const leaving = gateway.query(LIST, {}, { signal: controller.signal }).catch(() => 'left');
    await until(() => gateway.personio.requests.length === 1);
    expect(sampleOf(await readMetrics(gateway), 'hookgraph_operations_in_flight')).toBe(1);
    controller.abort();
    await leaving;
    gate.open();
    await until(() => gateway.log.some(({ msg }) => msg === 'operation'));
    const page = await readMetrics(gateway);
    expect(sampleOf(page, 'hookgraph_operations_in_flight')).toBe(0);
    expect(sampleOf(page, 'hookgraph_operations_total', { ...HOOKS, result: 'aborted' })).toBe(1);
    expect(sampleOf(page, 'hookgraph_http_requests_total', { status: 'aborted' })).toBe(1);
    expect(parseMetrics(page).find(({ name }) => name === 'hookgraph_errors_total')?.samples).toEqual([]);
  });
});

describe('upstream calls', () => {
  const personio = (rest: Readonly<Record<string, string>>) => ({ provider: 'PERSONIO', ...rest });

  test('are counted by provider, operation and outcome, and retries apart', async () => {
    const answers = [{ status: 503 }, healthy(), { status: 418 }];
    const gateway = await listenWithStubs({
      personio: () => answers.shift() ?? healthy(),
      environment: { RETRY_MAX: '1' },
    });
    await gateway.query(LIST);
    await gateway.query(LIST);
    const page = await readMetrics(gateway);
    const operation = 'listWebhooks';
    const outcome = (text: string) =>
      sampleOf(page, 'hookgraph_upstream_attempts_total', personio({ operation, outcome: text }));
    expect([outcome('503'), outcome('200'), outcome('4xx')]).toEqual([1, 1, 1]);
    expect(sampleOf(page, 'hookgraph_upstream_retries_total', personio({ operation }))).toBe(1);
    expect(sampleOf(page, 'hookgraph_upstream_attempt_duration_seconds_count', personio({ operation }))).toBe(3);
  });

  test('whose answer is of no use have its status, and the error tells that it cannot be read', async () => {
    const gateway = await listenWithStubs({ personio: () => ({ body: 'Be right back' }) });
    await gateway.query(LIST);
    const page = await readMetrics(gateway);
    const labels = personio({ operation: 'listWebhooks', outcome: '200' });
    expect(sampleOf(page, 'hookgraph_upstream_attempts_total', labels)).toBe(1);
    const code = personio({ code: 'UPSTREAM_INVALID_RESPONSE' });
    expect(sampleOf(page, 'hookgraph_errors_total', code)).toBe(1);
  });

  test('of identical reads at the same time are one, and the others are counted as shared', async () => {
    const gate = createGate();
    const gateway = await listenWithStubs({ personio: async () => gate.opened.then(healthy) });
    const reads = [1, 2, 3].map(() => gateway.query(LIST));
    await until(() => gateway.personio.requests.length === 1);
    gate.open();
    await Promise.all(reads);
    const page = await readMetrics(gateway);
    const operation = 'listWebhooks';
    expect(sampleOf(page, 'hookgraph_upstream_attempts_total', personio({ operation, outcome: '200' }))).toBe(1);
    expect(sampleOf(page, 'hookgraph_upstream_shared_reads_total', personio({ operation }))).toBe(2);
  });

  test('that wait are a gauge beside those under way, and what finds no place is refused', async () => {
    const gate = createGate();
    const gateway = await listenWithStubs({
      personio: async () => gate.opened.then(() => ({ body: { is_delivered: true } })),
      environment: { UPSTREAM_MAX_CONNECTIONS: '1', UPSTREAM_MAX_QUEUE: '1' },
    });
    const ping = 'mutation { pingWebhook(input: { id: "V2ViaG9vazpQRVJTT05JTzpob29rLTE" }) { webhookId } }';
    const pings = [1, 2, 3].map(() => gateway.query(ping));
    await until(() => gateway.personio.requests.length === 1);
    await Promise.race(pings);
    const page = await readMetrics(gateway);
    gate.open();
    await Promise.all(pings);
    const gauge = (name: string) => sampleOf(page, `hookgraph_upstream_${name}`, personio({}));
    expect([gauge('active_calls'), gauge('queued_calls'), gauge('connection_limit')]).toEqual([1, 1, 1]);
    expect(sampleOf(page, 'hookgraph_upstream_refusals_total', personio({ reason: 'queue-full' }))).toBe(1);
  });

  test('show whether the circuit is open', async () => {
    const gateway = await listenWithStubs({
      personio: () => ({ status: 500 }),
      environment: { CIRCUIT_MIN_CALLS: '2' },
    });
    const open = async () => sampleOf(await readMetrics(gateway), 'hookgraph_upstream_circuit_open', personio({}));
    expect(await open()).toBe(0);
    for (let call = 0; call < 3; call += 1) await gateway.query(LIST);
    expect(await open()).toBe(1);
    const page = await readMetrics(gateway);
    expect(sampleOf(page, 'hookgraph_upstream_circuit_openings_total', personio({}))).toBe(1);
    expect(sampleOf(page, 'hookgraph_upstream_refusals_total', personio({ reason: 'circuit-open' }))).toBe(1);
  });

  test('for tokens are counted by whether they brought one', async () => {
    const replies = [{ status: 500 }, { body: { access_token: 'papi-fresh', expires_in: 3_600 } }];
    const gateway = await listenWithStubs({
      personio: ({ url }) => (url.endsWith('/auth/token') ? (replies.shift() ?? {}) : healthy()),
      environment: {
        PERSONIO_ACCESS_TOKEN: '',
        PERSONIO_CLIENT_ID: 'papi-id',
        PERSONIO_CLIENT_SECRET: 'papi-secret',
        RETRY_MAX: '1',
      },
    });
    const tokens = async () =>
      parseMetrics(await readMetrics(gateway))
        .find(({ name }) => name === 'hookgraph_token_requests_total')
        ?.samples.filter(({ labels }) => labels.provider === 'PERSONIO')
        .map(({ labels, value }) => [labels.result, value]);
    // A series that begins with 1 never rises, for Prometheus, and the first token may be the only one of a day.
    expect(await tokens()).toEqual([
      ['ok', 0],
      ['failed', 0],
    ]);
    await gateway.query(LIST);
    expect(await tokens()).toEqual([
      ['ok', 1],
      ['failed', 1],
    ]);
  });

  test('whose answers leave the contract are counted by what is wrong', async () => {
    const gateway = await listenWithStubs({ personio: () => personioPage([{ ...personioWebhooks(1)[0], mood: 1 }]) });
    await gateway.query(LIST);
    const labels = personio({ operation: 'listWebhooks', kind: 'unknown' });
    expect(sampleOf(await readMetrics(gateway), 'hookgraph_schema_drift_total', labels)).toBe(1);
  });
});

test('live tails show their streams, their pollers and what they told', async () => {
  const log = createTailLog();
  const gateway = await listenWithStubs({ personio: log.answer, environment: { TAIL_POLL_MS: '2' } });
  const tails = await Promise.all([openTail(gateway.url), openTail(gateway.url)]);
  log.add(Date.now(), 1);
  await Promise.all(tails.map((tail) => tail.received(1)));
  const page = await readMetrics(gateway);
  const value = (name: string) => sampleOf(page, `hookgraph_tail_${name}`);
  expect([value('streams'), value('pollers'), value('deliveries_total')]).toEqual([2, 1, 2]);
});

describeWithRedis('a shared Redis', () => {
  test('shows whether it answers, and what failed since it does not', async () => {
    const redis = await startRedis();
    const gateway = await listenWithStubs({ environment: { REDIS_URL: redis.url } });
    const before = await readMetrics(gateway);
    expect(sampleOf(before, 'hookgraph_redis_up')).toBe(1);
    expect(parseMetrics(before).find(({ name }) => name === 'hookgraph_redis_failures_total')?.samples).toEqual([]);
    await redis.kill();
    await until(() => isRedisAway(gateway));
    const after = await readMetrics(gateway);
    expect(parseMetrics(after).find(({ name }) => name === 'hookgraph_redis_up')?.samples[0]?.value).toBe(0);
    expect(sampleOf(after, 'hookgraph_redis_failures_total', { use: 'connection' })).toBe(1);
  });

  test('that answers and refuses what it is told is not up', async () => {
    const redis = await startRedis();
    const gateway = await listenWithStubs({ personio: createTailLog().answer, environment: { REDIS_URL: redis.url } });
    await redis.client.config('SET', 'maxmemory', '1');
    await openTail(gateway.url);
    await until(() => gateway.log.some(({ msg }) => String(msg).startsWith('Redis refuses a command')));
    const page = await readMetrics(gateway);
    expect(sampleOf(page, 'hookgraph_redis_failures_total', { use: 'tail' })).toBeGreaterThan(0);
    expect(sampleOf(page, 'hookgraph_redis_up')).toBe(0);
  });
});

test('without a shared Redis nothing is shown of one', async () => {
  const gateway = await listenWithStubs({});
  expect(await readMetrics(gateway)).not.toContain('redis');
});

describe('where they are', () => {
  test('on the main port in loopback mode, for loopback names only', async () => {
    const gateway = await listenWithStubs({});
    const answer = await gateway.send({ path: '/metrics' });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(gateway.gateway.metricsUrl).toBe(`${gateway.url}/metrics`);
    expect((await gateway.send({ path: '/metrics', headers: { host: 'evil.example' } })).status).toBe(403);
  });

  test('nowhere where callers show keys, unless METRICS_PORT says so', async () => {
    const gateway = await listenWithStubs({ environment: WITH_KEYS });
    expect(gateway.gateway.metricsUrl).toBeUndefined();
    expect((await gateway.send({ path: '/metrics', headers: bearer(READ_KEY) })).status).toBe(404);
  });

  test('on METRICS_PORT of loopback alone, for loopback names and readers only', async () => {
    const gateway = await listenWithStubs({ environment: { ...WITH_KEYS, METRICS_PORT: '0' } });
    await gateway.send(jsonRequest({ query: '{ __typename }' }));
    const { metricsUrl = '' } = gateway.gateway;
    expect(metricsUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const ask = (request: Parameters<typeof send>[1]) =>
      send(new URL(metricsUrl).origin, { path: '/metrics', ...request });
    const answer = await ask({});
    expect(sampleOf(answer.body.toString(), 'hookgraph_http_requests_total', { status: '401' })).toBe(1);
    expect((await ask({ headers: { host: 'evil.example' } })).status).toBe(403);
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(metricsUrl).port) });
    socket.end('GET /metrics HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 /);
    const late = connect({ host: '127.0.0.1', port: Number(new URL(metricsUrl).port) });
    const between = 'x: 1\r\n'.repeat(1_500);
    late.end(`GET /metrics HTTP/1.1\r\nHost: localhost\r\n${between}Host: evil.example\r\nConnection: close\r\n\r\n`);
    expect(await text(late)).toMatch(/^HTTP\/1.1 400 /);
    expect((await ask({ method: 'POST' })).status).toBe(405);
    expect((await ask({ path: '/graphql' })).status).toBe(404);
    expect((await gateway.send({ path: '/metrics' })).status).toBe(404);
  });

  test('until the gateway is closed', async () => {
    const gateway = await openStubGateway({ environment: { METRICS_PORT: '0' } });
    await gateway.gateway.listen();
    const { metricsUrl = '' } = gateway.gateway;
    expect((await fetch(metricsUrl)).status).toBe(200);
    await gateway.close();
    await expect(fetch(metricsUrl)).rejects.toThrow();
  });

  test('each gateway of a process has its own', async () => {
    const [one, other] = [await listenWithStubs({}), await listenWithStubs({})];
    await one.query('{ __typename }');
    const count = async (gateway: typeof one) =>
      sampleOf(await readMetrics(gateway), 'hookgraph_http_requests_total', { status: '200' });
    expect([await count(one), await count(other)]).toEqual([1, 0]);
  });
});

describeWithRedis('docs/telemetry.md', () => {
  test('has a row for every metric of the gateway, with its type and its labels', async () => {
    const families = parseMetrics(await metricsOfBusyGateway()).filter(({ name }) => name.startsWith('hookgraph_'));
    expect(families.filter(({ samples }) => samples.length === 0)).toEqual([]);
    const rows = readFileSync('docs/telemetry.md', 'utf8').matchAll(/^\| `(hookgraph_\w+)` \| (\w+) \| ([^|]+) \|/gm);
    const documented = Array.from(rows, ([, name, type, labels = '']) => ({
      name,
      type,
      labels: Array.from(labels.matchAll(/`(\w+)`/g), ([, label]) => label).sort(),
    }));
    const exposed = families.map(({ name, type, samples }) => ({
      name,
      type,
      labels: Object.keys(samples[0]?.labels ?? {})
        .filter((label) => label !== 'le')
        .sort(),
    }));
    const byName = (a: { name: string | undefined }, b: { name: string | undefined }) =>
      String(a.name).localeCompare(String(b.name));
    expect(documented.sort(byName)).toEqual(exposed.sort(byName));
  });
});
