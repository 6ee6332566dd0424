import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bearer, READ_KEY, WITH_KEYS, WRITE_KEY } from '../support/callers.ts';
import { jsonRequest, listenWithStubs, type RawAnswer, type RawRequest } from '../support/listening-gateway.ts';
import { globalId } from '../support/stub-gateway.ts';

const QUERY = '{ __typename }';

/** The status and the codes; every refusal has a JSON body that names its request. */
function refusalOf(answer: RawAnswer): readonly [status: number, ...codes: unknown[]] {
  expect(answer.headers['content-type']).toMatch(/^application\/(json|graphql-response\+json)/);
  const { errors = [] } = answer.json();
  expect(errors.length).toBeGreaterThan(0);
  for (const { message, extensions } of errors) {
    expect(message).not.toBe('');
    expect(message).not.toMatch(/JSON\.parse|Unexpected token|position \d|URI malformed|call stack/i);
    expect(extensions.retryable).toBe(false);
    expect(extensions.requestId).toBe(answer.headers['x-request-id']);
    expect(extensions).not.toHaveProperty('http');
  }
  return [answer.status, ...errors.map(({ extensions }) => extensions.code)];
}

const graphqlGet = (parameters: string): RawRequest => ({ path: `/graphql?${parameters}` });
const form = (body: string): RawRequest => ({
  method: 'POST',
  // The header shows that no foreign page sends it.
  headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-hookgraph-csrf': '1' },
  body,
});
/** The same request in another encoding. */
const latin1 = (request: RawRequest): RawRequest => ({ ...request, body: Buffer.from(String(request.body), 'latin1') });

test.each([
  ['in any case', jsonRequest({ query: QUERY }, { 'content-type': 'Application/JSON; charset=UTF-8' })],
  [
    'with a blank before its parameters',
    jsonRequest({ query: QUERY }, { 'content-type': 'application/json ; charset=utf-8' }),
  ],
  [
    'with a blank before its parameters in a form too',
    {
      ...form(`query=${encodeURIComponent(QUERY)}`),
      headers: { 'content-type': 'application/x-www-form-urlencoded ;charset=utf-8', 'x-hookgraph-csrf': '1' },
    },
  ],
])('a media type is the same %s', async (_how, request) => {
  const gateway = await listenWithStubs();
  const answer = await gateway.send(request);
  expect([answer.status, answer.json()]).toEqual([200, { data: { __typename: 'Query' } }]);
});

describe('a request that cannot be read is BAD_REQUEST with HTTP 400', () => {
  const cases: readonly (readonly [string, RawRequest])[] = [
    ['broken JSON', jsonRequest('{"query": ')],
    ['JSON with a secret in it', jsonRequest('{"query": papi-secret}')],
    ['an empty body', jsonRequest('')],
    ['a body that is null', jsonRequest('null')],
    ['a body that is a text', jsonRequest('"{ __typename }"')],
    ['a body that is a number', jsonRequest('7')],
    ['a JSON array of operations', jsonRequest([{ query: QUERY }, { query: QUERY }])],
    ['an empty JSON array', jsonRequest([])],
    ['an array of one operation', jsonRequest([{ query: QUERY }])],
    ['no query', jsonRequest({})],
    ['a query that is null', jsonRequest({ query: null })],
    ['a query that is a number', jsonRequest({ query: 7 })],
    ['a query that is an object', jsonRequest({ query: {} })],
    ['an unknown parameter', jsonRequest({ query: QUERY, queryy: 1 })],
    ['variables that are a text', jsonRequest({ query: QUERY, variables: 'x' })],
    ['variables that are a list', jsonRequest({ query: QUERY, variables: [] })],
    ['extensions that are a text', jsonRequest({ query: QUERY, extensions: 'x' })],
    ['an operation name that is a number', jsonRequest({ query: QUERY, operationName: 7 })],
    [
      'lists in lists in lists',
      jsonRequest(`{"query":"${QUERY}","extensions":{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`),
    ],
    ['JSON that is not UTF-8', latin1(jsonRequest(JSON.stringify({ query: `${QUERY} # ü` })))],
    ['a form that is not UTF-8', latin1(form('query={__typename}&variables={"a":"ü"}'))],
    ['a GET without a query', { path: '/graphql' }],
    ['a GET with broken variables', graphqlGet('query={__typename}&variables={')],
    ['a GET with broken extensions', graphqlGet('query={__typename}&extensions={')],
    ['a GET with variables that are a list', graphqlGet('query={__typename}&variables=[]')],
    ['a GET with variables that are a number', graphqlGet('query={__typename}&variables=7')],
    ['a form with broken variables', form('query={__typename}&variables={')],
    ['a form with broken extensions', form('query={__typename}&extensions=[')],
    ['a form without a query', form('x=1')],
    ['an empty form', form('')],
  ];

  test.each(cases)('%s', async (_what, request) => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send(request);
    expect(answer.body.toString()).not.toContain('papi-secret');
    expect(refusalOf(answer)).toEqual([400, 'BAD_REQUEST']);
  });
});

test.each([
  ['without a word of it', 'application/json'],
  ['and says so', 'application/json; charset=iso-8859-1'],
])(
  'a write in Latin-1, %s, is refused before its umlauts are lost, however often it comes',
  async (_how, contentType) => {
    const gateway = await listenWithStubs({ personio: () => ({ body: { id: 'hook-1' } }) });
    const query =
      'mutation ($id: ID!, $description: String!) { updateWebhook(input: { id: $id, description: $description }) { webhookId } }';
    const body = JSON.stringify({ query, variables: { id: globalId('PERSONIO', 'hook-1'), description: 'Grüße' } });
    for (let sent = 1; sent <= 3; sent += 1) {
      expect((await gateway.send(jsonRequest(body))).status).toBe(200);
      const answer = await gateway.send(latin1(jsonRequest(body, { 'content-type': contentType })));
      expect(refusalOf(answer)).toEqual([400, 'BAD_REQUEST']);
      expect(answer.json().errors?.map(({ message }) => message)).toEqual(['The body is not UTF-8.']);
      expect(gateway.personioCalls()).toHaveLength(sent);
    }
  },
);

test.each([
  [
    'a GET, which has no body,',
    graphqlGet('query={__typename}&variables={'),
    'The parameters of the URL cannot be read.',
  ],
  ['a form', form('query={__typename}&variables={'), 'The request body cannot be read.'],
  ['a JSON body', jsonRequest('{"query": '), 'The request body cannot be read.'],
] as const)('%s with broken JSON is told where it is broken', async (_what, request, message) => {
  const gateway = await listenWithStubs();
  const { errors } = (await gateway.send(request)).json();
  expect(errors?.map((error) => error.message)).toEqual([message]);
});

test.each([
  ['several operations without a name', { query: 'query A { __typename } query B { __typename }' }],
  ['a name that no operation has', { query: 'query A { __typename }', operationName: 'C' }],
])('%s is told what to name', async (_what, body) => {
  const gateway = await listenWithStubs();
  const answer = await gateway.send(jsonRequest(body));
  expect(refusalOf(answer)).toEqual([400, 'BAD_REQUEST']);
  expect(answer.json().errors).toMatchObject([
    { message: 'Name one of the operations of the document in operationName.' },
  ]);
});

test.each([
  ['an empty query', jsonRequest({ query: '' })],
  ['a comment', jsonRequest({ query: '# nothing' })],
  ['a GET with broken percent encoding', graphqlGet('query=%E0%A4%A')],
  ['a form with broken percent encoding', form('query=%E0%A4%A')],
])('%s is GRAPHQL_PARSE_FAILED', async (_what, request) => {
  const gateway = await listenWithStubs();
  const [, ...codes] = refusalOf(await gateway.send(request));
  expect(codes).toEqual(['GRAPHQL_PARSE_FAILED']);
});

describe('another method or content type', () => {
  test.each(['PUT', 'DELETE', 'PATCH'])('%s is 405 BAD_REQUEST', async (method) => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send({ ...jsonRequest({ query: QUERY }), method });
    expect(refusalOf(answer)).toEqual([405, 'BAD_REQUEST']);
    expect(answer.headers.allow).toBe('GET, POST');
  });

  test.each(['text/html', 'application/xml', 'application/octet-stream', 'image/png', 'nonsense'])(
    'a body of %s is 415 BAD_REQUEST',
    async (contentType) => {
      const gateway = await listenWithStubs();
      const answer = await gateway.send(jsonRequest({ query: QUERY }, { 'content-type': contentType }));
      expect(refusalOf(answer)).toEqual([415, 'BAD_REQUEST']);
    },
  );

  test('a body without a content type is 415 BAD_REQUEST', async () => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send({ method: 'POST', body: JSON.stringify({ query: QUERY }) });
    expect(refusalOf(answer)).toEqual([415, 'BAD_REQUEST']);
  });

  test('multipart is refused', async () => {
    const gateway = await listenWithStubs();
    const body = [
      '--b',
      'content-disposition: form-data; name="operations"',
      '',
      '{"query":"{ __typename }"}',
      '--b',
      'content-disposition: form-data; name="map"',
      '',
      '{}',
      '--b--',
      '',
    ].join('\r\n');
    const answer = await gateway.send({
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body,
    });
    expect(refusalOf(answer)).toEqual([415, 'BAD_REQUEST']);
  });

  test('a client that accepts no JSON is 406 BAD_REQUEST', async () => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send(jsonRequest({ query: QUERY }, { accept: 'image/png' }));
    expect(refusalOf(answer)).toEqual([406, 'BAD_REQUEST']);
  });

  test.each<readonly [string, string]>([
    ['application/json;q=0, application/graphql-response+json', 'application/graphql-response+json'],
    ['*/*, application/json; Q = 0.000', 'application/graphql-response+json'],
    ['application/graphql-response+json;q=0,application/*', 'application/json'],
    ['application/*;q=0, application/graphql-response+json', 'application/graphql-response+json'],
    ['image/png;q=0, application/graphql-response+json, application/json', 'application/graphql-response+json'],
    ['text/event-stream, application/graphql-response+json, application/json;q=0', 'application/graphql-response+json'],
    ['application/json;q=0.0, application/json;q=0.001', 'application/json'],
    ['application/graphql-response+json, application/json;q=0.9', 'application/graphql-response+json'],
  ])('a client that accepts %s gets %s', async (accept, type) => {
    const gateway = await listenWithStubs({ environment: WITH_KEYS });
    const known = await gateway.send(jsonRequest({ query: '{ __typename }' }, { ...bearer(READ_KEY), accept }));
    const unknown = await gateway.send(jsonRequest({ query: '{ __typename }' }, { accept }));
    expect([known.status, known.headers['content-type']]).toEqual([200, `${type}; charset=utf-8`]);
    expect([unknown.status, unknown.headers['content-type']]).toEqual([401, `${type}; charset=utf-8`]);
  });

  test.each([
    'text/plain',
    'text/html',
    'image/png, text/plain;q=0.5',
    'application/json;charset=latin1',
    'application/json;q=0',
    'application/graphql-response+json; q=0.000, application/json;q=0',
    '*/*;q=0',
    'text/event-stream, application/json;q=0',
  ])(
    'a write whose client accepts only %s is not carried out, and nothing is taken from its account',
    async (accept) => {
      const gateway = await listenWithStubs({
        trulayer: () => ({ status: 201, body: {} }),
        environment: { ...WITH_KEYS, RATE_LIMIT_COST: '100' },
      });
      const query =
        'mutation { createWebhook(input: { trulayer: { url: "https://a.example", secret: "at-least-16-chars" } }) { webhookId } }';
      const headers = bearer(WRITE_KEY);
      for (let sent = 0; sent < 10; sent += 1) {
        const answer = await gateway.send(jsonRequest({ query }, { ...headers, accept }));
        expect(refusalOf(answer)).toEqual([406, 'BAD_REQUEST']);
        expect(answer.json().errors?.[0]?.message).toMatch(/^The answer can be application\/json or /);
      }
      expect(gateway.trulayerCalls()).toEqual([]);
      expect((await gateway.send(jsonRequest({ query }, headers))).status).toBe(200);
      expect(gateway.trulayerCalls()).toHaveLength(1);
    },
  );

  test.each([
    'application/json;q=0',
    '*/*;q=0',
    'application/graphql-response+json;q=0, application/json;q=0, image/png',
  ])('a mistake of a client that accepts only %s is not told in what it refuses, but 406', async (accept) => {
    const gateway = await listenWithStubs();
    for (const query of ['{', '{ nothing }', '{ webhooks(first: "x") { nodes { id } } }']) {
      const answer = await gateway.send(jsonRequest({ query }, { accept }));
      expect(refusalOf(answer)).toEqual([406, 'BAD_REQUEST']);
    }
  });

  test('a mistake of a client that accepts streams, and refuses JSON, is told', async () => {
    const gateway = await listenWithStubs();
    const accept = 'text/event-stream, application/json;q=0';
    const answer = await gateway.send(jsonRequest({ query: 'subscription { nothing }' }, { accept }));
    expect(refusalOf(answer)).toEqual([200, 'GRAPHQL_VALIDATION_FAILED']);
  });

  test('of an Accept of more than a thousand characters only those are read', async () => {
    const gateway = await listenWithStubs();
    const json = 'application/graphql-response+json';
    const type = async (accept: string) => {
      const { status, headers } = await gateway.send(jsonRequest({ query: QUERY }, { accept }));
      return [status, headers['content-type']];
    };
    const others = 'image/png,'.repeat(90);
    expect(await type(`${others}${json}`)).toEqual([200, `${json}; charset=utf-8`]);
    expect(await type(`${others}${json},${others}`)).toEqual([200, `${json}; charset=utf-8`]);
    expect(await type(`${others}${others}${json}`)).toEqual([406, 'application/json; charset=utf-8']);
    // What is cut off within is not read at all: half of a preference could be a refusal.
    expect(await type(`${json},${others}${'image/png,'.repeat(6)}${json};q=0.${'5'.repeat(100)}`)).toEqual([
      200,
      `${json}; charset=utf-8`,
    ]);
  });

  test.each([
    '',
    '*/*',
    'application/*',
    'text/plain, */*;q=0.1',
    'Application / JSON',
    'multipart/mixed',
    'text/event-stream',
  ])('a client that accepts %j is answered', async (accept) => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send(jsonRequest({ query: QUERY }, { accept }));
    expect([answer.status, answer.body.toString()]).toEqual([200, expect.stringContaining('"__typename":"Query"')]);
  });

  test('a mutation by GET is 405', async () => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send(graphqlGet(`query=${encodeURIComponent('mutation { __typename }')}`));
    expect(answer.status).toBe(405);
    expect(answer.json().errors).toHaveLength(1);
  });

  test('HEAD is answered without a fault', async () => {
    const gateway = await listenWithStubs();
    const { status } = await gateway.send({ method: 'HEAD' });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  test('another path is 404 with a JSON body that names the right one', async () => {
    const gateway = await listenWithStubs();
    for (const path of ['/', '/graph', '/graphql/x', '/..%2f..', '//', '/%00', '/?query={__typename}']) {
      const answer = await gateway.send({ path });
      expect(refusalOf(answer)).toEqual([404, 'BAD_REQUEST']);
      expect(answer.json().errors?.[0]?.message).toBe('There is nothing at this path; GraphQL is at /graphql.');
    }
  });
});

describe('a request that is too much', () => {
  const nested = (depth: number) => `${'{ a'.repeat(depth)}${' }'.repeat(depth)}`;
  const documents: readonly (readonly [string, string])[] = [
    ['8,000 nested selections', nested(8_000)],
    [
      'a list literal 50,000 deep',
      `{ webhooks(after: ${'['.repeat(50_000)}${']'.repeat(50_000)}) { edges { cursor } } }`,
    ],
    [
      'an object literal 20,000 deep',
      `{ webhooks(filter: ${'{a:'.repeat(20_000)}1${'}'.repeat(20_000)}) { edges { cursor } } }`,
    ],
    ['a type 20,000 deep', `query($a: ${'['.repeat(20_000)}Int${']'.repeat(20_000)}) { __typename }`],
    ['ten thousand fields', `{ ${'__typename '.repeat(10_000)} }`],
    ['ten thousand aliases', `{ ${Array.from({ length: 10_000 }, (_, index) => `a${index}: __typename`).join(' ')} }`],
    ['ten thousand directives', `{ __typename ${'@skip(if: false) '.repeat(10_000)} }`],
  ];

  test.each(documents)('%s is LIMIT_EXCEEDED with HTTP 400', async (_what, query) => {
    const gateway = await listenWithStubs();
    expect(refusalOf(await gateway.send(jsonRequest({ query })))).toEqual([400, 'LIMIT_EXCEEDED']);
  });

  test('variables 50,000 deep are refused without a fault', async () => {
    const gateway = await listenWithStubs();
    const filter = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const body = `{"query":"query($f: WebhookFilter) { webhooks(filter: $f) { edges { cursor } } }","variables":{"f":${filter}}}`;
    const [status] = refusalOf(await gateway.send(jsonRequest(body)));
    expect(status).toBe(400);
  });

  test('representations 50,000 deep are refused without a fault', async () => {
    const gateway = await listenWithStubs();
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const body = `{"query":"query($r: [_Any!]!) { _entities(representations: $r) { __typename } }","variables":{"r":${deep}}}`;
    const { status } = await gateway.send(jsonRequest(body));
    expect(status).toBeLessThan(500);
  });

  test('a body over 1 MB is 413 LIMIT_EXCEEDED', async () => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send(jsonRequest({ query: QUERY, variables: { x: 'y'.repeat(1_000_001) } }));
    expect(refusalOf(answer)).toEqual([413, 'LIMIT_EXCEEDED']);
  });

  test('a form of more than 64 KiB is 413 LIMIT_EXCEEDED, and one of less is read', async () => {
    const gateway = await listenWithStubs();
    const fill = (bytes: number) => `query=${QUERY}&x=`.padEnd(bytes, 'y');
    expect(refusalOf(await gateway.send(form(fill(65_537))))).toEqual([413, 'LIMIT_EXCEEDED']);
    expect((await gateway.send(form(fill(65_536)))).json()).toEqual({ data: { __typename: 'Query' } });
  });

  test('a body over 1 MB that does not say how long it is, is 413 as well', async () => {
    const gateway = await listenWithStubs();
    const request = jsonRequest(
      { query: QUERY, variables: { x: 'y'.repeat(1_000_001) } },
      { 'transfer-encoding': 'chunked' },
    );
    expect(refusalOf(await gateway.send(request))).toEqual([413, 'LIMIT_EXCEEDED']);
  });

  const MEGABYTE = 'y'.repeat(1_000_000);

  /** Sends half of a long body, and waits for the refusal, which does not wait for the rest. */
  async function refusedHalfway(hostHeader: string) {
    const gateway = await listenWithStubs();
    const { hostname, port } = new URL(gateway.url);
    const socket = connect({ host: hostname, port: Number(port) });
    onTestFinished(() => void socket.destroy());
    const answer = text(socket);
    const head = ['POST /graphql HTTP/1.1', hostHeader, 'connection: close', 'content-type: application/json'];
    socket.write(`${[...head, 'content-length: 2000000'].join('\r\n')}\r\n\r\n${MEGABYTE}`);
    await once(socket, 'data');
    return { gateway, socket, answer };
  }

  test.each([
    ['that is too long', 'host: localhost', 413],
    ['for a host that is none', 'host: [', 400],
  ])('a body %s can be sent to its end, and the refusal read then: no reset loses it', async (_, host, status) => {
    const { socket, answer } = await refusedHalfway(host);
    socket.write(MEGABYTE);
    expect(await answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test('a client may leave with half of such a body sent', async () => {
    const { gateway, socket, answer } = await refusedHalfway('host: localhost');
    socket.destroy();
    await expect(answer).rejects.toThrow('Premature close');
    expect((await gateway.send(jsonRequest({ query: QUERY }))).status).toBe(200);
  });

  test('a body just under 1 MB is read', async () => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send(jsonRequest({ query: QUERY, variables: { x: 'y'.repeat(990_000) } }));
    expect(answer.json()).toEqual({ data: { __typename: 'Query' } });
  });
});

describe('what is not malformed', () => {
  test('a query by GET is answered', async () => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send(graphqlGet('query={__typename}&variables={}&operationName='));
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ data: { __typename: 'Query' } });
  });

  test('a charset behind the content type does no harm', async () => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send(
      jsonRequest({ query: QUERY }, { 'content-type': 'application/json; charset=utf-8' }),
    );
    expect(answer.json()).toEqual({ data: { __typename: 'Query' } });
  });

  test('two operations without a name to choose by are refused', async () => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send(jsonRequest({ query: 'query A { __typename } query B { __typename }' }));
    const [status, code] = refusalOf(answer);
    expect(status).toBeLessThan(500);
    expect(code).toBe('BAD_REQUEST');
  });
});
