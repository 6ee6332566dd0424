import { describe, expect, it } from 'vitest';
import { createAccessTokenSource } from '../../src/http/access-token.ts';
import { staticAuthorization } from '../../src/http/authorization.ts';
import type { HttpClientOptions } from '../../src/http/http-client.ts';
import { answer, type Behave, startFaultUpstream, until } from '../support/fault-upstream.ts';
import { callScope } from '../unit/http/call-scope.ts';
import { clientOf, failureOf, READ, WRITE } from './client.ts';

/**
 * An upstream with a token endpoint; `accepts` says which tokens its API takes, and `onToken` may spoil the endpoint.
 */
async function guardedUpstream({
  accepts,
  onToken,
  tokenClock = () => performance.now(),
  ...options
}: {
  readonly accepts: (token: string) => boolean;
  readonly onToken?: Behave;
  readonly tokenClock?: () => number;
} & Partial<HttpClientOptions>) {
  let issued = 0;
  const upstream = await startFaultUpstream((socket, request, index) => {
    if (request.path !== '/v2/auth/token') {
      const token = request.headers.authorization ?? '';
      return answer(socket, accepts(token) ? 200 : 401, {});
    }
    issued++;
    if (onToken) onToken(socket, request, index);
    else answer(socket, 200, { access_token: `t${issued}`, expires_in: 3600 });
  });
  const client = clientOf(upstream.baseUrl, { retry: { maxRetries: 0 }, ...options });
  const authorization = createAccessTokenSource({
    credentialsId: 'id',
    now: tokenClock,
    async fetchToken(scope) {
      const { body } = await client.request(
        {
          operation: 'obtainAccessToken',
          method: 'POST',
          pathTemplate: '/v2/auth/token',
          path: '/v2/auth/token',
          form: { grant_type: 'client_credentials', client_id: 'id', client_secret: 's & p' },
          expects: 'json',
          endpoint: 'token',
        },
        scope,
      );
      const token = typeof body === 'object' && body !== null && 'access_token' in body ? body.access_token : '';
      return { accessToken: String(token), expiresInSeconds: 3600 };
    },
  });
  const sent = (path: string) => upstream.requests.filter((request) => request.path === path);
  return { upstream, client, authorization, tokenCalls: () => sent('/v2/auth/token'), apiCalls: () => sent(READ.path) };
}

describe('a token', () => {
  it('is fetched by a form, then shown', async () => {
    const { client, authorization, tokenCalls, apiCalls } = await guardedUpstream({
      accepts: (t) => t === 'Bearer t1',
    });
    const scope = callScope();
    expect((await client.request({ ...READ, authorization }, scope)).status).toBe(200);
    expect(tokenCalls()[0]?.body).toBe('grant_type=client_credentials&client_id=id&client_secret=s+%26+p');
    expect(tokenCalls()[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(apiCalls()[0]?.headers.authorization).toBe('Bearer t1');
    expect(scope.calls()).toBe(2);
    expect(scope.secrets).toEqual(new Set(['Bearer t1', 't1']));
  });

  it('that has expired costs one call, however many find out at once', async () => {
    const { client, authorization, tokenCalls, upstream } = await guardedUpstream({
      accepts: (t) => t === 'Bearer t2',
    });
    await authorization.headerValue(callScope());
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) =>
        client.request({ ...READ, path: `/v2/webhooks/${index}`, authorization }, callScope()),
      ),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(tokenCalls()).toHaveLength(2);
    expect(upstream.requests.length).toBeLessThanOrEqual(2_002);
  });

  it('that was revoked costs one replay, of a write too', async () => {
    const { client, authorization, tokenCalls, apiCalls } = await guardedUpstream({
      accepts: (t) => t === 'Bearer t2',
    });
    expect((await client.request({ ...WRITE, authorization }, callScope())).status).toBe(200);
    expect([tokenCalls().length, apiCalls().length]).toEqual([2, 2]);
    expect(apiCalls().map(({ body }) => body)).toEqual(['{"status":"DISABLED"}', '{"status":"DISABLED"}']);
  });

  it.each([
    ['a read', READ],
    ['a write', WRITE],
  ])('that the endpoint stands by is shown once more, for %s', async (_what, request) => {
    let refusals = 1;
    const { client, authorization, tokenCalls, apiCalls } = await guardedUpstream({
      accepts: () => refusals-- <= 0,
      onToken: (socket) => answer(socket, 200, { access_token: 'the-same', expires_in: 3600 }),
    });
    expect((await client.request({ ...request, authorization }, callScope())).status).toBe(200);
    expect([tokenCalls().length, apiCalls().length]).toEqual([2, 2]);
  });

  it('that the endpoint stands by, but the API refuses, is no loop either', async () => {
    const { client, authorization, tokenCalls, apiCalls } = await guardedUpstream({
      accepts: () => false,
      onToken: (socket) => answer(socket, 200, { access_token: 'the-same', expires_in: 3600 }),
    });
    expect(await failureOf(client.request({ ...WRITE, authorization }, callScope()))).toMatchObject({
      code: 'UPSTREAM_UNAUTHENTICATED',
      mayHaveSucceeded: false,
    });
    expect([tokenCalls().length, apiCalls().length]).toEqual([2, 2]);
  });

  it('that is refused even when fresh is no loop', async () => {
    const { client, authorization, tokenCalls, apiCalls } = await guardedUpstream({ accepts: () => false });
    expect(await failureOf(client.request({ ...WRITE, authorization }, callScope()))).toMatchObject({
      code: 'UPSTREAM_UNAUTHENTICATED',
      mayHaveSucceeded: false,
    });
    expect([tokenCalls().length, apiCalls().length]).toEqual([2, 2]);
  });

  it('that is renewed for a replay which then cannot be made leaves the reason for that', async () => {
    const { client, authorization } = await guardedUpstream({ accepts: () => false });
    const call = client.request({ ...READ, authorization }, callScope({ maxCalls: 3 }));
    await expect(call).rejects.toThrow('Too many upstream calls.');
  });

  it('that is always refused does not turn every call into a token call', async () => {
    const { client, authorization, tokenCalls } = await guardedUpstream({ accepts: () => false });
    for (let call = 0; call < 50; call++) await failureOf(client.request({ ...READ, authorization }, callScope()));
    expect(tokenCalls().length).toBeLessThanOrEqual(6);
  });

  it('that never comes holds the call no longer than one attempt, and no write is sent', async () => {
    const { client, authorization, apiCalls } = await guardedUpstream({
      accepts: () => true,
      onToken: () => {},
      timeouts: { attemptMs: 100 },
    });
    expect(await failureOf(client.request({ ...WRITE, authorization }, callScope()))).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      message: 'POST /v2/auth/token: no answer in time',
      mayHaveSucceeded: false,
    });
    expect(apiCalls()).toHaveLength(0);
  });

  it('that is about to expire serves on while its endpoint is silent, and is replaced once that answers', async () => {
    let now = 0;
    let release = () => {};
    let isSilent = false;
    const { client, authorization, tokenCalls, apiCalls } = await guardedUpstream({
      accepts: () => true,
      tokenClock: () => now,
      onToken: (socket, _request, index) => {
        const give = () => answer(socket, 200, { access_token: `t${index}`, expires_in: 3600 });
        if (isSilent) release = give;
        else give();
      },
    });
    await client.request({ ...READ, authorization }, callScope());
    isSilent = true;
    // Within its last minute.
    now = 3_545_000;
    for (const request of [READ, WRITE]) await client.request({ ...request, authorization }, callScope());
    expect(apiCalls().map(({ headers }) => headers.authorization)).toEqual(['Bearer t0', 'Bearer t0', 'Bearer t0']);
    expect(tokenCalls()).toHaveLength(2);
    release();
    await until(() => authorization.headerValue(callScope()) === 'Bearer t2');
    expect(tokenCalls()).toHaveLength(2);
  });

  it.each([
    ['has left', 'leave'],
    ['has no time left', 'expire'],
  ] as const)('is asked for again at once when the one who asked %s', async (_what, end) => {
    let isSilent = true;
    const { upstream, client, authorization, tokenCalls } = await guardedUpstream({
      accepts: () => true,
      onToken: (socket) => {
        if (!isSilent) answer(socket, 200, { access_token: 't' });
      },
    });
    const scope = callScope();
    const left = client.request({ ...READ, authorization }, scope);
    await until(() => tokenCalls().length === 1);
    scope[end]();
    await expect(left).rejects.toThrow();
    await until(() => upstream.openSockets() === 0);
    isSilent = false;
    expect((await client.request({ ...READ, authorization }, callScope())).status).toBe(200);
  });
});

describe('a token endpoint that fails', () => {
  it('is retried like a read, then left alone', async () => {
    const { client, authorization, tokenCalls, apiCalls } = await guardedUpstream({
      accepts: () => true,
      onToken: (socket) => answer(socket, 500),
      retry: { maxRetries: 2 },
    });
    const calls = Array.from({ length: 100 }, () =>
      failureOf(client.request({ ...WRITE, authorization }, callScope())),
    );
    for (const failure of await Promise.all(calls)) {
      expect(failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', mayHaveSucceeded: false });
    }
    await failureOf(client.request({ ...READ, authorization }, callScope()));
    expect([tokenCalls().length, apiCalls().length]).toEqual([3, 0]);
  });

  it('with a 400 means that the credentials are wrong, and says none of them', async () => {
    const { client, authorization } = await guardedUpstream({
      accepts: () => true,
      onToken: (socket) => answer(socket, 400, { error: 'invalid_client' }),
    });
    const failure = await failureOf(client.request({ ...READ, authorization }, callScope()));
    expect(failure).toMatchObject({ code: 'UPSTREAM_UNAUTHENTICATED', message: 'POST /v2/auth/token: 400' });
    expect(JSON.stringify(failure)).not.toContain('s & p');
  });
});

describe('credentials that never change', () => {
  it('are not replayed after a 401', async () => {
    const { client, apiCalls } = await guardedUpstream({ accepts: () => false });
    const authorization = staticAuthorization('Bearer key');
    const scope = callScope();
    expect((await failureOf(client.request({ ...READ, authorization }, scope))).code).toBe('UPSTREAM_UNAUTHENTICATED');
    expect(apiCalls()).toHaveLength(1);
    expect(scope.secrets).toEqual(new Set(['Bearer key', 'key']));
  });

  it('never share a read with others', async () => {
    const { client, apiCalls } = await guardedUpstream({ accepts: () => true });
    const keys = ['Bearer a', 'Bearer b', 'Bearer b'].map(staticAuthorization);
    await Promise.all(keys.map((authorization) => client.request({ ...READ, authorization }, callScope())));
    expect(
      apiCalls()
        .map(({ headers }) => headers.authorization)
        .sort(),
    ).toEqual(['Bearer a', 'Bearer b']);
  });
});
