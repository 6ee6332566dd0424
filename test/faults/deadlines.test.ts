import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { answer, head, startFaultUpstream, until } from '../support/fault-upstream.ts';
import { measured } from '../support/running-time.ts';
import { callScope } from '../unit/http/call-scope.ts';
import { clientOf, failureOf, READ, WRITE } from './client.ts';

const timeouts = { attemptMs: 300 };

/** One byte every 20 ms, for ever. */
function drip(socket: Socket, bytes: string): void {
  const timer = setInterval(() => socket.write(bytes), 20);
  socket.on('close', () => clearInterval(timer));
}

const SLOW: readonly (readonly [string, (socket: Socket) => void])[] = [
  ['is silent', () => {}],
  [
    'drips its status line',
    (socket) => {
      socket.write('HTTP/1.1 200 ');
      drip(socket, 'O');
    },
  ],
  [
    'drips headers that never end',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      drip(socket, 'x: y\r\n');
    },
  ],
  [
    'drips a body of known length',
    (socket) => {
      socket.write(head(200, { 'content-length': '1000000' }));
      drip(socket, ' ');
    },
  ],
  [
    'drips chunks',
    (socket) => {
      socket.write(head(200, { 'transfer-encoding': 'chunked' }));
      drip(socket, '1\r\n \r\n');
    },
  ],
  ['sends nothing but informational answers', (socket) => drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n')],
];

describe.each(SLOW)('an upstream that %s', (_how, behave) => {
  it('is timed out at the end of the attempt, not retried, and its socket closed', async () => {
    const upstream = await startFaultUpstream(behave);
    const client = clientOf(upstream.baseUrl, { timeouts });
    const scope = callScope();
    const { result, passedMs, runningMs } = await measured(() => failureOf(client.request(READ, scope)));
    expect(result).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      message: 'GET /v2/webhooks/{id}: no answer in time',
      mayHaveSucceeded: false,
    });
    expect(passedMs).toBeGreaterThan(270);
    expect(runningMs).toBeLessThan(330);
    expect(scope.calls()).toBe(1);
    const closed = await measured(() => until(() => upstream.openSockets() === 0));
    expect(closed.runningMs).toBeLessThan(100);
    expect(upstream.connections()).toBe(1);
  });
});

describe('a write that is not answered in time', () => {
  it('may have succeeded', async () => {
    const upstream = await startFaultUpstream(() => {});
    const client = clientOf(upstream.baseUrl, { timeouts });
    expect(await failureOf(client.request(WRITE, callScope()))).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      mayHaveSucceeded: true,
    });
    expect(upstream.requests).toHaveLength(1);
  });

  it('was refused where its status says so, even when the rest never comes', async () => {
    const upstream = await startFaultUpstream((socket) => {
      socket.write(head(422, { 'content-length': '1000' }));
      drip(socket, ' ');
    });
    const client = clientOf(upstream.baseUrl, { timeouts });
    expect(await failureOf(client.request(WRITE, callScope()))).toMatchObject({
      code: 'UNPROCESSABLE',
      status: 422,
      mayHaveSucceeded: false,
      problems: [],
    });
  });
});

describe('a read whose 503 never ends', () => {
  it('is not retried: the time is spent', async () => {
    const upstream = await startFaultUpstream((socket) => {
      socket.write(head(503, { 'content-length': '1000' }));
      drip(socket, ' ');
    });
    const client = clientOf(upstream.baseUrl, { timeouts });
    expect(await failureOf(client.request(READ, callScope()))).toMatchObject({ status: 503 });
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('a process that is itself held up', () => {
  it('does not take that for a connection that does not come', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, {}));
    const client = clientOf(upstream.baseUrl, { timeouts: { connectMs: 50 } });
    const call = client.request(READ, callScope());
    await new Promise<void>((resolve) => process.nextTick(resolve));
    holdUp(100);
    expect((await call).status).toBe(200);
  });

  it('does not take that for an answer that does not come', async () => {
    let answered = () => {};
    const upstream = await startFaultUpstream((socket) => {
      answered = () => answer(socket, 200, {});
    });
    const client = clientOf(upstream.baseUrl, { timeouts: { attemptMs: 200 } });
    const call = client.request(READ, callScope());
    await until(() => upstream.requests.length === 1);
    // From here on timers come before what has arrived.
    await nextTurn();
    answered();
    holdUp(400);
    expect((await call).status).toBe(200);
  });
});

function holdUp(ms: number): void {
  const endAt = performance.now() + ms;
  while (performance.now() < endAt);
}

describe('the end of the operation', () => {
  it('is a time-out, and closes the socket at once', async () => {
    const upstream = await startFaultUpstream(() => {});
    const client = clientOf(upstream.baseUrl);
    const scope = callScope();
    const call = failureOf(client.request(WRITE, scope));
    await until(() => upstream.requests.length === 1);
    scope.expire();
    expect(await call).toMatchObject({ code: 'UPSTREAM_TIMEOUT', mayHaveSucceeded: true });
    const { runningMs } = await measured(() => until(() => upstream.openSockets() === 0));
    expect(runningMs).toBeLessThan(100);
  });

  it('is a time-out for one who waits for a slot or for a retry as well', async () => {
    const upstream = await startFaultUpstream(() => {});
    const client = clientOf(upstream.baseUrl, { maxConnections: 1 });
    const [first, second] = [callScope(), callScope()];
    const calls = [failureOf(client.request(WRITE, first)), failureOf(client.request(WRITE, second))];
    await until(() => upstream.requests.length === 1);
    second.expire();
    expect(await calls[1]).toMatchObject({ code: 'UPSTREAM_TIMEOUT', mayHaveSucceeded: false });
    first.expire();
    expect(await calls[0]).toMatchObject({ code: 'UPSTREAM_TIMEOUT', mayHaveSucceeded: true });
  });

  it('leaves no socket to an upstream that cannot be reached', async () => {
    // TEST-NET-1 (RFC 5737): nobody answers, or the network says at once that there is no way.
    const client = clientOf('http://192.0.2.1', { timeouts: { connectMs: 150 }, retry: { maxRetries: 0 } });
    const { result: failure, runningMs } = await measured(() => failureOf(client.request(WRITE, callScope())));
    expect(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE']).toContain(failure.code);
    expect(failure.mayHaveSucceeded).toBe(false);
    expect(runningMs).toBeLessThan(250);
  });
});
