import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadSettings } from '../../src/config/load-config.ts';
import type { Environment } from '../../src/config/variable.ts';
import { createGateway } from '../../src/gateway.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { bearer, READ_KEY, WITH_KEYS } from '../support/callers.ts';
import { answer as answerUpstream, startFaultUpstream, until } from '../support/fault-upstream.ts';
import { globalId } from '../support/stub-gateway.ts';
import { startStubUpstream } from '../support/stub-upstream.ts';
import { personioPage, personioWebhooks } from '../support/upstream-rows.ts';

/** A POST, byte by byte; what is absent is as nearly all clients send it. */
interface Post {
  readonly body?: string | Buffer | object;
  /** Header lines; null: the line that is sent otherwise is left out. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly without?: readonly string[];
  readonly path?: string;
  readonly method?: string;
}

const QUERY = 'query Q($first: Int = 200) { webhooks(first: $first) { nodes { id url } } }';
const HOOK = globalId('PERSONIO', 'hook-1');

async function open(when: 'once' | 'twice', environment: Environment): Promise<string> {
  const gateway = createGateway({
    settings: loadSettings({ PORT: '0', RETRY_MAX: '0', ...environment }),
    providers: PROVIDERS.map((provider) => provider.configure(environment)),
    isSandbox: false,
    logger: createLogger({ level: 'silent' }),
    directAfter: when,
  });
  onTestFinished(gateway.close);
  return gateway.listen();
}

async function stubbed(environment: Environment = {}): Promise<Environment> {
  const upstream = await startStubUpstream(({ url }) => {
    if (url.startsWith('/v2/webhooks?')) return personioPage(personioWebhooks(3));
    return url.endsWith('hook-1') ? { body: personioWebhooks(1)[0] } : { status: 404, body: {} };
  });
  onTestFinished(upstream.close);
  return { PERSONIO_BASE_URL: upstream.baseUrl, PERSONIO_ACCESS_TOKEN: 'papi-test-token', ...environment };
}

function bytesOf({ body = { query: QUERY }, headers = [], without = [], path = '/graphql', method = 'POST' }: Post) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const own = new Set([...headers.map(([name]) => name.toLowerCase()), ...without]);
  const usual = [
    ['host', 'localhost'],
    ['content-type', 'application/json'],
    ['content-length', String(bytes.length)],
    ['connection', 'close'],
  ].filter(([name = '']) => !own.has(name));
  const lines = [...usual, ...headers].map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), bytes]);
}

async function exchange(url: string, bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(bytes);
  return text(socket);
}

/** The header that stands first tells who has written the answer: nothing else in it may. */
const isDirect = (answer: string) => answer.split('\r\n')[1] === 'x-content-type-options: nosniff';

/** Without the order of the headers, the time, and the request's id where the client chose none. */
function comparable(answer: string): unknown {
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  const [status, ...lines] = head.split('\r\n');
  const headers = lines.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase())).sort();
  const told = JSON.stringify({ status, headers: headers.filter((line) => !line.startsWith('date:')), rest });
  return JSON.parse(told.replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}/g, 'a new id').replace(/\\"traceId.*?,/g, ''));
}

/**
 * Sends the same to gateways that meet it in every way: directly at first sight; with the operation still unknown, so that
 * the body is read twice; past the direct way; and directly since it has come twice. Expects one answer, and returns it.
 */
async function inEveryWay(environment: Environment, post: Post, goesDirectly: boolean): Promise<string> {
  const [first, second] = [await open('once', environment), await open('twice', environment)];
  const send = (url: string, sent: Post) => exchange(url, bytesOf(sent));
  const direct = await send(first, post);
  const replayed = await send(second, post);
  // A media type in this spelling is not in a hurry.
  const hasOwnType = post.headers?.some(([name]) => name === 'content-type') || post.without?.includes('content-type');
  const patient: Post = hasOwnType
    ? post
    : { ...post, headers: [...(post.headers ?? []), ['content-type', 'application/json;charset=utf-8']] };
  const ordinary = await send(second, patient);
  const known = await send(second, post);
  expect(comparable(direct)).toEqual(comparable(ordinary));
  expect(comparable(replayed)).toEqual(comparable(ordinary));
  expect(comparable(known)).toEqual(comparable(ordinary));
  expect([direct, replayed, ordinary, known].map(isDirect)).toEqual([goesDirectly, false, false, goesDirectly]);
  return ordinary;
}

const raw = (...parts: readonly (string | readonly number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));
const header = (name: string, value: string): Post => ({ headers: [[name, value]] });

const DIRECT: readonly (readonly [string, Post])[] = [
  ['the ordinary request', {}],
  ['variables', { body: { query: QUERY, variables: { first: 2 } } }],
  ['variables that are null', { body: { query: QUERY, variables: null } }],
  ['a variable that is null', { body: { query: QUERY, variables: { first: null } } }],
  ['a variable too many', { body: { query: QUERY, variables: { first: 1, other: 'x' } } }],
  ['an operation name', { body: { query: `${QUERY} query R { __typename }`, operationName: 'R' } }],
  ['an operation name that is null', { body: { query: QUERY, operationName: null } }],
  ['empty extensions', { body: { query: QUERY, extensions: {} } }],
  ['a member twice', { body: `{"query":"{ nothing }","query":${JSON.stringify(QUERY)}}` }],
  ['a variable of a prototype', { body: `{"query":${JSON.stringify(QUERY)},"variables":{"__proto__":{"first":1}}}` }],
  [
    'a variable that is named like a prototype',
    { body: { query: 'query ($constructor: ID = "x") { webhook(id: $constructor) { id } }' } },
  ],
  [
    'an absent variable that is named like what every object has',
    { body: { query: 'query ($toString: String) { webhooks(first: 2, after: $toString) { nodes { id } } }' } },
  ],
  [
    'an alias that JSON has a use for',
    { body: { query: `{ toJSON: webhook(id: "${HOOK}") { url then: id } then: webhooks { toJSON: nodes { id } } }` } },
  ],
  ['an error, and null in its place', { body: { query: '{ webhook(id: "x") { id } __typename }' } }],
  [
    'an argument that one null in it makes unfit',
    { body: { query: 'query ($i: ID = "x") { webhook(id: $i) { id } __typename }', variables: { i: null } } },
  ],
  [
    'an error that makes everything null',
    {
      ...header('accept', 'application/graphql-response+json'),
      body: { query: '{ webhooks(first: -1) { nodes { id } } }' },
    },
  ],
  ['accept of JSON', header('accept', 'application/json')],
  ['accept of the newer type', header('accept', 'application/graphql-response+json, application/json')],
  ['accept in another order', header('accept', 'application/json, application/graphql-response+json')],
  ['accept with preferences', header('accept', 'application/graphql-response+json;q=0.1, application/json;q=0.9')],
  ['accept as Apollo Client sends it', header('accept', 'application/graphql-response+json,application/json;q=0.9')],
  ['accept of streams too', header('accept', 'text/event-stream, application/json')],
  ['a page of another origin', header('origin', 'https://evil.example')],
  ['a request id', header('x-request-id', 'mine-1')],
  ['a request id that forges', header('x-request-id', 'mine 1')],
  [
    'two request ids',
    {
      headers: [
        ['x-request-id', 'a'],
        ['x-request-id', 'b'],
      ],
    },
  ],
  ['a trace', header('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')],
  ['a charset', header('content-type', 'application/json; charset=utf-8')],
];

const ORDINARY: readonly (readonly [string, Post])[] = [
  ['bytes that are no UTF-8', { body: raw('{"query":"{ webhook(id: \\"', [0xff, 0xc3, 0x28], '\\") { id } }"}') }],
  ['a surrogate on its own', { body: '{"query":"{ webhook(id: \\"\\ud800\\") { id } }"}' }],
  ['a BOM', { body: raw([0xef, 0xbb, 0xbf], JSON.stringify({ query: QUERY })) }],
  ['no body', { body: '' }],
  ['a batch', { body: [{ query: QUERY }] }],
  ['extensions that are a text', { body: { query: QUERY, extensions: 'x' } }],
  ['extensions that are a list', { body: { query: QUERY, extensions: [] } }],
  ['a document id where none are kept', { body: { query: QUERY, documentId: 'x' } }],
  ['an unknown member', { body: { query: QUERY, more: 1 } }],
  ['a member named like a prototype', { body: `{"query":${JSON.stringify(QUERY)},"__proto__":{"x":1}}` }],
  [
    'a variable that is called as the prototype',
    {
      body: `{"query":"query ($__proto__: ID!) { webhook(id: $__proto__) { id } }","variables":{"__proto__":"${HOOK}"}}`,
    },
  ],
  ['an unknown operation name', { body: { query: QUERY, operationName: 'Z' } }],
  ['an empty operation name', { body: { query: QUERY, operationName: '' } }],
  ['two operations, and no name', { body: { query: `${QUERY} query R { __typename }` } }],
  ['a number beyond all', { body: `{"query":${JSON.stringify(QUERY)},"variables":{"first":1e999}}` }],
  ['a broken document', { body: { query: '# nothing' } }],
  ['an invalid document', { body: { query: '{ nothing }' } }],
  ['a variable that does not fit', { body: { query: QUERY, variables: { first: 'x' } } }],
  [
    'null for what must not be',
    {
      body: {
        query: 'query ($i: ID = "x") { webhook(id: $i) { activity(first: 200) { nodes { id } } } }',
        variables: { i: 7.5 },
      },
    },
  ],
  ['a wish for the cost', header('x-hookgraph-cost', '1')],
  ['accept of half a wildcard', header('accept', 'application/*, application/graphql-response+json')],
  ['accept that refuses JSON', header('accept', 'application/json;q=0')],
  ['accept of anything but JSON', header('accept', '*/*, application/json; Q=0.0')],
  ['accept of images', header('accept', 'image/png')],
  ['accept of another charset', header('accept', 'application/json;charset=latin1')],
  ['accept that is long', header('accept', `${'image/png,'.repeat(99)} application/json`)],
  ['accept that names JSON beyond what is read', header('accept', `${'image/png,'.repeat(200)} application/json`)],
  ['plain text', header('content-type', 'text/plain')],
  ['a form', header('content-type', 'application/x-www-form-urlencoded')],
  ['no media type', { without: ['content-type'] }],
  ['a foreign Host', header('host', 'evil.example')],
  [
    'a foreign Host behind that of this machine',
    {
      headers: [
        ['host', 'localhost'],
        ['host', 'evil.example'],
      ],
    },
  ],
  ['an absolute URL', { path: 'http://localhost/graphql' }],
  ['a query string', { path: '/graphql?x=1' }],
  ['PUT', { method: 'PUT' }],
  ['a coding', header('content-encoding', 'gzip')],
];

describe('a request is answered the same in every way', () => {
  test.each(DIRECT)('%s: directly', async (_what, post) => {
    await inEveryWay(await stubbed(), post, true);
  });
  test.each(ORDINARY)('%s: not directly', async (_what, post) => {
    await inEveryWay(await stubbed(), post, false);
  });
});

test('a short answer that is not all ASCII arrives as it was written', async () => {
  const description = 'Für „Größen“ – naïve ✓';
  const upstream = await startStubUpstream(() => ({ body: { ...personioWebhooks(1)[0], description } }));
  onTestFinished(upstream.close);
  const environment = { PERSONIO_BASE_URL: upstream.baseUrl, PERSONIO_ACCESS_TOKEN: 'papi-test-token' };
  const query = `{ webhook(id: "${HOOK}") { description } }`;
  expect(await inEveryWay(environment, { body: { query } }, true)).toContain(description);
});

test('an empty operation name is refused, also where the document is known without a name', async () => {
  const url = await open('twice', await stubbed());
  const send = (operation: object) => exchange(url, bytesOf({ body: { query: QUERY, ...operation } }));
  const answers = [await send({}), await send({}), await send({}), await send({ operationName: '' })];
  expect(answers.map((text) => text.slice(9, 12))).toEqual(['200', '200', '200', '400']);
  expect(isDirect(answers[2] ?? '')).toBe(true);
});

describe('callers', () => {
  const authorization = bearer(READ_KEY).authorization;
  test.each<readonly [string, Post, boolean]>([
    ['a key', header('authorization', authorization), true],
    [
      'a key twice',
      {
        headers: [
          ['authorization', authorization],
          ['authorization', 'Bearer other'],
        ],
      },
      true,
    ],
    [
      'another key first',
      {
        headers: [
          ['authorization', 'Bearer other'],
          ['authorization', authorization],
        ],
      },
      false,
    ],
    ['no key', {}, false],
    ['a key without its scheme', header('authorization', READ_KEY), false],
    ['a key with more behind it', header('authorization', `${authorization} x`), false],
    ['a key of another scheme', header('authorization', `Basic ${READ_KEY}`), false],
    [
      'a key that may not do this',
      {
        ...header('authorization', authorization),
        body: { query: `mutation { pingWebhook(input: { id: "${HOOK}" }) { webhookId } }` },
      },
      true,
    ],
  ])('%s', async (_what, post, goesDirectly) => {
    await inEveryWay(await stubbed(WITH_KEYS), post, goesDirectly);
  });

  test('a page of a listed origin, and one that is not listed', async () => {
    const environment = await stubbed({ ...WITH_KEYS, GATEWAY_CORS_ORIGINS: 'https://app.example' });
    const key = ['authorization', authorization] as const;
    await inEveryWay(environment, { headers: [key] }, true);
    await inEveryWay(environment, { headers: [key, ['origin', 'https://app.example']] }, false);
    await inEveryWay(environment, { headers: [key, ['origin', 'https://evil.example']] }, false);
  });

  test('whoever has spent its account is refused alike, and nothing is taken for it', async () => {
    const environment = await stubbed({ ...WITH_KEYS, RATE_LIMIT_COST: '100' });
    const outcomes = async (when: 'once' | 'twice', contentType: string) => {
      const url = await open(when, environment);
      const answers: string[] = [];
      for (const first of [10, 10, 10, 1]) {
        const headers = [['authorization', authorization] as const, ['content-type', contentType] as const];
        answers.push(await exchange(url, bytesOf({ headers, body: { query: QUERY, variables: { first } } })));
      }
      return answers;
    };
    const ordinary = await outcomes('twice', 'application/json;charset=utf-8');
    const direct = await outcomes('once', 'application/json');
    expect(direct.map(comparable)).toEqual(ordinary.map(comparable));
    expect(direct.map((answer) => answer.slice(9, 12))).toEqual(['200', '200', '429', '200']);
    expect(direct.map(isDirect)).toEqual([true, true, false, true]);
  });
});

describe('an operation that is known', () => {
  async function acquainted(environment: Environment, query: string, variables: object) {
    const url = await open('twice', environment);
    const send = (given: object) => exchange(url, bytesOf({ body: { query, variables: given } }));
    for (let times = 0; times < 3; times++) await send(variables);
    return send;
  }

  test('is not taken for cheap since it was with null', async () => {
    const send = await acquainted(await stubbed({ LIMIT_COST: '100' }), QUERY, { first: null });
    expect(await send({})).toContain('LIMIT_EXCEEDED');
  });

  test('is refused with null where no null may stand', async () => {
    const query = 'query Q($first: Int! = 1) { webhooks(first: $first) { nodes { id } } }';
    const send = await acquainted(await stubbed(), query, {});
    expect(await send({ first: null })).toContain('BAD_USER_INPUT');
  });
});

describe('a connection', () => {
  test('with several requests at once is answered in their order', async () => {
    const url = await open('once', await stubbed());
    const one = (alias: string, connection: string) =>
      bytesOf({ headers: [['connection', connection]], body: { query: `{ ${alias}: webhooks { nodes { id } } }` } });
    const answers = await exchange(
      url,
      Buffer.concat([one('a', 'keep-alive'), one('b', 'keep-alive'), one('c', 'close')]),
    );
    expect([...answers.matchAll(/\{"data":\{"(\w)"/g)].map(([, alias]) => alias)).toEqual(['a', 'b', 'c']);
  });

  test('of a client that waits to be told to go on', async () => {
    const url = await open('once', await stubbed());
    const answer = await exchange(url, bytesOf(header('expect', '100-continue')));
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    expect(isDirect(answer.slice(answer.indexOf('HTTP/1.1 200')))).toBe(true);
  });

  test.each(['once', 'twice'] as const)('of a client that leaves ends the call upstream (%s)', async (when) => {
    const upstream = await startFaultUpstream((socket, _request, index) => {
      if (index > 9) answerUpstream(socket, 200, {});
    });
    const url = await open(when, { PERSONIO_BASE_URL: upstream.baseUrl, PERSONIO_ACCESS_TOKEN: 'papi-test-token' });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(bytesOf({}));
    await until(() => upstream.requests.length === 1);
    socket.destroy();
    await until(() => upstream.openSockets() === 0);
  });

  test('of a client that is too slow for an operation gets the same UPSTREAM_TIMEOUT', async () => {
    const upstream = await startFaultUpstream(() => {});
    const environment = {
      PERSONIO_BASE_URL: upstream.baseUrl,
      PERSONIO_ACCESS_TOKEN: 'papi-test-token',
      OPERATION_TIMEOUT_MS: '200',
    };
    expect(await inEveryWay(environment, {}, true)).toContain('UPSTREAM_TIMEOUT');
  });
});
