import { describe, expect, it } from 'vitest';
import { answer, startFaultUpstream } from '../support/fault-upstream.ts';
import { measured } from '../support/running-time.ts';
import { callScope } from '../unit/http/call-scope.ts';
import { clientOf, failureOf, READ, WRITE } from './client.ts';

const CODES = [
  [400, 'BAD_USER_INPUT'],
  [401, 'UPSTREAM_UNAUTHENTICATED'],
  [402, 'PLAN_UPGRADE_REQUIRED'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [405, 'UPSTREAM_REJECTED'],
  [408, 'UPSTREAM_TIMEOUT'],
  [409, 'CONFLICT'],
  [410, 'NOT_FOUND'],
  [415, 'UPSTREAM_REJECTED'],
  [422, 'UNPROCESSABLE'],
  [429, 'RATE_LIMITED'],
  [500, 'UPSTREAM_UNAVAILABLE'],
  [501, 'UPSTREAM_UNAVAILABLE'],
  [502, 'UPSTREAM_UNAVAILABLE'],
  [503, 'UPSTREAM_UNAVAILABLE'],
  [504, 'UPSTREAM_UNAVAILABLE'],
] as const;

const NO_RETRY = { retry: { maxRetries: 0 } };

describe.each(CODES)('status %i', (status, code) => {
  it.each([
    ['application/json', '{"title":"Refused.","detail":"Not today.","status":7,"hint":"tomorrow"}'],
    ['application/problem+json', '{"title":"Refused.","detail":"Not today.","status":7,"hint":"tomorrow"}'],
  ])('with %s is told with its problem', async (type, body) => {
    const upstream = await startFaultUpstream((socket) => answer(socket, status, body, { 'content-type': type }));
    expect(await failureOf(clientOf(upstream.baseUrl, NO_RETRY).request(READ, callScope()))).toEqual({
      code,
      message: 'Not today.',
      status,
      traceId: null,
      timestamp: null,
      retryAfter: null,
      mayHaveSucceeded: false,
      problems: [{ title: 'Refused.', detail: 'Not today.', type: null, meta: { hint: 'tomorrow' } }],
    });
  });

  it.each([
    ['HTML', '<html>secret stack</html>'],
    ['nothing', ''],
    ['broken JSON', '{"title":'],
    ['another shape', '[7]'],
    ['a page that is too long', 'x'.repeat(70_000)],
  ])('with %s is told by the status alone', async (_what, body) => {
    const upstream = await startFaultUpstream((socket) => answer(socket, status, body));
    expect(await failureOf(clientOf(upstream.baseUrl, NO_RETRY).request(READ, callScope()))).toMatchObject({
      code,
      message: `GET /v2/webhooks/{id}: ${status}`,
      problems: [],
    });
  });

  it('leaves a write in doubt only where it may have been carried out', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, status));
    expect(await failureOf(clientOf(upstream.baseUrl).request(WRITE, callScope()))).toMatchObject({
      code,
      mayHaveSucceeded: [500, 501, 502, 504].includes(status),
    });
    expect(upstream.requests).toHaveLength(1);
  });
});

describe("the provider's own error shape", () => {
  it('is read before RFC 9457', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 403, { oops: 'pay', title: 'Refused.' }));
    const problem = { title: 'pay', detail: null, type: null, meta: {} };
    const client = clientOf(upstream.baseUrl, {
      readProblem: (body) =>
        typeof body === 'object' && body !== null && 'oops' in body
          ? {
              code: 'PLAN_UPGRADE_REQUIRED',
              problems: [problem],
              traceId: 'trace-1',
              timestamp: '2021-05-28T11:17:30Z',
            }
          : undefined,
    });
    expect(await failureOf(client.request(READ, callScope()))).toMatchObject({
      code: 'PLAN_UPGRADE_REQUIRED',
      message: 'pay',
      traceId: 'trace-1',
      timestamp: '2021-05-28T11:17:30Z',
      problems: [problem],
    });
  });
});

describe('the token endpoint', () => {
  it('that answers 400 refuses the credentials', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 400));
    const call = clientOf(upstream.baseUrl).request(
      { ...WRITE, method: 'POST', pathTemplate: '/v2/auth/token', endpoint: 'token' },
      callScope(),
    );
    expect(await failureOf(call)).toMatchObject({
      code: 'UPSTREAM_UNAUTHENTICATED',
      message: 'POST /v2/auth/token: 400',
      mayHaveSucceeded: false,
    });
  });
});

describe('after a 429', () => {
  it.each([
    ['1', 1_000],
    ['0', 0],
    ['junk', 1_000],
    ['-1', 1_000],
  ])('with Retry-After %s a read waits, then succeeds', async (retryAfter, waitMs) => {
    const upstream = await startFaultUpstream((socket, _request, index) => {
      if (index === 0) answer(socket, 429, '', { 'retry-after': retryAfter });
      else answer(socket, 200, { fine: true });
    });
    const { result, runningMs } = await measured(() => clientOf(upstream.baseUrl).request(READ, callScope()));
    expect(result.body).toEqual({ fine: true });
    const [first, second] = upstream.requests.map(({ at }) => at);
    expect(Number(second) - Number(first)).toBeGreaterThanOrEqual(waitMs - 5);
    expect(runningMs).toBeLessThan(waitMs + 200);
  });

  it.each([
    ['30', 30],
    ['1000000000', 1_000_000_000],
    [new Date(Date.now() + 3_600_000).toUTCString(), 3_600],
  ])(
    'with Retry-After %s, beyond the time that is left, the read fails at once and says so',
    async (header, seconds) => {
      const upstream = await startFaultUpstream((socket) => answer(socket, 429, '', { 'retry-after': header }));
      const { code, retryAfter } = await failureOf(clientOf(upstream.baseUrl).request(READ, callScope()));
      expect(code).toBe('RATE_LIMITED');
      expect(Number(retryAfter)).toBeGreaterThan(seconds - 10);
      expect(Number(retryAfter)).toBeLessThanOrEqual(seconds);
      expect(upstream.requests).toHaveLength(1);
    },
  );
});
