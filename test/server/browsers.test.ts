import { describe, expect, test } from 'vitest';
import { bearer, READ_KEY, WITH_KEYS } from '../support/callers.ts';
import { jsonRequest, listenWithStubs, type RawRequest } from '../support/listening-gateway.ts';

const QUERY = { query: '{ __typename }' };
const MUTATION = 'mutation { __typename }';

describe('what a foreign page can make a browser send without asking first is refused', () => {
  const simple: readonly (readonly [string, RawRequest, number])[] = [
    [
      'a form',
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `query=${MUTATION}` },
      403,
    ],
    [
      'a form in another spelling',
      {
        method: 'POST',
        headers: { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=utf-8' },
        body: `query=${MUTATION}`,
      },
      403,
    ],
    [
      'a text',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: JSON.stringify({ query: MUTATION }) },
      415,
    ],
    [
      'a text that pretends',
      {
        method: 'POST',
        headers: { 'content-type': 'text/plain; application/json' },
        body: JSON.stringify({ query: MUTATION }),
      },
      415,
    ],
    [
      'multipart',
      { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=b' }, body: '--b--' },
      415,
    ],
    ['a body of no type', { method: 'POST', body: JSON.stringify({ query: MUTATION }) }, 415],
    ['a mutation by GET', { path: `/graphql?query=${encodeURIComponent(MUTATION)}` }, 405],
  ];

  test.each(simple)('%s', async (_what, request, status) => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send({ ...request, headers: { origin: 'https://evil.example', ...request.headers } });
    expect(answer.status).toBe(status);
    expect(['FORBIDDEN', 'BAD_REQUEST']).toContain(answer.json().errors?.[0]?.extensions.code);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test.each(['x-hookgraph-csrf', 'apollo-require-preflight', 'x-apollo-operation-name'])(
    'a form is read with the header %s, which needs a preflight',
    async (header) => {
      const gateway = await listenWithStubs();
      const headers = { 'content-type': 'application/x-www-form-urlencoded', [header]: '1' };
      const answer = await gateway.send({ method: 'POST', headers, body: 'query={__typename}' });
      expect(answer.json()).toEqual({ data: { __typename: 'Query' } });
    },
  );
});

describe('CORS with listed origins', () => {
  const LISTED = 'https://app.example';
  const lists = [LISTED, `${LISTED},https://other.example:8443`];
  const open = (origins: string, environment = {}) =>
    listenWithStubs({ environment: { GATEWAY_CORS_ORIGINS: origins, ...environment } });
  const corsOf = (headers: Readonly<Record<string, unknown>>) =>
    Object.keys(headers).filter((name) => name.startsWith('access-control-'));

  describe.each(lists)('%s', (origins) => {
    test('a page of one may call, without cookies', async () => {
      const gateway = await open(origins);
      const { headers } = await gateway.send(jsonRequest(QUERY, { origin: LISTED }));
      expect(headers).toMatchObject({
        'access-control-allow-origin': LISTED,
        'access-control-expose-headers': 'x-request-id, retry-after',
      });
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
      expect(headers.vary).toContain('origin');
    });

    test.each([
      ['without a key', 401, jsonRequest(QUERY)],
      ['of a wrong path', 404, { ...jsonRequest(QUERY), path: '/graphq1' }],
      [
        'of an answer in no form that can be had',
        406,
        jsonRequest(QUERY, { ...bearer(READ_KEY), accept: 'image/png' }),
      ],
    ])('a page of one reads refusals too: %s', async (_what, expected, request) => {
      const gateway = await open(origins, WITH_KEYS);
      const { status, headers } = await gateway.send({ ...request, headers: { ...request.headers, origin: LISTED } });
      expect([status, headers['access-control-allow-origin']]).toEqual([expected, LISTED]);
      expect(headers['access-control-expose-headers']).toBe('x-request-id, retry-after');
    });

    test.each([
      'https://evil.example',
      'null',
      'http://app.example',
      'https://app.example.evil.example',
      'https://app.example:444',
      'HTTPS://APP.EXAMPLE',
      '*',
    ])('a page of %s gets no CORS header, with a preflight or without', async (origin) => {
      const gateway = await open(origins);
      const preflight = { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } };
      for (const request of [jsonRequest(QUERY, { origin }), preflight]) {
        const { headers } = await gateway.send(request);
        expect(corsOf(headers)).toEqual([]);
        expect(headers.vary).toContain('origin');
      }
    });
  });

  test('a preflight needs no key, and names the headers that may be sent', async () => {
    const gateway = await open(LISTED, { ...WITH_KEYS, GATEWAY_FORWARD_CREDENTIALS: 'true' });
    const preflight = {
      origin: LISTED,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-evil',
    };
    const { status, headers } = await gateway.send({ method: 'OPTIONS', headers: preflight });
    expect(status).toBe(204);
    expect(headers['access-control-allow-methods']).toBe('GET, POST');
    expect(headers['access-control-allow-headers']).toBe(
      'authorization, content-type, x-request-id, x-hookgraph-cost, x-hookgraph-csrf, apollo-require-preflight, x-apollo-operation-name, apollographql-client-name, apollographql-client-version, traceparent, tracestate, x-personio-authorization, x-trulayer-authorization',
    );
  });

  test.each([
    ['Apollo Client with a name and a version', ['apollographql-client-name', 'apollographql-client-version']],
    ['a page that is traced', ['traceparent', 'tracestate']],
  ])('%s may send what it adds by itself', async (_what, names) => {
    const gateway = await open(LISTED);
    const { headers } = await gateway.send({
      method: 'OPTIONS',
      headers: {
        origin: LISTED,
        'access-control-request-method': 'POST',
        'access-control-request-headers': ['content-type', ...names].join(','),
      },
    });
    const allowed = String(headers['access-control-allow-headers']).split(', ');
    expect(allowed).toEqual(expect.arrayContaining(['content-type', ...names]));
  });
});

describe('security headers', () => {
  const requests: readonly (readonly [string, RawRequest])[] = [
    ['an answer', jsonRequest(QUERY, bearer(READ_KEY))],
    ['a refusal', jsonRequest(QUERY)],
    ['an unknown path', { path: '/x' }],
    ['the health check', { path: '/health' }],
  ];
  test.each(requests)('%s has them', async (_what, request) => {
    const gateway = await listenWithStubs({ environment: WITH_KEYS });
    const { headers } = await gateway.send(request);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
  });
});

describe('production', () => {
  test('turns introspection, the SDL for composers, suggestions and GraphiQL off', async () => {
    const gateway = await listenWithStubs({ environment: { NODE_ENV: 'production' } });
    const strict = { accept: 'application/graphql-response+json' };
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "Webhook") { name } }',
      '{ _service { sdl } }',
      '{ webhookz { id } }',
    ]) {
      const answer = await gateway.send(jsonRequest({ query }, strict));
      expect(answer.status).toBe(400);
      expect(answer.body.toString()).not.toMatch(/Did you mean|WebhookConnection|webhooks"/);
    }
    const page = await gateway.send({ headers: { accept: 'text/html' } });
    expect(page.headers['content-type']).not.toContain('text/html');
  });

  test('keeps them where it is told so', async () => {
    const gateway = await listenWithStubs({ environment: { NODE_ENV: 'production', INTROSPECTION: 'true' } });
    const answer = await gateway.send(jsonRequest({ query: '{ _service { sdl } __schema { queryType { name } } }' }));
    expect(answer.json().errors).toBeUndefined();
  });
});

test.each([{}, WITH_KEYS, { GATEWAY_AUTH: 'none' }])(
  '/metrics is not on the public port with %j',
  async (environment) => {
    const gateway = await listenWithStubs({ environment });
    const { status, body } = await gateway.send({ path: '/metrics' });
    // In loopback mode it may be there: nobody else reaches it.
    if (Object.keys(environment).length > 0) expect(status).toBe(404);
    expect(body.toString()).not.toContain('hg_');
  },
);
