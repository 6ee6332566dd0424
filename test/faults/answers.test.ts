import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { answer, head, startFaultUpstream, until } from '../support/fault-upstream.ts';
import { callScope } from '../unit/http/call-scope.ts';
import { clientOf, failureOf, READ, WRITE } from './client.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe.each([
  ['truncated JSON', 200, '{"a":'],
  ['invalid UTF-8', 200, Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ['a byte order mark', 200, '\uFEFF{}'],
  ['an empty body', 200, ''],
  ['HTML', 200, '<!doctype html><title>Maintenance</title>'],
  ['no content', 204, ''],
  ['two values', 200, '{} {}'],
  ['more values than anybody would send', 200, `[${'{},'.repeat(600_000)}{}]`],
  ['lists in lists in lists', 200, '['.repeat(100_000) + ']'.repeat(100_000)],
])('%s where JSON is due', (_what, status, body) => {
  it('is an invalid answer that is not asked for again', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, status, body, JSON_TYPE));
    const client = clientOf(upstream.baseUrl);
    expect(await failureOf(client.request(READ, callScope()))).toEqual({
      code: 'UPSTREAM_INVALID_RESPONSE',
      message: 'GET /v2/webhooks/{id}: the answer is not what the API promises',
      status,
      traceId: null,
      timestamp: null,
      retryAfter: null,
      mayHaveSucceeded: false,
      problems: [],
    });
    expect(upstream.requests).toHaveLength(1);
  });

  it('leaves a write in doubt', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, status, body, JSON_TYPE));
    const client = clientOf(upstream.baseUrl);
    expect(await failureOf(client.request(WRITE, callScope()))).toMatchObject({ mayHaveSucceeded: true });
  });
});

describe('a body', () => {
  it('that is not expected is thrown away, whatever it is', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, '<html>gone</html>'));
    const client = clientOf(upstream.baseUrl);
    const { status, body } = await client.request({ ...WRITE, expects: 'nothing' }, callScope());
    expect([status, body]).toEqual([200, undefined]);
  });

  it('that a 204 announces, which has none, takes nothing from its success', async () => {
    const announced = `${head(204, { 'content-length': '7' })}{"a":1}`;
    const upstream = await startFaultUpstream((socket) => void socket.write(announced));
    const client = clientOf(upstream.baseUrl);
    expect((await client.request({ ...WRITE, expects: 'nothing' }, callScope())).status).toBe(204);
    expect((await client.request({ ...WRITE, expects: 'json-or-nothing' }, callScope())).body).toBeUndefined();
    expect((await failureOf(client.request(READ, callScope()))).code).toBe('UPSTREAM_INVALID_RESPONSE');
    expect(upstream.requests).toHaveLength(3);
    await until(() => upstream.openSockets() === 0);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['GZip', gzipSync],
    ['Identity', Buffer.from],
  ] as const)('that comes as %s is unpacked, although we ask for none', async (encoding, pack) => {
    const upstream = await startFaultUpstream((socket) =>
      answer(socket, 200, pack('{"a":"ä"}'), { 'content-encoding': encoding }),
    );
    const client = clientOf(upstream.baseUrl);
    expect((await client.request(READ, callScope())).body).toEqual({ a: 'ä' });
    expect(upstream.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  it.each([
    ['damaged gzip', 'gzip', gzipSync('{}').subarray(0, 12)],
    ['an unknown encoding', 'zstd', Buffer.from('{}')],
    ["an encoding that is a word of JavaScript's own", 'constructor', Buffer.from('{}')],
  ])('in %s is an invalid answer', async (_what, encoding, bytes) => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, bytes, { 'content-encoding': encoding }));
    const client = clientOf(upstream.baseUrl);
    expect((await failureOf(client.request(READ, callScope()))).code).toBe('UPSTREAM_INVALID_RESPONSE');
  });

  it('that unpacks to more than the cap is an invalid answer, and costs no memory', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, '1'));
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, bomb, { 'content-encoding': 'gzip' }));
    const client = clientOf(upstream.baseUrl);
    const before = process.memoryUsage().rss;
    expect((await failureOf(client.request(READ, callScope()))).code).toBe('UPSTREAM_INVALID_RESPONSE');
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  it('that unpacks to the cap costs memory once, however many come at once', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, '1'));
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, bomb, { 'content-encoding': 'gzip' }));
    const client = clientOf(upstream.baseUrl);
    let most = 0;
    const before = process.memoryUsage().external;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().external - before);
    });
    const calls = Array.from({ length: 40 }, (_, index) =>
      failureOf(client.request({ ...READ, path: `/v2/webhooks/${index}` }, callScope())),
    );
    const failures = await Promise.all(calls);
    clearInterval(watch);
    expect(failures.every(({ code }) => code === 'UPSTREAM_INVALID_RESPONSE')).toBe(true);
    expect(most).toBeLessThan(150_000_000);
  });

  it('of an error that unpacks to more than any message is not read: its status alone decides', async () => {
    const page = gzipSync(JSON.stringify({ title: 'x'.repeat(200_000) }));
    const upstream = await startFaultUpstream((socket) => answer(socket, 422, page, { 'content-encoding': 'gzip' }));
    const failure = await failureOf(clientOf(upstream.baseUrl).request(READ, callScope()));
    expect(failure).toMatchObject({ code: 'UNPROCESSABLE', message: 'GET /v2/webhooks/{id}: 422', problems: [] });
  });

  it('without an end is cut at the cap, and its socket closed', async () => {
    const upstream = await startFaultUpstream((socket) => {
      socket.write(head(200, { 'transfer-encoding': 'chunked' }));
      const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
      const pour = () => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on('drain', pour);
      pour();
    });
    const client = clientOf(upstream.baseUrl, { maxBodyBytes: 1_000_000 });
    expect((await failureOf(client.request(READ, callScope()))).code).toBe('UPSTREAM_INVALID_RESPONSE');
    await until(() => upstream.openSockets() === 0);
  });

  it('announced as larger than the cap is not read at all', async () => {
    const upstream = await startFaultUpstream(
      (socket) => void socket.write(head(200, { 'content-length': '1000000000' })),
    );
    const client = clientOf(upstream.baseUrl);
    expect((await failureOf(client.request(READ, callScope()))).code).toBe('UPSTREAM_INVALID_RESPONSE');
    await until(() => upstream.openSockets() === 0);
  });

  it('of exactly the cap is read', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, '"123456789"'));
    expect((await clientOf(upstream.baseUrl, { maxBodyBytes: 11 }).request(READ, callScope())).body).toBe('123456789');
    const tighter = clientOf(upstream.baseUrl, { maxBodyBytes: 10 });
    expect((await failureOf(tighter.request(READ, callScope()))).code).toBe('UPSTREAM_INVALID_RESPONSE');
  });

  it('of an error nested 100,000 deep is a problem without its depths', async () => {
    const deep = '['.repeat(30_000) + ']'.repeat(30_000);
    const upstream = await startFaultUpstream((socket) => answer(socket, 409, `{"title":"No.","deep":${deep}}`));
    const failure = await failureOf(clientOf(upstream.baseUrl).request(READ, callScope()));
    expect(JSON.stringify(failure.problems)).toBe(
      '[{"title":"No.","detail":null,"type":null,"meta":{"deep":[[[[[[[[[]]]]]]]]]}}]',
    );
  });
});

describe('headers that are too large', () => {
  it('are an invalid answer', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, {}, { 'x-large': 'x'.repeat(100_000) }));
    const client = clientOf(upstream.baseUrl);
    expect((await failureOf(client.request(READ, callScope()))).code).toBe('UPSTREAM_INVALID_RESPONSE');
  });
});

describe.each([301, 302, 303, 304, 307, 308])('a redirect by %i', (status) => {
  it.each(['/v2/webhooks/1', 'http://169.254.169.254/latest/meta-data'])('to %s is not followed', async (location) => {
    const upstream = await startFaultUpstream((socket) => answer(socket, status, '', { location }));
    const client = clientOf(upstream.baseUrl);
    expect(await failureOf(client.request(READ, callScope()))).toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
      message: `GET /v2/webhooks/{id}: ${status}`,
      status,
    });
    expect(upstream.requests).toHaveLength(1);
  });
});
