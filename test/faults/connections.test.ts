import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { answer, head, refusedBaseUrl, startFaultUpstream } from '../support/fault-upstream.ts';
import { createGate } from '../support/gate.ts';
import { measured } from '../support/running-time.ts';
import { callScope } from '../unit/http/call-scope.ts';
import { clientOf, failureOf, observing, READ, WRITE } from './client.ts';

describe('a connection that is refused', () => {
  it('is tried three times for a read, then unavailable', async () => {
    const scope = callScope();
    const client = clientOf(await refusedBaseUrl());
    expect(await failureOf(client.request(READ, scope))).toEqual({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'GET /v2/webhooks/{id}: the connection failed',
      status: null,
      traceId: null,
      timestamp: null,
      retryAfter: null,
      mayHaveSucceeded: false,
      problems: [],
    });
    expect(scope.calls()).toBe(3);
  });

  it('is tried again for a write too, since that never left', async () => {
    const scope = callScope();
    const client = clientOf(await refusedBaseUrl());
    expect(await failureOf(client.request(WRITE, scope))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      mayHaveSucceeded: false,
    });
    expect(scope.calls()).toBe(3);
  });

  it('is unavailable too where the name does not resolve', async () => {
    const client = clientOf('http://nowhere.invalid', { retry: { maxRetries: 0 } });
    expect(await failureOf(client.request(READ, callScope()))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});

describe.each([
  ['before headers', ''],
  ['in the status line', 'HTTP/1.1 2'],
  ['in the headers', 'HTTP/1.1 200 OK\r\ncontent-'],
  ['in the body', `${head(200, { 'content-length': '100' })}{"a":`],
  ['in a closing body', `${head(200, { 'content-length': '100', connection: 'close' })}{"a":`],
  ['in a chunk', `${head(200, { 'transfer-encoding': 'chunked' })}5\r\n{"a":\r\n`],
  ['after a broken chunk', `${head(200, { 'transfer-encoding': 'chunked' })}zz\r\n{"a":\r\n`],
  ['after something that is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
])('a connection that ends %s', (_where, bytes) => {
  it.each(['reset', 'closed'])('by being %s is unavailable, after two retries of a read', async (how) => {
    const upstream = await startFaultUpstream((socket) => {
      socket.write(bytes, () => (how === 'reset' ? socket.resetAndDestroy() : socket.end()));
    });
    const client = clientOf(upstream.baseUrl);
    expect(await failureOf(client.request(READ, callScope()))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      mayHaveSucceeded: false,
      problems: [],
    });
    expect(upstream.requests).toHaveLength(3);
  });

  it('takes a write for one that may have succeeded, and never repeats it', async () => {
    const upstream = await startFaultUpstream((socket) => void socket.end(bytes));
    const client = clientOf(upstream.baseUrl);
    expect(await failureOf(client.request(WRITE, callScope()))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      mayHaveSucceeded: true,
    });
    expect(upstream.requests).toHaveLength(1);
  });
});

describe.each([
  ['that ends with its connection', head(200, { connection: 'close' })],
  ['of an HTTP/1.0 server', 'HTTP/1.0 200 OK\r\n\r\n'],
])('a body %s', (_which, start) => {
  it('is cut off where that is reset: unavailable, after two retries of a read', async () => {
    const upstream = await startFaultUpstream(cutOff);
    const client = clientOf(upstream.baseUrl);
    expect(await failureOf(client.request(READ, callScope()))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      mayHaveSucceeded: false,
    });
    expect(upstream.requests).toHaveLength(3);
  });

  it('leaves a write in doubt where that is reset, and is whole where it is closed', async () => {
    const upstream = await startFaultUpstream((socket, request, index) => {
      if (index === 0) cutOff(socket);
      else socket.end(`${start}{"path":"${request.path}"}`);
    });
    const client = clientOf(upstream.baseUrl);
    expect(await failureOf(client.request(WRITE, callScope()))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      mayHaveSucceeded: true,
    });
    expect((await client.request(WRITE, callScope())).body).toEqual({ path: WRITE.path });
    expect(upstream.requests).toHaveLength(2);
  });

  /** The client has read what was sent, in the turn of the reset at the latest: that would take along what is on its way. */
  function cutOff(socket: Socket): void {
    socket.write(`${start}{"a":`, () => setTimeout(() => setImmediate(() => reset(socket)), 20));
  }
});

/** Without the orderly end that Node sends ahead of a reset: that alone would end such a body well. */
function reset(socket: Socket): void {
  socket.destroySoon = () => void socket.destroy();
  socket.resetAndDestroy();
}

describe('a read', () => {
  it('succeeds when a retry does', async () => {
    const upstream = await startFaultUpstream((socket, _request, index) => {
      if (index < 2) socket.destroy();
      else answer(socket, 200, { fine: true });
    });
    const scope = callScope();
    const client = clientOf(upstream.baseUrl);
    expect((await client.request(READ, scope)).body).toEqual({ fine: true });
    expect(scope.calls()).toBe(3);
  });

  it('keeps its connection for those behind it', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, {}));
    const client = clientOf(upstream.baseUrl);
    for (let call = 0; call < 20; call++) await client.request(READ, callScope());
    expect(upstream.connections()).toBe(2);
  });

  it('is not sent on a connection that was closed while it was idle', async () => {
    const upstream = await startFaultUpstream((socket) => {
      answer(socket, 200, {});
      socket.end();
    });
    const client = clientOf(upstream.baseUrl);
    for (let call = 0; call < 5; call++) await client.request(WRITE, callScope());
    expect(upstream.requests).toHaveLength(5);
  });
});

describe('a failed call', () => {
  it('is not repeated beyond the retry budget', async () => {
    const scope = callScope();
    const client = clientOf(await refusedBaseUrl(), {
      retry: { budgetPercent: 0, budgetFloor: 3 },
      circuit: { minCalls: 1000 },
    });
    const paths = Array.from({ length: 20 }, (_, index) => `/v2/webhooks/${index}`);
    await Promise.allSettled(paths.map((path) => client.request({ ...READ, path }, scope)));
    expect(scope.calls()).toBe(23);
  });

  it('may be repeated for a share of the calls that succeeded', async () => {
    let isDown = false;
    const upstream = await startFaultUpstream((socket) => answer(socket, isDown ? 503 : 200, {}));
    const client = clientOf(upstream.baseUrl, {
      retry: { budgetPercent: 20, budgetFloor: 0 },
      circuit: { minCalls: 1000 },
    });
    for (let call = 0; call < 10; call++) await client.request(READ, callScope());
    isDown = true;
    for (let call = 0; call < 5; call++) await failureOf(client.request(READ, callScope()));
    expect(upstream.requests).toHaveLength(18);
  });

  it('says why it failed rather than that its retry went over the limit of calls', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 503));
    const client = clientOf(upstream.baseUrl);
    const scope = callScope({ maxCalls: 1 });
    expect(await failureOf(client.request(READ, scope))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', status: 503 });
    await expect(client.request(READ, scope)).rejects.toThrow('Too many upstream calls.');
    expect(upstream.requests).toHaveLength(1);
  });

  it('ends at once when the client is closed while it waits to be repeated', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 429, '', { 'retry-after': '8' }));
    const attempted = createGate();
    const client = clientOf(upstream.baseUrl, { observer: observing(attempted.open) });
    const call = failureOf(client.request(READ, callScope()));
    await attempted.opened;
    // It has been judged by then, and waits.
    await nextTurn();
    const { result, runningMs } = await measured(async () => {
      await client.close();
      return call;
    });
    expect(result).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 8 });
    expect(runningMs).toBeLessThan(4_000);
    expect(upstream.requests).toHaveLength(1);
  });

  it('ends at once when the client was closed', async () => {
    const upstream = await startFaultUpstream(() => {});
    const client = clientOf(upstream.baseUrl);
    const call = failureOf(client.request(READ, callScope()));
    await client.close();
    expect(await call).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(await failureOf(client.request(READ, callScope()))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});
