import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Environment } from '../../src/config/variable.ts';
import { bearer, READ_KEY, WITH_KEYS } from '../support/callers.ts';
import { createGate } from '../support/gate.ts';
import { openGateway } from '../support/gateway.ts';
import { jsonRequest, listenWithStubs, type RawRequest, send } from '../support/listening-gateway.ts';
import { openStubGateway } from '../support/stub-gateway.ts';
import { personioPage, personioWebhooks, trulayerId, trulayerWebhooks } from '../support/upstream-rows.ts';

const TYPENAME = jsonRequest({ query: '{ __typename }' });
const withHeaders = (request: RawRequest, headers: Readonly<Record<string, string>>): RawRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
});

describe('the Host of a request', () => {
  test.each([
    'localhost',
    'LOCALHOST',
    'localhost:4000',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.9.8.7',
    '[::1]',
    '[::1]:4000',
  ])('%s is answered', async (host) => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send(withHeaders(TYPENAME, { host }));
    expect(answer.json()).toEqual({ data: { __typename: 'Query' } });
  });

  test.each([
    'example.com',
    'localhost.evil.com',
    'evil.com:4000',
    'evil-localhost',
    'localhost.',
    '127.0.0.1.evil',
    '127.0.0.1.evil.com:4000',
    '0.0.0.0',
    '10.0.0.1',
    '[::2]',
    '[::ffff:10.0.0.1]',
    'localhost@evil.com',
    'evil.com#localhost',
  ])('%s is 403 FORBIDDEN, whatever is asked', async (host) => {
    const origin = 'https://app.example';
    const gateway = await listenWithStubs({ environment: { GATEWAY_CORS_ORIGINS: origin } });
    const requests = [
      TYPENAME,
      { path: '/graphql', headers: { accept: 'text/html' } },
      { path: '/health' },
      { path: '/x' },
      { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } },
    ];
    for (const request of requests) {
      const answer = await gateway.send(withHeaders(request, { host }));
      expect(answer.status).toBe(403);
      expect(answer.json().errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN', requestId: answer.headers['x-request-id'] } },
      ]);
    }
  });

  test.each([
    '1127.0.0.1',
    '::1',
    'localhost:4000:1',
    'localhost, evil.com',
    'local host',
    'localhost:99999',
    '[::1',
    '%',
  ])('%s cannot be read and is 400 BAD_REQUEST, also behind a good request to the same path', async (host) => {
    const gateway = await listenWithStubs();
    expect((await gateway.send(withHeaders(TYPENAME, { host: 'localhost' }))).status).toBe(200);
    const answer = await gateway.send(withHeaders(TYPENAME, { host }));
    expect(answer.status).toBe(400);
    expect(answer.json().errors).toMatchObject([
      { extensions: { code: 'BAD_REQUEST', requestId: answer.headers['x-request-id'] } },
    ]);
  });

  test.each([
    ['loopback names are answered', {}],
    ['keys are asked for', WITH_KEYS],
  ])('is named once: two are 400 BAD_REQUEST, whichever is right, where %s', async (_what, environment) => {
    const gateway = await listenWithStubs({ environment });
    const { hostname, port } = new URL(gateway.url);
    for (const [first, second] of [
      ['localhost', 'evil.example'],
      ['evil.example', 'localhost'],
      ['localhost', 'localhost'],
    ]) {
      const socket = connect({ host: hostname, port: Number(port) });
      const key = `Authorization: ${bearer(READ_KEY).authorization}\r\n`;
      const end = `HOST: ${second}\r\nConnection: close\r\n\r\n`;
      socket.end(`GET /graphql?query={__typename} HTTP/1.1\r\nHost: ${first}\r\n${key}${end}`);
      const answer = await text(socket);
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      expect(answer).toContain('"code":"BAD_REQUEST"');
    }
  });

  test.each([
    ['loopback names are answered', {}],
    ['keys are asked for', WITH_KEYS],
  ])('is named once, however many lines stand between the two, where %s', async (_what, environment) => {
    const gateway = await listenWithStubs({ environment });
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(gateway.url).port) });
    // Node reads the first thousand lines, unless it is told to read all.
    const between = Array.from({ length: 1_500 }, (_, index) => `x-${index}: 1\r\n`).join('');
    const { authorization } = bearer(READ_KEY);
    const first = `Host: localhost\r\nAuthorization: ${authorization}\r\nConnection: close\r\n`;
    socket.end(`GET /graphql?query={__typename} HTTP/1.1\r\n${first}${between}Host: evil.example\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 /);
  });

  test('is not the one in a whole URL, as a proxy gets it: 400 BAD_REQUEST, whatever stands in either', async () => {
    const gateway = await listenWithStubs();
    for (const name of ['evil.example', 'localhost']) {
      const answer = await gateway.send({
        path: `http://${name}/graphql?query={__typename}`,
        headers: { host: 'localhost' },
      });
      expect(answer.status).toBe(400);
      expect(answer.json().errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
    }
  });

  test.each(['GET /graphql?query={__typename} HTTP/1.1\r\nHost:\r\n', 'GET /graphql?query={__typename} HTTP/1.0\r\n'])(
    'that is not given is refused: %j',
    async (head) => {
      const gateway = await listenWithStubs();
      const socket = connect({ host: '127.0.0.1', port: Number(new URL(gateway.url).port) });
      socket.end(`${head}Connection: close\r\n\r\n`);
      const [statusLine] = (await text(socket)).split('\r\n');
      expect(statusLine).toMatch(/^HTTP\/1.1 403 /);
    },
  );
});

describe('CORS is off', () => {
  const origin = 'https://evil.example';

  test.each([
    ['a query', withHeaders(TYPENAME, { origin })],
    ['a refusal', withHeaders(jsonRequest('{'), { origin })],
    ['GraphiQL', { headers: { accept: 'text/html', origin } }],
    ['the health check', { path: '/health', headers: { origin } }],
    ['an unknown path', { path: '/x', headers: { origin } }],
    [
      'a preflight',
      {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      },
    ],
    ['a page without an origin of its own', withHeaders(TYPENAME, { origin: 'null' })],
  ])('%s gets no CORS header', async (_what, request) => {
    const gateway = await listenWithStubs();
    const { headers } = await gateway.send(request);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

describe('health', () => {
  test('/health and /ready answer, with both upstreams down', async () => {
    const gateway = await listenWithStubs({ personio: () => ({ status: 503 }), trulayer: () => ({ status: 503 }) });
    await gateway.query('{ webhooks { edges { cursor } } }');
    const health = await gateway.send({ path: '/health' });
    const ready = await gateway.send({ path: '/ready' });
    expect([health.status, health.json()]).toEqual([200, { status: 'ok' }]);
    expect([ready.status, ready.json()]).toEqual([200, { status: 'ready' }]);
  });

  test('a path or query that only ends like it is nothing special', async () => {
    const gateway = await listenWithStubs();
    const path = await gateway.send({ path: '/graphql/health' });
    const query = await gateway.send({ path: '/graphql?query={__typename}&x=/health' });
    expect(path.status).toBe(404);
    expect(query.json()).toEqual({ data: { __typename: 'Query' } });
  });

  test('neither asks an upstream', async () => {
    const gateway = await listenWithStubs({ personio: () => personioPage([]) });
    await gateway.send({ path: '/health' });
    await gateway.send({ path: '/ready' });
    expect(gateway.personioCalls()).toEqual([]);
  });
});

describe('x-request-id', () => {
  test.each(['abc', 'A-b_c.1', '01J9ZK3V4Y5X6W7V8U9T0S1R2Q', 'x'.repeat(64)])('%s is echoed', async (id) => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send(withHeaders(jsonRequest({ query: '{ nothing }' }), { 'x-request-id': id }));
    expect(answer.headers['x-request-id']).toBe(id);
    expect(answer.json().errors?.[0]?.extensions.requestId).toBe(id);
  });

  test.each(['', 'a b', 'a"b', '<script>', 'a,b', 'x'.repeat(65), 'é'])('%j is replaced by a new one', async (id) => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send(withHeaders(TYPENAME, { 'x-request-id': id }));
    expect(answer.headers['x-request-id']).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  });

  test('is the same in every error of an operation, and new for each request', async () => {
    const gateway = await listenWithStubs({ personio: () => ({ status: 503 }), trulayer: () => ({ status: 503 }) });
    const ask = () => gateway.send(jsonRequest({ query: '{ webhooks { nodes { id } edges { cursor } } }' }));
    const [first, second] = [await ask(), await ask()];
    const ids = first.json().errors?.map(({ extensions }) => extensions.requestId);
    expect(ids).toEqual(Array(4).fill(first.headers['x-request-id']));
    expect(first.headers['x-request-id']).not.toBe(second.headers['x-request-id']);
  });
});

describe('the text of an answer', () => {
  test.each([
    ['ASCII', 'x'],
    ['Latin-1', 'ü'],
    ['more than Latin-1', '日'],
    ['surrogate pairs', '💥'],
  ])('of %s arrives whole, in the length that it says, whether it is short or long', async (_what, character) => {
    const [row] = personioWebhooks(1);
    for (const length of [0, 1, 3_800, 4_096, 20_000]) {
      const description = character.repeat(length);
      const gateway = await listenWithStubs({ personio: () => ({ body: { ...row, description } }) });
      const query = '{ webhookByProviderId(provider: PERSONIO, providerId: "hook-1") { description } }';
      const answer = await gateway.send(jsonRequest({ query }));
      expect(answer.json()).toEqual({ data: { webhookByProviderId: { description } } });
      expect(answer.headers['content-length']).toBe(String(answer.body.length));
    }
  });
});

describe('a client that leaves', () => {
  test('has its upstream call aborted', async () => {
    const arrived = createGate();
    const closed = createGate();
    const upstream = createServer((incoming) => {
      incoming.socket.on('close', closed.open);
      arrived.open();
    });
    upstream.listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    onTestFinished(() => void upstream.close());
    const { port } = upstream.address() as AddressInfo;
    const gateway = openGateway({
      PERSONIO_BASE_URL: `http://127.0.0.1:${port}`,
      PERSONIO_ACCESS_TOKEN: 'papi-test-token',
    });
    onTestFinished(gateway.close);
    const url = await gateway.gateway.listen();

    const departure = new AbortController();
    const answer = fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ webhooks { edges { cursor } } }' }),
      signal: departure.signal,
    });
    await arrived.opened;
    departure.abort();
    await expect(answer).rejects.toThrow('aborted');
    // How soon is measured where nothing else runs: test/faults/gateway-departures.test.ts.
    await closed.opened;
    expect(gateway.log.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });
});

describe('a client that takes nothing of its answer', () => {
  test('is cut in time also where its connection has had an answer of another kind', async () => {
    const accepted: Socket[] = [];
    const note = (message: unknown) => accepted.push(Reflect.get(Object(message), 'socket'));
    subscribe('net.server.socket', note);
    onTestFinished(() => void unsubscribe('net.server.socket', note));
    const arrived = createGate();
    const gateway = await listenWithStubs({
      personio: () => {
        arrived.open();
        return new Promise(() => {});
      },
    });
    const port = Number(new URL(gateway.url).port);
    const client = connect({ host: '127.0.0.1', port });
    onTestFinished(() => void client.destroy());
    const head = 'host: localhost\r\naccept: text/event-stream\r\n\r\n';
    const stream = `GET /graphql?query=subscription{nothing} HTTP/1.1\r\n${head}`;
    const slow = `GET /graphql?query={webhooks{edges{cursor}}} HTTP/1.1\r\n${head}`;
    client.write(`GET /nothing HTTP/1.1\r\n${head}${stream}${slow}`);
    await arrived.opened;
    // What has been written by now is read, so that only the last answer is under way.
    let read = '';
    for await (const chunk of client) {
      read += chunk;
      if (read.includes('GRAPHQL_VALIDATION_FAILED') && read.endsWith('0\r\n\r\n')) break;
    }
    // Nobody has two minutes for a test: how long the connection is watched for.
    expect(accepted.filter(({ localPort }) => localPort === port).map(({ timeout }) => timeout)).toEqual([145_000]);
  });
});

describe('the deadline of an operation', () => {
  test('ends it with what there is, and UPSTREAM_TIMEOUT for the rest', async () => {
    const gateway = await listenWithStubs({
      personio: () => new Promise(() => {}),
      trulayer: () => ({ body: { webhooks: trulayerWebhooks(1) } }),
      environment: { OPERATION_TIMEOUT_MS: '300' },
    });
    const answer = await gateway.send(
      jsonRequest({ query: '{ webhooks { edges { node { providerId } } unavailableProviders } }' }),
    );
    expect(answer.status).toBe(200);
    const { data, errors } = answer.json();
    expect(data).toEqual({
      webhooks: { edges: [null, { node: { providerId: trulayerId(1) } }], unavailableProviders: ['PERSONIO'] },
    });
    expect(errors).toMatchObject([
      {
        path: ['webhooks', 'edges', 0],
        extensions: { code: 'UPSTREAM_TIMEOUT', provider: 'PERSONIO', retryable: true, upstream: { status: null } },
      },
    ]);
  });
});

describe('GraphiQL', () => {
  const page: RawRequest = { headers: { accept: 'text/html' } };

  test('is one document with a strict policy, and needs no other host', async () => {
    const gateway = await listenWithStubs();
    const { status, headers, body } = await gateway.send(page);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'sha256-[\w+/=]+'/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(policy).not.toMatch(/https?:|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    const html = body.toString();
    expect(html).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)="(https?:)?\/\//i);
  });

  test('travels compressed to whoever takes gzip', async () => {
    const gateway = await listenWithStubs();
    const plain = await gateway.send(page);
    const gzipped = await gateway.send(withHeaders(page, { 'accept-encoding': 'gzip, br' }));
    expect(gzipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzipped.body).equals(plain.body)).toBe(true);
    expect(gzipped.body.length).toBeLessThan(plain.body.length / 2);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(gzipped.headers.vary).toContain('accept-encoding');
  });

  test('is in memory once, however many have asked for it and never read it', async () => {
    const gateway = await listenWithStubs();
    const { body } = await gateway.send(page);
    const before = process.memoryUsage().arrayBuffers;
    for (let reader = 0; reader < 10; reader += 1) {
      const socket = connect({ host: '127.0.0.1', port: Number(new URL(gateway.url).port) });
      onTestFinished(() => void socket.destroy());
      socket.write('GET /graphql HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\n\r\n');
      // Its first bytes have come, and nobody takes them.
      await once(socket, 'readable');
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(3 * body.length);
  });

  test('is not sent again to whoever has it', async () => {
    const gateway = await listenWithStubs();
    const { headers } = await gateway.send(page);
    const etag = String(headers.etag);
    const again = await gateway.send(withHeaders(page, { 'if-none-match': etag }));
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, etag]);
    const other = await gateway.send(withHeaders(page, { 'if-none-match': '"other"' }));
    expect(other.status).toBe(200);
  });

  test('is where a browser that opens / ends up', async () => {
    const gateway = await listenWithStubs();
    const { status, headers } = await gateway.send({ path: '/', headers: { accept: 'text/html' } });
    expect([status, headers.location]).toEqual([302, '/graphql']);
  });

  test('is not there when it is switched off', async () => {
    const gateway = await listenWithStubs({ environment: { GRAPHIQL: 'false' } });
    const { status, headers } = await gateway.send(page);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers['content-type']).not.toContain('text/html');
  });
});

test('introspection can be switched off', async () => {
  const gateway = await openStubGateway({ environment: { INTROSPECTION: 'false' } });
  const { data, errors } = await gateway.query('{ __schema { types { name } } }');
  expect(data).toBeUndefined();
  expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
});

test('and with it the names that are suggested for a wrong one in the variables', async () => {
  const told = async (environment: Environment) => {
    const gateway = await openStubGateway({ environment });
    const query = 'query ($f: WebhookFilter) { webhooks(filter: $f) { nodes { id } } }';
    const { errors } = await gateway.query(query, { f: { provider: 1 } });
    return errors?.map(({ message }) => message);
  };
  const said = 'Variable "$f.provider": WebhookFilter has no such field.';
  expect(await told({ INTROSPECTION: 'false' })).toEqual([said]);
  expect(await told({})).toEqual([`${said} Did you mean "providers"?`]);
});

test('nor for a wrong enum value', async () => {
  const told = async (environment: Environment) => {
    const gateway = await openStubGateway({ environment });
    const literal = await gateway.query('{ webhooks(filter: { status: enabled }) { nodes { id } } }');
    const query = 'query ($s: WebhookStatus) { webhooks(filter: { status: $s }) { nodes { id } } }';
    const variable = await gateway.query(query, { s: 'enabled' });
    return [literal, variable].map(({ errors }) => errors?.[0]?.message);
  };
  const said = ['This value does not exist in "WebhookStatus" enum.', 'Variable "$s": it does not fit WebhookStatus.'];
  expect(await told({ INTROSPECTION: 'false' })).toEqual(said);
  expect(await told({})).toEqual(
    said.map((message) => `${message} Did you mean the enum value "ENABLED" or "DISABLED"?`),
  );
});

test('a gateway that was closed takes no more connections', async () => {
  const gateway = await listenWithStubs();
  await gateway.gateway.close();
  await expect(send(gateway.url, TYPENAME)).rejects.toThrow('ECONNREFUSED');
});

test('nor does one that is closed while it opens its port', async () => {
  const { gateway } = await openStubGateway({});
  const opening = gateway.listen();
  await gateway.close();
  await expect(opening.then((url) => send(url, { path: '/health' }))).rejects.toThrow();
});
