import { describe, expect, test } from 'vitest';
import { openTail } from '../graphql/subscriptions/live-tail.ts';
import { bearer, READ_KEY, WITH_KEYS } from '../support/callers.ts';
import { type ReceivedSpan, startCollector, tracingTo } from '../support/collector.ts';
import { until } from '../support/fault-upstream.ts';
import { createGate } from '../support/gate.ts';
import { jsonRequest, listenWithStubs } from '../support/listening-gateway.ts';
import { globalId } from '../support/stub-gateway.ts';
import { createTailLog } from '../support/tail-log.ts';
import { personioPage, personioWebhooks, trulayerWebhooks } from '../support/upstream-rows.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;
const LIST = 'query Hooks { webhooks { nodes { id } } }';

async function listenTraced(options: Parameters<typeof listenWithStubs>[0] = {}) {
  const collector = await startCollector();
  const { tracing, flush } = tracingTo(collector);
  const gateway = await listenWithStubs({ ...options, tracing });
  return {
    ...gateway,
    spans: async () => {
      await flush();
      return collector.spans();
    },
  };
}

/** Spans as a person reads them: each below its parent, by name, with its error. */
function tree(spans: readonly ReceivedSpan[], parentSpanId: string, indent = ''): readonly string[] {
  const children = spans.filter((span) => span.parentSpanId === parentSpanId);
  return children
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .flatMap(({ name, kind, spanId, error }) => [
      `${indent}${name} (${kind})${error === undefined ? '' : `: ${error}`}`,
      ...tree(spans, spanId, `${indent}  `),
    ]);
}

describe('a trace', () => {
  test("leads from the client's own span through the operation and what resolvers ask to each upstream attempt", async () => {
    const answers = [{ status: 503 }, personioPage(personioWebhooks(2))];
    const gateway = await listenTraced({
      personio: ({ url }) => {
        if (url.endsWith('/auth/token')) return { body: { access_token: 'papi-fresh', expires_in: 3_600 } };
        return answers.shift() ?? personioPage([]);
      },
      trulayer: () => ({ status: 500 }),
      environment: {
        PERSONIO_ACCESS_TOKEN: '',
        PERSONIO_CLIENT_ID: 'papi-id',
        PERSONIO_CLIENT_SECRET: 'papi-secret',
        RETRY_MAX: '1',
      },
    });
    const query = 'query Dashboard { webhooks { nodes { url health { state } } } }';
    const headers = { traceparent: TRACEPARENT, 'x-request-id': 'req-1' };
    await gateway.query(query, {}, { headers });
    const spans = await gateway.spans();
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    expect(tree(spans, PARENT)).toEqual([
      'query Dashboard (server): UPSTREAM_UNAVAILABLE',
      '  PERSONIO listActivity (internal)',
      '    GET /v2/webhooks/{id}/activity (client)',
      '  PERSONIO listActivity (internal)',
      '    GET /v2/webhooks/{id}/activity (client)',
      '  PERSONIO listEvents (internal)',
      '    GET /v2/webhooks/{id}/events (client)',
      '  PERSONIO listEvents (internal)',
      '    GET /v2/webhooks/{id}/events (client)',
      '  PERSONIO listWebhooks (internal)',
      '    GET /v2/webhooks (client): 503',
      '    GET /v2/webhooks (client)',
      '    POST /v2/auth/token (client)',
      '  TRULAYER listWebhooks (internal): UPSTREAM_UNAVAILABLE',
      '    GET /v1/webhooks (client): 500',
      '    GET /v1/webhooks (client): 500',
    ]);
    expect(spans.find(({ kind }) => kind === 'server')?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'hookgraph.request_id': 'req-1',
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Dashboard',
      'http.response.status_code': 200,
      'hookgraph.result': 'partial',
      'hookgraph.upstream_calls': 9,
      'error.type': 'UPSTREAM_UNAVAILABLE',
    });
    const retry = spans.find(({ name, error }) => name === 'GET /v2/webhooks' && error === undefined);
    expect(retry?.attributes).toEqual({
      'http.request.method': 'GET',
      'url.template': '/v2/webhooks',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(gateway.personio.baseUrl).port),
      'hookgraph.upstream.operation': 'listWebhooks',
      'http.request.resend_count': 1,
      'http.response.status_code': 200,
    });
  });

  test('is not told to the upstreams, who are others', async () => {
    const gateway = await listenTraced({
      personio: () => personioPage([]),
      trulayer: () => ({ body: { webhooks: [] } }),
    });
    await gateway.query(LIST, {}, { headers: { traceparent: TRACEPARENT, tracestate: 'a=b', baggage: 'c=d' } });
    const sent = [...gateway.personio.requests, ...gateway.trulayer.requests];
    expect(sent).toHaveLength(2);
    expect(
      sent.filter(({ headers }) => /traceparent|tracestate|baggage|0af7651916/.test(JSON.stringify(headers))),
    ).toEqual([]);
  });

  test('shows a batch of webhooks as one span with their number', async () => {
    const gateway = await listenTraced({
      personio: ({ url }) => ({ body: { ...personioWebhooks(1)[0], id: url.split('/').at(-1) } }),
      trulayer: () => ({ body: { webhooks: trulayerWebhooks(2) } }),
    });
    const ids = ['hook-1', 'hook-2', 'hook-3'].map((id) => globalId('PERSONIO', id));
    await gateway.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    const spans = await gateway.spans();
    const batches = spans.filter(({ name }) => name === 'PERSONIO getWebhooks');
    expect(batches.map(({ attributes }) => attributes)).toEqual([
      { 'hookgraph.provider': 'PERSONIO', 'hookgraph.batch.size': 3 },
    ]);
    expect(tree(spans, batches[0]?.spanId ?? '')).toEqual(new Array(3).fill('GET /v2/webhooks/{id} (client)'));
  });

  test('names a call that stands in the trace of another, whose read it shared', async () => {
    const gate = createGate();
    const gateway = await listenTraced({ personio: async () => gate.opened.then(() => personioPage([])) });
    const reads = ['a', 'b'].map((digit) =>
      gateway.query(LIST, {}, { headers: { traceparent: `00-${digit.repeat(32)}-${digit.repeat(16)}-01` } }),
    );
    await until(() => gateway.personio.requests.length === 1);
    gate.open();
    await Promise.all(reads);
    const spans = await gateway.spans();
    const [attempt, ...others] = spans.filter(({ kind }) => kind === 'client');
    expect(others).toEqual([]);
    const follower = spans.find(
      ({ name, traceId }) => name === 'PERSONIO listWebhooks' && traceId !== attempt?.traceId,
    );
    expect(follower?.links).toEqual([attempt?.traceId]);
  });

  test('shows how a stream was opened, and nothing of its polling', async () => {
    const log = createTailLog();
    const gateway = await listenTraced({ personio: log.answer, environment: { TAIL_POLL_MS: '2' } });
    const tail = await openTail(gateway.url, {}, { traceparent: TRACEPARENT });
    log.add(Date.now());
    await tail.received(1);
    const spans = await gateway.spans();
    expect(tree(spans, PARENT)).toEqual([
      'subscription (server)',
      '  PERSONIO listActivity (internal)',
      '    GET /v2/webhooks/{id}/activity (client)',
    ]);
    expect(spans.find(({ kind }) => kind === 'server')?.attributes['hookgraph.upstream_calls']).toBe(1);
  });

  test('of a client that leaves ends with what was given up', async () => {
    const gateway = await listenTraced({ personio: () => new Promise(() => {}) });
    const controller = new AbortController();
    const leaving = fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: TRACEPARENT },
      body: JSON.stringify({ query: LIST }),
      signal: controller.signal,
    }).catch(() => 'left');
    await until(() => gateway.personio.requests.length === 1);
    controller.abort();
    await leaving;
    await until(() => gateway.log.some(({ msg }) => msg === 'operation'));
    expect(tree(await gateway.spans(), PARENT)).toEqual([
      'query Hooks (server): aborted',
      '  PERSONIO listWebhooks (internal): aborted',
      '    GET /v2/webhooks (client): aborted',
    ]);
  });

  test.each([
    ['that is none', { query: 'query { nope }' }, {}, 'POST /graphql (server): GRAPHQL_VALIDATION_FAILED'],
    ['without a key', { query: LIST }, WITH_KEYS, 'POST /graphql (server): UNAUTHENTICATED'],
    [
      'that costs too much',
      { query: 'query Huge { webhooks(first: 100) { nodes { id url description } } }' },
      { LIMIT_COST: '100' },
      'query Huge (server): LIMIT_EXCEEDED',
    ],
  ])('is there of an operation %s', async (_what, body, environment, line) => {
    const gateway = await listenTraced({ personio: () => personioPage([]), environment });
    await gateway.send(jsonRequest(body, { traceparent: TRACEPARENT }));
    expect(tree(await gateway.spans(), PARENT)).toEqual([line]);
  });

  test('is told in the log, and is the same for callers with keys', async () => {
    const gateway = await listenTraced({ personio: () => personioPage([]), environment: WITH_KEYS });
    await gateway.send(jsonRequest({ query: LIST }, { ...bearer(READ_KEY), traceparent: TRACEPARENT }));
    expect(gateway.log.find(({ msg }) => msg === 'operation')).toMatchObject({ traceId: TRACE, operation: 'Hooks' });
  });
});

describe('a traceparent', () => {
  test.each([
    ['another version', `01-${TRACE}-${PARENT}-01`],
    ['version ff', `ff-${TRACE}-${PARENT}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['capitals', `00-${TRACE.toUpperCase()}-${PARENT}-01`],
    ['too few digits', `00-${TRACE.slice(1)}-${PARENT}-01`],
    ['more behind it', `${TRACEPARENT}-more`],
    ['two of them', `${TRACEPARENT}, ${TRACEPARENT}`],
    ['a text', 'forged"} {"level":60'],
    ['nothing', ''],
  ])('with %s begins a new trace', async (_what, traceparent) => {
    const gateway = await listenTraced({});
    await gateway.send(jsonRequest({ query: '{ __typename }' }, { traceparent }));
    const [span] = await gateway.spans();
    expect(span).toMatchObject({
      name: 'query',
      parentSpanId: '',
      traceId: expect.stringMatching(/^(?!0af765)[\da-f]{32}$/),
    });
  });

  test('of a client that does not keep its trace keeps ours from being sent', async () => {
    const gateway = await listenTraced({ personio: () => personioPage([]) });
    await gateway.query(LIST, {}, { headers: { traceparent: `00-${TRACE}-${PARENT}-00` } });
    expect(await gateway.spans()).toEqual([]);
  });
});
