import { describe, expect, test } from 'vitest';
import { type ErrorCode, HookgraphError, isRetryable, UpstreamError } from '../../../src/domain/errors.ts';
import { codeOfFailure, mayHaveSucceeded, type UpstreamFailure } from '../../../src/domain/upstream-failure.ts';
import { providerKeyOf } from '../../../src/domain/webhook.ts';

function status(code: number): UpstreamFailure {
  return { type: 'status', status: code };
}

describe('the code of a failure', () => {
  test.each([
    [400, 'BAD_USER_INPUT'],
    [401, 'UPSTREAM_UNAUTHENTICATED'],
    [402, 'PLAN_UPGRADE_REQUIRED'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [405, 'UPSTREAM_REJECTED'],
    [408, 'UPSTREAM_TIMEOUT'],
    [409, 'CONFLICT'],
    [410, 'NOT_FOUND'],
    [418, 'UPSTREAM_REJECTED'],
    [422, 'UNPROCESSABLE'],
    [429, 'RATE_LIMITED'],
    [500, 'UPSTREAM_UNAVAILABLE'],
    [503, 'UPSTREAM_UNAVAILABLE'],
    [302, 'UPSTREAM_INVALID_RESPONSE'],
  ])('of status %s is %s', (code, expected) => {
    expect(codeOfFailure(status(code))).toBe(expected);
  });

  test("is what the provider's own words mean, where they say more than the status", () => {
    expect(codeOfFailure({ type: 'status', status: 403, code: 'PLAN_UPGRADE_REQUIRED' })).toBe('PLAN_UPGRADE_REQUIRED');
  });

  test.each([
    [400, 'UPSTREAM_UNAUTHENTICATED'],
    [401, 'UPSTREAM_UNAUTHENTICATED'],
    [402, 'UPSTREAM_REJECTED'],
    [403, 'UPSTREAM_UNAUTHENTICATED'],
    [404, 'UPSTREAM_REJECTED'],
    [408, 'UPSTREAM_TIMEOUT'],
    [409, 'UPSTREAM_REJECTED'],
    [410, 'UPSTREAM_REJECTED'],
    [422, 'UPSTREAM_REJECTED'],
    [429, 'RATE_LIMITED'],
    [500, 'UPSTREAM_UNAVAILABLE'],
    [302, 'UPSTREAM_INVALID_RESPONSE'],
  ])("of the token endpoint's %s is %s: nothing that the client wrote is to blame", (code, expected) => {
    expect(codeOfFailure({ type: 'status', status: code, endpoint: 'token' })).toBe(expected);
  });

  test.each<[UpstreamFailure['type'], ErrorCode]>([
    ['timeout', 'UPSTREAM_TIMEOUT'],
    ['connection', 'UPSTREAM_UNAVAILABLE'],
    ['circuit-open', 'UPSTREAM_UNAVAILABLE'],
    ['invalid-answer', 'UPSTREAM_INVALID_RESPONSE'],
  ])('of a failure without a status, %s, is %s', (type, expected) => {
    expect(type === 'status' ? null : codeOfFailure({ type })).toBe(expected);
  });
});

describe('a failed write', () => {
  test.each([400, 409, 429, 499, 503])('that was refused with %s did not succeed', (code) => {
    expect(mayHaveSucceeded(status(code), { wasSent: true })).toBe(false);
  });

  test.each([200, 302, 500, 502, 504])('that was answered with %s may have succeeded', (code) => {
    expect(mayHaveSucceeded(status(code), { wasSent: true })).toBe(true);
  });

  test.each(['timeout', 'connection', 'invalid-answer'] as const)(
    'that met %s may have succeeded once sent',
    (type) => {
      expect(mayHaveSucceeded({ type }, { wasSent: true })).toBe(true);
      expect(mayHaveSucceeded({ type }, { wasSent: false })).toBe(false);
    },
  );

  test('that met an open circuit never left', () => {
    expect(mayHaveSucceeded({ type: 'circuit-open' }, { wasSent: true })).toBe(false);
  });
});

describe('an error is retryable', () => {
  const upstream = { status: null, traceId: null, timestamp: null, retryAfter: null, problems: [] };

  test.each<[ErrorCode, boolean]>([
    ['RATE_LIMITED', true],
    ['OVERLOADED', true],
    ['UPSTREAM_UNAVAILABLE', true],
    ['UPSTREAM_TIMEOUT', true],
    ['CONFLICT', false],
    ['NOT_FOUND', false],
    ['INTERNAL_SERVER_ERROR', false],
  ])('%s: %s', (code, expected) => {
    expect(isRetryable(new HookgraphError(code, 'x'))).toBe(expected);
  });

  test('unless the write may have succeeded', () => {
    const errorWhere = (mayHaveSucceeded: boolean) =>
      new UpstreamError('UPSTREAM_TIMEOUT', 'x', { provider: 'PERSONIO', upstream: { ...upstream, mayHaveSucceeded } });
    expect(isRetryable(errorWhere(false))).toBe(true);
    expect(isRetryable(errorWhere(true))).toBe(false);
  });
});

test("a provider's key is its name in lower case, a colon and its own id", () => {
  expect(providerKeyOf({ provider: 'TRULAYER', providerId: 'Wh_1:2' })).toBe('trulayer:Wh_1:2');
});
