import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  type HookgraphError,
  type HookgraphErrorCode,
  hookgraphErrors,
  toHookgraphError,
  type UpstreamReport,
  type Violation,
  type WebhookProvider,
} from '../../src/client/index.ts';
import type { ErrorCode } from '../../src/domain/errors.ts';

const UPSTREAM = {
  status: 422,
  traceId: 'trace-1',
  timestamp: '2026-11-21T04:18:18.467Z',
  retryAfter: null,
  mayHaveSucceeded: false,
  problems: [{ title: 'The URL is considered invalid.', detail: null, type: null, meta: { id: '1' } }],
};

const UNPROCESSABLE = {
  message: 'URL does not use HTTPS scheme.',
  locations: [{ line: 2, column: 3 }],
  path: ['updateWebhook'],
  extensions: {
    code: 'UNPROCESSABLE',
    provider: 'PERSONIO',
    retryable: false,
    upstream: UPSTREAM,
    violations: [{ path: ['input', 'url'], message: 'URL does not use HTTPS scheme.' }],
    requestId: 'request-1',
  },
};

describe('an error', () => {
  test('is read with everything that its code promises', () => {
    expect(toHookgraphError(UNPROCESSABLE)).toEqual({
      code: 'UNPROCESSABLE',
      message: 'URL does not use HTTPS scheme.',
      path: ['updateWebhook'],
      isRetryable: false,
      requestId: 'request-1',
      provider: 'PERSONIO',
      upstream: UPSTREAM,
      violations: [{ path: ['input', 'url'], message: 'URL does not use HTTPS scheme.' }],
    });
  });

  test("of the gateway's own limit says when to try again, as one of a provider does", () => {
    const ours = { message: 'Slow down.', extensions: { code: 'RATE_LIMITED', retryable: true, retryAfter: 3 } };
    expect(toHookgraphError(ours)).toMatchObject({ provider: null, retryAfterSeconds: 3, isRetryable: true });
    const upstream = { ...UPSTREAM, status: 429, retryAfter: 7 };
    const theirs = { message: 'Slow down.', extensions: { code: 'RATE_LIMITED', provider: 'TRULAYER', upstream } };
    expect(toHookgraphError(theirs)).toMatchObject({ provider: 'TRULAYER', retryAfterSeconds: 7 });
  });

  test('of a gateway that cannot check tokens at the moment says when to try again', () => {
    const fault = { message: 'Later.', extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: true, retryAfter: 5 } };
    expect(toHookgraphError(fault)).toMatchObject({ retryAfterSeconds: 5, isRetryable: true });
    const masked = { message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false } };
    expect(toHookgraphError(masked)).toMatchObject({ retryAfterSeconds: null, isRetryable: false });
  });

  test.each([
    ['of another service', { message: 'No.', extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: 'a' } }],
    ['that lacks what its code promises', { message: 'No.', extensions: { code: 'CONFLICT' } }],
    [
      'of a provider that this version does not know',
      { message: 'No.', extensions: { code: 'OVERLOADED', provider: 'X' } },
    ],
  ])('%s is UNKNOWN, with its extensions', (_name, error) => {
    expect(toHookgraphError(error)).toEqual({
      code: 'UNKNOWN',
      message: 'No.',
      path: [],
      isRetryable: false,
      requestId: null,
      extensions: error.extensions,
    });
  });

  test.each([[undefined], [null], ['text'], [{ message: 3, path: 'a', extensions: [] }]])('%j is UNKNOWN', (error) => {
    expect(toHookgraphError(error)).toMatchObject({ code: 'UNKNOWN', message: 'Unknown error.', path: [] });
  });
});

describe('errors are found', () => {
  test.each([
    ['in a list', [UNPROCESSABLE]],
    ['in an answer', { data: null, errors: [UNPROCESSABLE] }],
    ["in urql's error", Object.assign(new Error('[GraphQL] No.'), { graphQLErrors: [UNPROCESSABLE] })],
    ["in Apollo Client's error", Object.assign(new Error('No.'), { errors: [UNPROCESSABLE] })],
  ])('%s', (_name, source) => {
    expect(hookgraphErrors(source).map(({ code }) => code)).toEqual(['UNPROCESSABLE']);
  });

  test.each([[undefined], [null], [new TypeError('fetch failed')], [{ data: {} }]])('nowhere in %o', (source) => {
    expect(hookgraphErrors(source)).toEqual([]);
  });
});

describe('the type of an error', () => {
  test('has a code for each that the gateway knows, those of GraphQL, and UNKNOWN', () => {
    expectTypeOf<HookgraphErrorCode>().toEqualTypeOf<
      | ErrorCode
      | 'GRAPHQL_PARSE_FAILED'
      | 'GRAPHQL_VALIDATION_FAILED'
      | 'PERSISTED_QUERY_NOT_FOUND'
      | 'PERSISTED_QUERY_NOT_SUPPORTED'
      | 'UNKNOWN'
    >();
  });

  test('is told apart by its code', () => {
    type Of<Code extends HookgraphErrorCode> = Extract<HookgraphError, { readonly code: Code }>;
    expectTypeOf<Extract<HookgraphError, { code: 'BAD_USER_INPUT' }>['violations']>().toEqualTypeOf<
      readonly Violation[]
    >();
    expectTypeOf<Of<'NOT_FOUND'>['provider']>().toEqualTypeOf<WebhookProvider | null>();
    expectTypeOf<Of<'RATE_LIMITED'>['retryAfterSeconds']>().toEqualTypeOf<number | null>();
    expectTypeOf<Of<'INTERNAL_SERVER_ERROR'>['retryAfterSeconds']>().toEqualTypeOf<number | null>();
    const error = toHookgraphError(UNPROCESSABLE);
    if (error.code === 'UPSTREAM_TIMEOUT') expectTypeOf(error.upstream).toEqualTypeOf<UpstreamReport>();
    if (error.code === 'CONFLICT') expectTypeOf(error.provider).toEqualTypeOf<WebhookProvider>();
    if (error.code === 'UNAUTHENTICATED') expectTypeOf(error).not.toHaveProperty('upstream');
  });
});
