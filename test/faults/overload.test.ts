import { describe, expect, it } from 'vitest';
import { OverloadedError } from '../../src/domain/errors.ts';
import { answer, refusedBaseUrl, startFaultUpstream, until } from '../support/fault-upstream.ts';
import { measured } from '../support/running-time.ts';
import { callScope } from '../unit/http/call-scope.ts';
import { clientOf, failureOf, observing, READ, WRITE } from './client.ts';

describe('a queue that is full', () => {
  it('refuses at once, and serves the others with no more connections than allowed', async () => {
    const release: (() => void)[] = [];
    const upstream = await startFaultUpstream((socket) => {
      release.push(() => answer(socket, 200, {}));
    });
    const client = clientOf(upstream.baseUrl, { maxConnections: 2, maxQueue: 3 });
    const calls = Array.from({ length: 5 }, () => client.request(WRITE, callScope()));
    await until(() => release.length === 2);
    const scope = callScope();
    await expect(client.request(WRITE, scope)).rejects.toThrow(OverloadedError);
    expect(scope.calls()).toBe(0);
    for (let served = 0; served < 5; served++) {
      await until(() => release.length > served);
      release[served]?.();
    }
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(upstream.connections()).toBe(2);
  });
});

describe('a call whose turn comes when its time is all but over', () => {
  it('opens no connection, and leaves its turn to one that has time left', async () => {
    const upstream = await startFaultUpstream((socket, _request, index) => {
      if (index > 0) answer(socket, 200, {});
    });
    const client = clientOf(upstream.baseUrl, { maxConnections: 1 });
    const first = callScope();
    const underWay = client.request(WRITE, first);
    await until(() => upstream.requests.length === 1);
    const late = Array.from({ length: 20 }, () => callScope({ timeLeftMs: 50 }));
    const failures = late.map((scope) => failureOf(client.request(WRITE, scope)));
    const inTime = client.request(WRITE, callScope());
    first.leave();
    await expect(underWay).rejects.toThrow('aborted');
    for (const failure of await Promise.all(failures)) {
      expect(failure).toMatchObject({ code: 'UPSTREAM_TIMEOUT', status: null, mayHaveSucceeded: false });
    }
    expect((await inTime).status).toBe(200);
    expect(late.map((scope) => scope.calls())).toEqual(late.map(() => 0));
    expect([upstream.requests.length, upstream.connections()]).toEqual([2, 2]);
  });
});

describe('the circuit', () => {
  const circuit = { minCalls: 4, failurePercent: 50, openMs: 60 };
  const retry = { maxRetries: 0 };

  it('opens after failures: the next call fails at once, is not sent and not counted', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 500));
    const changes: unknown[] = [];
    const client = clientOf(upstream.baseUrl, { circuit: { ...circuit, openMs: 5_000 }, retry, ...watch(changes) });
    for (let call = 0; call < 4; call++) await failureOf(client.request(READ, callScope()));
    const scope = callScope();
    expect(await failureOf(client.request(WRITE, scope))).toEqual({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'PATCH /v2/webhooks/{id}: not tried, since the last calls failed',
      status: null,
      traceId: null,
      timestamp: null,
      retryAfter: null,
      mayHaveSucceeded: false,
      problems: [],
    });
    expect([upstream.requests.length, scope.calls()]).toEqual([4, 0]);
    expect(changes).toEqual([{ provider: 'PERSONIO', circuit: 'open' }]);
  });

  it('opens for those who wait for a connection too: none of them is sent any more', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 500));
    const limits = { maxConnections: 1, maxQueue: 20 };
    const client = clientOf(upstream.baseUrl, { circuit: { ...circuit, openMs: 5_000 }, retry, ...limits });
    const scopes = Array.from({ length: 12 }, () => callScope());
    const failures = await Promise.all(scopes.map((scope) => failureOf(client.request(WRITE, scope))));
    expect(failures.map(({ status }) => status)).toEqual([...Array(4).fill(500), ...Array(8).fill(null)]);
    expect(upstream.requests).toHaveLength(4);
    expect(scopes.map((scope) => scope.calls())).toEqual([...Array(4).fill(1), ...Array(8).fill(0)]);
  });

  it('ends the retries of the call that opens it: the call fails by its own failure, and is no refusal', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 500));
    const refusals: unknown[] = [];
    const observer = { ...observing(() => {}), refused: (reason: unknown) => void refusals.push(reason) };
    const client = clientOf(upstream.baseUrl, { circuit: { ...circuit, openMs: 5_000 }, observer });
    for (let call = 0; call < 2; call++) {
      expect(await failureOf(client.request(READ, callScope()))).toMatchObject({ status: 500 });
    }
    expect([upstream.requests.length, refusals]).toEqual([4, []]);
  });

  it('closes again when a probe succeeds', async () => {
    let isDown = true;
    const upstream = await startFaultUpstream((socket) => {
      if (isDown) socket.destroy();
      else answer(socket, 200, {});
    });
    const client = clientOf(upstream.baseUrl, { circuit, retry });
    for (let call = 0; call < 4; call++) await failureOf(client.request(READ, callScope()));
    isDown = false;
    const { passedMs, runningMs } = await measured(async () => {
      let answered = false;
      while (!answered) {
        answered = await client.request(READ, callScope()).then(
          () => true,
          () => new Promise<false>((resolve) => setImmediate(resolve, false)),
        );
      }
    });
    expect(passedMs).toBeGreaterThan(40);
    expect(runningMs).toBeLessThan(300);
    expect((await client.request(READ, callScope())).status).toBe(200);
  });

  it('sends one probe at a time', async () => {
    let isDown = true;
    const upstream = await startFaultUpstream((socket) => {
      if (isDown) socket.destroy();
    });
    const client = clientOf(upstream.baseUrl, { circuit, retry });
    for (let call = 0; call < 4; call++) await failureOf(client.request(READ, callScope()));
    isDown = false;
    const probes: Promise<unknown>[] = [];
    const scope = callScope();
    while (upstream.requests.length === 4) {
      probes.push(client.request(WRITE, scope).catch(() => undefined));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const others = Array.from({ length: 20 }, () => failureOf(client.request(WRITE, callScope())));
    for (const failure of await Promise.all(others)) expect(failure).toMatchObject({ status: null });
    expect(upstream.requests).toHaveLength(5);
    scope.leave();
    await Promise.all(probes);
  });

  it.each([
    ['answers of 4xx, 429 included', 429],
    ['invalid answers', 204],
  ])('stays closed on %s', async (_what, status) => {
    const upstream = await startFaultUpstream((socket) => answer(socket, status));
    const client = clientOf(upstream.baseUrl, { circuit, retry });
    for (let call = 0; call < 8; call++) await failureOf(client.request(READ, callScope()));
    expect(upstream.requests).toHaveLength(8);
  });

  it('stays closed when callers leave', async () => {
    const upstream = await startFaultUpstream(() => {});
    const client = clientOf(upstream.baseUrl, { circuit, retry });
    for (let call = 1; call <= 8; call++) {
      const scope = callScope();
      const left = client.request(READ, scope).catch(() => undefined);
      await until(() => upstream.requests.length === call);
      scope.leave();
      await left;
    }
    expect(upstream.requests).toHaveLength(8);
  });

  it('opens on time-outs', async () => {
    const upstream = await startFaultUpstream(() => {});
    const client = clientOf(upstream.baseUrl, { circuit: { ...circuit, openMs: 5_000 }, timeouts: { attemptMs: 30 } });
    for (let call = 0; call < 4; call++) await failureOf(client.request(READ, callScope()));
    expect(await failureOf(client.request(READ, callScope()))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('keeps an outage from multiplying the calls', async () => {
    const scope = callScope({ maxCalls: 10_000 });
    const client = clientOf(await refusedBaseUrl());
    for (let round = 0; round < 20; round++) {
      const paths = Array.from({ length: 50 }, (_, index) => `/v2/webhooks/${round}-${index}`);
      await Promise.allSettled(paths.map((path) => client.request({ ...READ, path }, scope)));
    }
    expect(scope.calls()).toBeLessThan(200);
  });
});

function watch(changes: unknown[]) {
  const ignore = () => {};
  const logger = {
    debug: ignore,
    info: ignore,
    error: ignore,
    fatal: ignore,
    isLevelEnabled: () => true,
    child: () => {
      throw new Error('not used');
    },
    warn: (fields: unknown) => void changes.push(fields),
  };
  return { logger };
}
