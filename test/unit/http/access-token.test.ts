import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CallScope } from '../../../src/domain/call-scope.ts';
import { OverloadedError, UpstreamError } from '../../../src/domain/errors.ts';
import { createAccessTokenSource } from '../../../src/http/access-token.ts';
import { callScope } from './call-scope.ts';

const refusal = new UpstreamError('UPSTREAM_UNAVAILABLE', 'POST /v2/auth/token: 500', {
  provider: 'PERSONIO',
  upstream: { status: 500, traceId: null, timestamp: null, retryAfter: null, mayHaveSucceeded: false, problems: [] },
});

function tokenSource({
  expiresInSeconds = 3600,
  fail = () => undefined,
}: {
  readonly expiresInSeconds?: number | undefined;
  readonly fail?: () => Error | undefined;
} = {}) {
  let now = 1_000_000;
  let fetches = 0;
  const source = createAccessTokenSource({
    credentialsId: 'client-id',
    now: () => now,
    async fetchToken(scope: CallScope) {
      fetches++;
      const token = `token-${fetches}`;
      await new Promise((resolve) => setImmediate(resolve));
      scope.signal.throwIfAborted();
      const error = fail();
      if (error) throw error;
      return { accessToken: token, expiresInSeconds };
    },
  });
  const pass = (ms: number) => {
    now += ms;
  };
  return { source, fetches: () => fetches, pass };
}

describe('an access token', () => {
  it('is fetched on first need and then kept', async () => {
    const { source, fetches } = tokenSource();
    expect(fetches()).toBe(0);
    expect(await source.headerValue(callScope())).toBe('Bearer token-1');
    expect(await source.headerValue(callScope())).toBe('Bearer token-1');
    expect(fetches()).toBe(1);
  });

  it('is fetched once however many wait', async () => {
    const { source, fetches } = tokenSource();
    const values = await Promise.all(Array.from({ length: 1_000 }, () => source.headerValue(callScope())));
    expect(new Set(values)).toEqual(new Set(['Bearer token-1']));
    expect(fetches()).toBe(1);
  });

  it('is renewed a minute before its end', async () => {
    const { source, pass } = tokenSource({ expiresInSeconds: 3600 });
    await source.headerValue(callScope());
    pass(3_539_999);
    expect(await source.headerValue(callScope())).toBe('Bearer token-1');
    pass(1);
    expect(await source.headerValue(callScope())).toBe('Bearer token-2');
  });

  it('of a short life is renewed a tenth before its end', async () => {
    const { source, pass } = tokenSource({ expiresInSeconds: 10 });
    await source.headerValue(callScope());
    pass(8_999);
    expect(await source.headerValue(callScope())).toBe('Bearer token-1');
    pass(1);
    expect(await source.headerValue(callScope())).toBe('Bearer token-2');
  });

  it.each([Number.NaN, 0, -1, Number.POSITIVE_INFINITY])(
    'with a life of %d is kept for less than a minute',
    async (seconds) => {
      const { source, pass } = tokenSource({ expiresInSeconds: seconds });
      await source.headerValue(callScope());
      pass(50_000);
      expect(await source.headerValue(callScope())).toBe('Bearer token-1');
      pass(10_000);
      expect(await source.headerValue(callScope())).toBe('Bearer token-2');
    },
  );

  it('still valid is used when its renewal fails', async () => {
    let isDown = false;
    const { source, pass } = tokenSource({ expiresInSeconds: 3600, fail: () => (isDown ? refusal : undefined) });
    await source.headerValue(callScope());
    isDown = true;
    pass(3_550_000);
    expect(await source.headerValue(callScope())).toBe('Bearer token-1');
    pass(50_000);
    await expect(source.headerValue(callScope())).rejects.toBe(refusal);
  });
});

describe('a rejected token', () => {
  it('is renewed once however many were rejected', async () => {
    const { source, fetches } = tokenSource();
    await source.headerValue(callScope());
    const renewed = await Promise.all(
      Array.from({ length: 1_000 }, () => source.renew?.('Bearer token-1', callScope())),
    );
    expect(new Set(renewed)).toEqual(new Set(['Bearer token-2']));
    expect(fetches()).toBe(2);
  });

  it('that has been renewed meanwhile costs no call', async () => {
    const { source, fetches } = tokenSource();
    await source.headerValue(callScope());
    await source.renew?.('Bearer token-1', callScope());
    expect(await source.renew?.('Bearer token-1', callScope())).toBe('Bearer token-2');
    expect(fetches()).toBe(2);
  });

  it('is renewed at most five times in five seconds', async () => {
    const { source, fetches, pass } = tokenSource();
    const rejectCurrent = async () => source.renew?.(await source.headerValue(callScope()), callScope());
    for (let renewal = 0; renewal < 5; renewal++) expect(await rejectCurrent()).toBeDefined();
    expect(await rejectCurrent()).toBeUndefined();
    expect(fetches()).toBe(6);
    pass(5_000);
    expect(await rejectCurrent()).toBe('Bearer token-7');
  });

  it('serves all other calls as before where no other can be had: a 401 may speak of the one call', async () => {
    let isDown = false;
    const { source, fetches, pass } = tokenSource({ fail: () => (isDown ? refusal : undefined) });
    await source.headerValue(callScope());
    isDown = true;
    for (let call = 0; call < 10; call++) {
      await expect(source.renew?.('Bearer token-1', callScope())).rejects.toBe(refusal);
      expect(await source.headerValue(callScope())).toBe('Bearer token-1');
    }
    expect(fetches()).toBe(2);
    isDown = false;
    pass(1_000);
    expect(await source.renew?.('Bearer token-1', callScope())).toBe('Bearer token-3');
    expect(await source.headerValue(callScope())).toBe('Bearer token-3');
  });

  it('serves them as well where whoever asked for another has left', async () => {
    const { source } = tokenSource();
    await source.headerValue(callScope());
    const scope = callScope();
    const left = source.renew?.('Bearer token-1', scope);
    scope.leave();
    await expect(left).rejects.toThrow('aborted');
    await new Promise((resolve) => setImmediate(resolve));
    expect(await source.headerValue(callScope())).toBe('Bearer token-1');
  });
});

describe('a failed fetch', () => {
  it('is remembered for a second, then for longer, never for more than five', async () => {
    const { source, fetches, pass } = tokenSource({ fail: () => refusal });
    const pauses: number[] = [];
    for (let round = 0; round < 5; round++) {
      await expect(source.headerValue(callScope())).rejects.toBe(refusal);
      const before = fetches();
      let waited = 0;
      while (fetches() === before) {
        pass(500);
        waited += 500;
        await expect(source.headerValue(callScope())).rejects.toBe(refusal);
      }
      pauses.push(waited);
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('is forgotten with the next success', async () => {
    let isDown = true;
    const { source, pass } = tokenSource({ fail: () => (isDown ? refusal : undefined) });
    await expect(source.headerValue(callScope())).rejects.toBe(refusal);
    isDown = false;
    pass(1_000);
    expect(await source.headerValue(callScope())).toBe('Bearer token-2');
  });

  it('by a departure or a limit of our own is not remembered', async () => {
    let error: Error | undefined = new OverloadedError('PERSONIO');
    const { source } = tokenSource({ fail: () => error });
    await expect(source.headerValue(callScope())).rejects.toThrow(OverloadedError);
    error = undefined;
    const scope = callScope();
    const left = source.headerValue(scope);
    scope.leave();
    await expect(left).rejects.toThrow('aborted');
    expect(await source.headerValue(callScope())).toBe('Bearer token-3');
  });

  it('is not caused by one of many who leaves', async () => {
    const { source, fetches } = tokenSource();
    const [leaver, stays] = [callScope(), callScope()];
    const left = source.headerValue(leaver);
    const served = source.headerValue(stays);
    leaver.leave();
    await expect(left).rejects.toThrow('aborted');
    expect(await served).toBe('Bearer token-1');
    expect(fetches()).toBe(1);
  });

  it('is asked for again in time although the clock was set back after a failure', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const answers = [Promise.reject(refusal), Promise.resolve({ accessToken: 'token', expiresInSeconds: 3600 })];
    const fetchToken = () => answers.shift() ?? Promise.reject(new Error('asked too often'));
    const source = createAccessTokenSource({ credentialsId: 'client-id', fetchToken });
    await expect(source.headerValue(callScope())).rejects.toBe(refusal);
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(1_000);
    expect(await source.headerValue(callScope())).toBe('Bearer token');
  });
});
