import { GraphQLInterfaceType, GraphQLObjectType, getNamedType, isLeafType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { bearer, READ_KEY, WITH_KEYS, WRITE_KEY } from '../support/callers.ts';
import { startCollector, tracingTo } from '../support/collector.ts';
import { jsonRequest, listenWithStubs } from '../support/listening-gateway.ts';
import { sampleOf } from '../support/metrics-page.ts';
import { globalId } from '../support/stub-gateway.ts';
import type { UpstreamReply, UpstreamRequest } from '../support/stub-upstream.ts';
import { personioPage, personioWebhooks, trulayerId, trulayerWebhooks } from '../support/upstream-rows.ts';

/** Every secret of these tests holds this word, and nothing else does. */
const CANARY = /canary/i;
const [P, T] = [globalId('PERSONIO', 'hook-1'), globalId('TRULAYER', trulayerId(1))];

const ENVIRONMENT = {
  PERSONIO_ACCESS_TOKEN: '',
  PERSONIO_CLIENT_ID: 'papi-canary-client-id',
  PERSONIO_CLIENT_SECRET: 'papi-canary-client-secret',
  TRULAYER_API_KEY: 'tl_canary_key',
  NODE_ENV: 'development',
  LOG_LEVEL: 'trace',
};

const AUTHENTICATION = [
  '{ token: "Bearer canary-receiver-token" }',
  '{ customHeaders: [{ name: "X-Key", value: "canary-header-value" }] }',
];
const URLS = 'https://canary-user:canary-password@example.com/hook?key=canary-query#canary-fragment';

/** Each ability, with a secret in every slot that takes one. */
const OPERATIONS: readonly string[] = [
  '{ webhooks { nodes { id description status enabledEvents authentication { type headerNames } findings { code message } } unavailableProviders } }',
  `{ webhook(id: "${P}") { id } other: webhook(id: "${T}") { id } nodes(ids: ["${P}", "${T}"]) { id } }`,
  `{ webhook(id: "${P}") { activity { nodes { outcome } } events { nodes { id } } deliveryStats { total } health { state } } }`,
  ...AUTHENTICATION.flatMap((authentication) => [
    `mutation { createWebhook(input: { personio: { url: "${URLS}", description: "x", enabledEvents: [], authentication: ${authentication} } }) { webhookId webhook { authentication { type headerNames } } } }`,
    `mutation { updateWebhook(input: { id: "${P}", url: "${URLS}", authentication: ${authentication} }) { webhookId webhook { authentication { type headerNames } } } }`,
  ]),
  `mutation { createWebhook(input: { trulayer: { url: "${URLS}", secret: "canary-signing-secret" } }) { webhookId } }`,
  `mutation { deleteWebhook(input: { id: "${P}" }) { deletedWebhookId } other: deleteWebhook(input: { id: "${T}" }) { deletedWebhookId } }`,
  `mutation { pingWebhook(input: { id: "${P}" }) { webhookId } other: pingWebhook(input: { id: "${T}" }) { webhookId } }`,
  `mutation { redeliverWebhookEvents(input: { webhookId: "${P}", occurredAt: { gte: "2026-11-20T00:00:00Z" } }) { redelivery { id } } }`,
  // Literals that do not fit, and broken documents: what is refused must not be quoted.
  `mutation { updateWebhook(input: { id: "${P}", authentication: "canary-token" }) { webhookId } }`,
  `mutation { updateWebhook(input: { id: "${P}", authentication: { token: { canary: "canary" } } }) { webhookId } }`,
  `mutation { updateWebhook(input: { id: "${P}", authentication: { token: ["canary-token"] } }) { webhookId } }`,
  `mutation { updateWebhook(input: { id: "${P}", status: "canary-token" }) { webhookId } }`,
  `mutation { updateWebhook(input: { id: "${P}", url: "canary not a url" }) { webhookId } }`,
  `mutation { updateWebhook(input: { id: "${P}" "canary-token" }) { webhookId } }`,
  'mutation { updateWebhook(input: """canary-token""") """canary""" }',
  'mutation { updateWebhook(input: { id: "canary\\q" }) { webhookId } }',
];

/** Variables that hold secrets and do not fit. */
const VARIABLES: readonly unknown[] = [
  { id: P, authentication: 'canary' },
  { id: P, authentication: { token: { canary: 'canary' } } },
  { id: P, authentication: { token: 'canary', none: true } },
  { id: P, authentication: { customHeaders: [{ name: 'canary header', value: 'canary\nvalue' }] } },
  { id: P, url: 'canary' },
  { id: P, status: 'CANARY' },
  'canary',
  ['canary'],
];

const CANARY_HEADERS = { 'x-canary': 'canary-header', 'set-cookie': 'canary=canary', server: 'canary/1' };

/** An upstream that repeats whatever it gets, and adds secrets of its own where no answer may show them. */
function echoing(status: number, shape: 'errors' | 'text' | 'problem' | 'broken') {
  return ({ method, url, headers, body }: UpstreamRequest): UpstreamReply => {
    if (url.endsWith('/auth/token') && status < 400) {
      return { body: { access_token: 'papi-canary-access-token', token_type: 'Bearer', expires_in: 3_600 } };
    }
    const echo = `${method} ${url} ${JSON.stringify(headers)} ${body} ${decodeURIComponent(body.replace(/%(?![\da-f]{2})/gi, ''))}`;
    const bodies = {
      errors: {
        errors: [{ title: echo, detail: body, _meta: { [echo]: echo } }],
        error: { code: echo, message: echo },
      },
      problem: { type: 'about:blank', title: echo, detail: echo, instance: echo, extra: { deep: [echo] } },
      text: echo,
      broken: `{"canary": ${JSON.stringify(echo)}`,
    };
    return { status, body: bodies[shape], headers: CANARY_HEADERS };
  };
}

/** Upstreams that answer well, with secrets in members that no contract names. */
const wordy = {
  personio: ({ url, method }: UpstreamRequest): UpstreamReply => {
    if (url.endsWith('/auth/token')) {
      return { body: { access_token: 'papi-canary-access-token', token_type: 'Bearer', expires_in: 3_600 } };
    }
    const row = {
      ...personioWebhooks(1)[0],
      authentication: {
        type: 'CUSTOM_HEADERS',
        token: 'canary',
        headers: { 'X-Key': 'canary-value' },
        secret: 'canary',
      },
      secret: 'canary',
      token: 'canary',
    };
    const reply =
      url.includes('?') && method === 'GET'
        ? personioPage(url.startsWith('/v2/webhooks?') ? [row] : [])
        : { body: row };
    return { ...reply, headers: CANARY_HEADERS };
  },
  trulayer: ({ method }: UpstreamRequest): UpstreamReply => {
    const row = { ...trulayerWebhooks(1)[0], secret: 'canary-signing-secret', signing_key: 'canary' };
    return { body: method === 'GET' ? { webhooks: [row] } : row, headers: CANARY_HEADERS };
  },
};

interface Leak {
  readonly query: string;
  readonly leak: string;
}

async function leaksOf(
  upstreams: Pick<Parameters<typeof listenWithStubs>[0] & object, 'personio' | 'trulayer'>,
  extra: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): Promise<readonly Leak[]> {
  const collector = await startCollector();
  const { tracing, flush } = tracingTo(collector);
  const gateway = await listenWithStubs({
    ...upstreams,
    environment: { ...ENVIRONMENT, CIRCUIT_MIN_CALLS: '1000', METRICS_PORT: '0', ...extra },
    tracing,
  });
  const leaks: Leak[] = [];
  const note = (query: string, text: string) => {
    const found = CANARY.exec(text);
    if (found) leaks.push({ query, leak: text.slice(Math.max(0, found.index - 80), found.index + 60) });
  };
  const withVariables = 'mutation ($input: UpdateWebhookInput!) { updateWebhook(input: $input) { webhookId } }';
  const bodies = [
    ...OPERATIONS.map((query) => ({ query })),
    ...VARIABLES.map((input) => ({ query: withVariables, variables: { input } })),
    ...AUTHENTICATION.map((_, index) => ({
      query: withVariables,
      variables: {
        input: {
          id: P,
          url: URLS,
          authentication: [{ token: 'canary-token' }, { customHeaders: [{ name: 'X-Key', value: 'canary-value' }] }][
            index
          ],
        },
      },
    })),
  ];
  for (const body of bodies) {
    const answer = await gateway.send(jsonRequest(body, headers));
    note(body.query, answer.body.toString());
    note(body.query, JSON.stringify(answer.headers));
  }
  for (const path of ['/health', '/ready', '/x?key=canary']) {
    note(path, (await gateway.send({ path })).body.toString());
  }
  note('the log', JSON.stringify(gateway.log));
  const metrics = await fetch(gateway.gateway.metricsUrl ?? '').then((answer) => answer.text());
  expect(sampleOf(metrics, 'hookgraph_http_requests_total', { status: '200' })).toBeGreaterThan(OPERATIONS.length / 2);
  note('the metrics', metrics);
  await flush();
  expect(collector.spans().length).toBeGreaterThan(bodies.length);
  for (const { body } of collector.requests) note('a span', body.toString('latin1'));
  return leaks;
}

describe('no secret is in any answer, header, log, span or metric, in dev mode and with every entry of the log', () => {
  const statuses = [400, 401, 402, 403, 404, 409, 422, 429, 500, 503];
  const shapes = ['errors', 'problem', 'text', 'broken'] as const;
  const cases = [
    ...statuses.flatMap((status) => shapes.map((shape) => [status, shape] as const)),
    [200, 'broken'] as const,
    [200, 'text'] as const,
    [302, 'text'] as const,
  ];

  test.each(cases)('when the upstreams answer %s and repeat what they got as %s', async (status, shape) => {
    const upstream = echoing(status, shape);
    expect(await leaksOf({ personio: upstream, trulayer: upstream }, {}, {})).toEqual([]);
  });

  test('when the upstreams answer well, with more than they should', async () => {
    expect(await leaksOf(wordy, {}, {})).toEqual([]);
  });

  test('when callers bring keys and credentials of their own', async () => {
    const upstream = echoing(422, 'errors');
    const headers = {
      ...bearer(WRITE_KEY),
      'x-personio-authorization': 'Bearer canary-forwarded',
      'x-trulayer-authorization': 'Bearer canary-forwarded-too',
    };
    const extra = { ...WITH_KEYS, GATEWAY_FORWARD_CREDENTIALS: 'true', RATE_LIMIT_COST: '1000000' };
    expect(await leaksOf({ personio: upstream, trulayer: upstream }, extra, headers)).toEqual([]);
  });
});

describe('the schema has no way out for a secret', () => {
  const outputs = Object.values(schema.getTypeMap()).filter(
    (type) =>
      (type instanceof GraphQLObjectType || type instanceof GraphQLInterfaceType) && !type.name.startsWith('__'),
  ) as (GraphQLObjectType | GraphQLInterfaceType)[];
  const fields = outputs.flatMap((type) =>
    Object.values(type.getFields()).map((field) => ({ path: `${type.name}.${field.name}`, field })),
  );

  test('by its name: no output field is called like one', () => {
    const suspicious = fields.filter(({ field }) =>
      /secret|token|password|credential|apiKey|headerValue|customHeader|^value$|authorization/i.test(field.name),
    );
    expect(suspicious.map(({ path }) => path)).toEqual([]);
  });

  test('by its type: what is said of the authentication is its kind and the names of its headers', () => {
    const authentication = schema.getType('WebhookAuthentication');
    expect(authentication instanceof GraphQLObjectType && Object.keys(authentication.getFields()).sort()).toEqual([
      'headerNames',
      'type',
    ]);
  });

  test('by an open end: the only fields whose content is not fixed by the schema are those of events', () => {
    const open = fields.filter(({ field }) => {
      const type = getNamedType(field.type);
      return isLeafType(type) && ['JSONObject', '_Any'].includes(type.name);
    });
    expect(open.map(({ path }) => path).sort()).toEqual(['WebhookEvent.meta', 'WebhookEvent.payload']);
  });
});

describe('an argument that does not fit for one null in it is refused without the secrets that stand beside', () => {
  const HOOK = globalId('TRULAYER', 'hook-1');
  const NULL_URL =
    'mutation ($v: URL = "https://a.example") { createWebhook(input: { trulayer: { url: $v, secret: "canary-canary-canary" } }) { webhookId } }';
  const NULL_NAME = `mutation ($v: String = "a") { sendTestEvent(input: { webhookId: "${HOOK}", eventName: $v, payload: { token: "canary" } }) { __typename } }`;

  test.each([
    ['a mutation', NULL_URL, 'input', 200],
    ['a test event', NULL_NAME, 'input', 200],
    ['a list of ids, whose cost it decides', 'query ($v: ID = "a") { nodes(ids: ["canary", $v]) { id } }', 'ids', 400],
    ['a directive', 'query ($v: Boolean = true) { __typename @include(if: $v) }', 'if', 200],
  ])('%s', async (_what, query, argument, status) => {
    const gateway = await listenWithStubs({ personio: () => ({ status: 500 }), trulayer: () => ({ status: 500 }) });
    // The second time it may be answered another way.
    for (const _ of [1, 2, 3]) {
      const answer = await gateway.send(jsonRequest({ query, variables: { v: null } }));
      const { errors = [] } = answer.json();
      expect([answer.status, errors.map(({ extensions }) => extensions)]).toMatchObject([
        status,
        [{ code: 'BAD_USER_INPUT', retryable: false, violations: [{ path: [argument], message: errors[0]?.message }] }],
      ]);
      expect(errors[0]?.message).toMatch(/^Argument "\w+" [^{["]+("\w+!")?[^{["]+$/);
      expect(answer.body.toString()).not.toMatch(CANARY);
    }
    expect([...gateway.personioCalls(), ...gateway.trulayerCalls()]).toEqual([]);
    expect(JSON.stringify(gateway.log)).not.toMatch(CANARY);
  });
});

test('a key that is shown is not repeated to whoever showed it', async () => {
  const gateway = await listenWithStubs({ environment: WITH_KEYS });
  const answer = await gateway.send(jsonRequest({ query: '{ __typename }' }, bearer(`${READ_KEY}-canary`)));
  expect(answer.body.toString() + JSON.stringify(answer.headers)).not.toMatch(CANARY);
});
