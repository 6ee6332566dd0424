import { describe, expect, it } from 'vitest';
import { answer, head, startFaultUpstream, until } from '../support/fault-upstream.ts';
import { measured } from '../support/running-time.ts';
import { callScope } from '../unit/http/call-scope.ts';
import { clientOf, failureOf, observing, READ, WRITE } from './client.ts';

describe('a caller who leaves', () => {
  it.each([
    ['before any answer', ''],
    ['in the middle of the headers', 'HTTP/1.1 200 OK\r\ncontent-'],
    ['in the middle of the body', `${head(200, { 'content-length': '100' })}{"a":`],
    ["in the middle of an error's body", `${head(500, { 'content-length': '100' })}{"a":`],
  ])('%s closes the socket within 100 ms and gets the reason back', async (_when, bytes) => {
    const upstream = await startFaultUpstream((socket) => void socket.write(bytes));
    const outcomes: unknown[] = [];
    const client = clientOf(upstream.baseUrl, { observer: observing(({ outcome }) => void outcomes.push(outcome)) });
    const scope = callScope();
    const call = client.request(READ, scope);
    await until(() => upstream.requests.length === 1);
    scope.leave();
    const { runningMs } = await measured(async () => {
      await expect(call).rejects.toBe(scope.signal.reason);
      await until(() => upstream.openSockets() === 0);
    });
    expect(runningMs).toBeLessThan(100);
    expect(upstream.connections()).toBe(1);
    expect(outcomes).toEqual(['aborted']);
  });

  it('during the wait for a retry is gone at once, and nothing is sent any more', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 429, '', { 'retry-after': '20' }));
    const client = clientOf(upstream.baseUrl);
    const scope = callScope();
    let attempts = 0;
    const waiting = clientOf(upstream.baseUrl, { observer: observing(() => void attempts++) });
    const call = waiting.request(READ, scope);
    await until(() => attempts === 1);
    scope.leave();
    await expect(call).rejects.toBe(scope.signal.reason);
    expect((await failureOf(client.request(READ, callScope({ timeLeftMs: 1_000 })))).code).toBe('RATE_LIMITED');
    expect(upstream.requests).toHaveLength(2);
  });

  it('before the call causes none', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, {}));
    const scope = callScope();
    scope.leave();
    await expect(clientOf(upstream.baseUrl).request(READ, scope)).rejects.toBe(scope.signal.reason);
    expect([upstream.requests.length, scope.calls()]).toEqual([0, 0]);
  });

  it('leaves the slot to the next, also from the queue', async () => {
    let isStuck = true;
    const upstream = await startFaultUpstream((socket) => {
      if (!isStuck) answer(socket, 200, {});
    });
    const client = clientOf(upstream.baseUrl, { maxConnections: 1, maxQueue: 1 });
    const [first, second] = [callScope(), callScope()];
    const calls = Promise.allSettled([client.request(WRITE, first), client.request(WRITE, second)]);
    await until(() => upstream.requests.length === 1);
    second.leave();
    isStuck = false;
    const third = client.request(WRITE, callScope());
    first.leave();
    expect((await calls).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await third).status).toBe(200);
    expect(upstream.requests).toHaveLength(2);
  });

  it('a thousand times leaves nothing behind', async () => {
    const upstream = await startFaultUpstream(() => {});
    const client = clientOf(upstream.baseUrl, { maxConnections: 8 });
    const scopes = Array.from({ length: 1_000 }, () => callScope());
    const calls = Promise.allSettled(
      scopes.map((scope, index) => client.request({ ...READ, path: `/v2/webhooks/${index}` }, scope)),
    );
    await until(() => upstream.requests.length === 8);
    for (const scope of scopes) scope.leave();
    expect((await calls).every(({ status }) => status === 'rejected')).toBe(true);
    await until(() => upstream.openSockets() === 0);
    expect(upstream.requests).toHaveLength(8);
  });
});

describe('callers of the same read', () => {
  it('cost one call, and only one of them pays', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, { fine: true }));
    const client = clientOf(upstream.baseUrl);
    const scopes = Array.from({ length: 100 }, () => callScope());
    const answers = await Promise.all(scopes.map((scope) => client.request(READ, scope)));
    expect(answers.every(({ body }) => body === answers[0]?.body)).toBe(true);
    expect(upstream.requests).toHaveLength(1);
    expect(scopes.reduce((sum, scope) => sum + scope.calls(), 0)).toBe(1);
  });

  it('are all served although the first one leaves', async () => {
    const release: (() => void)[] = [];
    const upstream = await startFaultUpstream((socket) => {
      release.push(() => answer(socket, 200, { fine: true }));
    });
    const client = clientOf(upstream.baseUrl);
    const [first, second] = [callScope(), callScope()];
    const left = client.request(READ, first);
    const stays = client.request(READ, second);
    await until(() => upstream.requests.length === 1);
    first.leave();
    await expect(left).rejects.toBe(first.signal.reason);
    release[0]?.();
    expect((await stays).body).toEqual({ fine: true });
    expect(upstream.requests).toHaveLength(1);
  });

  it('close the socket when the last of them leaves', async () => {
    const upstream = await startFaultUpstream(() => {});
    const client = clientOf(upstream.baseUrl);
    const scopes = [callScope(), callScope(), callScope()];
    const calls = Promise.allSettled(scopes.map((scope) => client.request(READ, scope)));
    await until(() => upstream.requests.length === 1);
    for (const scope of scopes) scope.leave();
    const { runningMs } = await measured(() => until(() => upstream.openSockets() === 0));
    expect(runningMs).toBeLessThan(100);
    await calls;
  });

  it('have each their own deadline', async () => {
    const release: (() => void)[] = [];
    const upstream = await startFaultUpstream((socket) => {
      release.push(() => answer(socket, 200, { fine: true }));
    });
    const client = clientOf(upstream.baseUrl);
    const [hasty, patient] = [callScope(), callScope()];
    const hastyCall = failureOf(client.request(READ, hasty));
    const patientCall = client.request(READ, patient);
    await until(() => upstream.requests.length === 1);
    hasty.expire();
    expect((await hastyCall).code).toBe('UPSTREAM_TIMEOUT');
    release[0]?.();
    expect((await patientCall).body).toEqual({ fine: true });
  });

  it('do not pay with the empty budget of the first', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, {}));
    const client = clientOf(upstream.baseUrl);
    const [poor, rich] = [callScope({ maxCalls: 0 }), callScope()];
    const calls = [client.request(READ, poor), client.request(READ, rich)];
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200]);
    await expect(client.request(READ, poor)).rejects.toThrow('Too many upstream calls.');
  });

  it('do not fail with the empty budget of the first either, at whichever moment of its end they come', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, {}));
    const client = clientOf(upstream.baseUrl);
    for (let moments = 0; moments < 20; moments++) {
      const poor = client.request(READ, callScope({ maxCalls: 0 })).catch(() => {});
      for (let moment = 0; moment < moments; moment++) await Promise.resolve();
      const served = client.request(READ, callScope());
      await poor;
      expect((await served).status).toBe(200);
    }
  });
});

describe('a read that starts', () => {
  const slowReads = async () => {
    const release: (() => void)[] = [];
    const upstream = await startFaultUpstream((socket, { method }, index) => {
      if (method === 'GET') release.push(() => answer(socket, 200, { read: index }));
      else answer(socket, 200, {});
    });
    return { upstream, release, client: clientOf(upstream.baseUrl) };
  };

  it('after a write has started never joins one that began before it', async () => {
    const { upstream, release, client } = await slowReads();
    const before = client.request(READ, callScope());
    await until(() => release.length === 1);
    const write = client.request(WRITE, callScope());
    const after = client.request(READ, callScope());
    await until(() => release.length === 2);
    for (const letGo of release) letGo();
    await Promise.all([before, write, after]);
    expect(upstream.requests.filter(({ method }) => method === 'GET')).toHaveLength(2);
  });

  it('after a write has ended never joins one that began during it', async () => {
    const { upstream, release, client } = await slowReads();
    const write = client.request(WRITE, callScope());
    const during = client.request(READ, callScope());
    await write;
    const after = client.request(READ, callScope());
    await until(() => release.length === 2);
    for (const letGo of release) letGo();
    expect((await during).body).not.toEqual((await after).body);
    expect(upstream.requests).toHaveLength(3);
  });
});
