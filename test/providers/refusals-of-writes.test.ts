import { describe, expect, test } from 'vitest';
import { globalId, openStubGateway } from '../support/stub-gateway.ts';
import { loadUpstreamContract } from '../support/upstream-contract.ts';
import { trulayerId } from '../support/upstream-rows.ts';

const contracts = { personio: loadUpstreamContract('personio'), trulayer: loadUpstreamContract('trulayer') };
const PERSONIO_ID = globalId('PERSONIO', '533e7206-f4a3-11ed-9c8b-436fad0b82d1');
const TRULAYER_ID = globalId('TRULAYER', trulayerId(1));

const TRACED = { traceId: 'aswo3f-a202lfso-312123sld-1230ddd', timestamp: '2021-05-28T11:17:30Z' };
const TRACED_5XX = { ...TRACED, timestamp: '2021-05-28T11:17:30+00:00' };
const UNTRACED = { traceId: null, timestamp: null };

interface Problem {
  readonly title: string;
  readonly detail: string | null;
  readonly type: string | null;
  readonly meta: Readonly<Record<string, string>>;
}

const problem = (title: string, detail: string | null = null, meta: Problem['meta'] = {}): Problem => ({
  title,
  detail,
  type: null,
  meta,
});
const commonProblem = (title: string, detail: string, type: string): Problem => ({
  ...problem(title, detail),
  type: `https://developer.personio.de/reference/errors#common.${type}`,
});
const AGAIN = 'There was a problem while processing this request. Please try again later.';
const LATER = 'The server is temporarily unavailable. Please try again later.';

interface Expected {
  readonly code: string;
  readonly problem: Problem;
  readonly trace?: typeof UNTRACED | typeof TRACED;
  readonly retryable?: boolean;
  readonly mayHaveSucceeded?: boolean;
  /** Where in the input of an update or create; pings, test events and deletes name no such place. */
  readonly field?: readonly string[];
}

const PERSONIO_REFUSALS: Readonly<Record<string, Expected>> = {
  InvalidStatusPayloadResponse: {
    code: 'BAD_USER_INPUT',
    problem: problem(
      'Input must be a valid JSON',
      'Invalid value for field: status. Supported values are [ENABLED, DISABLED]',
    ),
    field: ['status'],
  },
  TestEventMissingPayloadDataResponse: {
    code: 'BAD_USER_INPUT',
    problem: problem(
      'Missing required payload data',
      "The test event payload requires field 'person.id' in the 'payload_data' object",
    ),
    field: ['payload', 'person', 'id'],
  },
  InvalidAuthenticationPayloadResponse: {
    code: 'UPSTREAM_UNAUTHENTICATED',
    problem: problem('Invalid authentication', 'The authentication type is unsupported.'),
  },
  MissingOrExpiredToken: {
    code: 'UPSTREAM_UNAUTHENTICATED',
    problem: problem('Unauthorized', 'The access token is missing or no longer valid'),
  },
  WebhookAccessForbiddenErrorResponse: {
    code: 'FORBIDDEN',
    problem: problem('Access denied', 'Access denied to perform webhook operations'),
  },
  WebhookNotFoundErrorResponse: {
    code: 'NOT_FOUND',
    problem: problem('Webhook not found', 'No webhook found matching the given id'),
  },
  ConflictPayloadResponse: {
    code: 'CONFLICT',
    problem: problem('Duplicate URL', 'Another webhook configuration with identical URL exists.', {
      id: '89821e24-1b15-11ee-8f8e-430f660e2f9e',
      webhookId: globalId('PERSONIO', '89821e24-1b15-11ee-8f8e-430f660e2f9e'),
    }),
    field: ['url'],
  },
  InvalidUrlPayloadResponse: {
    code: 'UNPROCESSABLE',
    problem: problem('The URL is considered invalid.', 'URL does not use HTTPS scheme.'),
    field: ['url'],
  },
  InvalidHostnamePayloadResponse: {
    code: 'UNPROCESSABLE',
    problem: problem('The URL is considered invalid.', 'Hostname does not resolve to a valid address.'),
    field: ['url'],
  },
  MissingWindowBound: {
    code: 'BAD_USER_INPUT',
    problem: problem('Missing time window', 'One of occurred_at.gte and occurred_at.lte is needed'),
    field: ['occurredAt'],
  },
  TooManyRequests: {
    code: 'RATE_LIMITED',
    problem: problem('Too many requests', 'Rate limit exceeded'),
    retryable: true,
  },
  InternalServerError: {
    code: 'UPSTREAM_UNAVAILABLE',
    problem: commonProblem('Internal Server Error', AGAIN, 'internal_server_error'),
    trace: TRACED_5XX,
    mayHaveSucceeded: true,
  },
  BadGateway: {
    code: 'UPSTREAM_UNAVAILABLE',
    problem: commonProblem('Bad Gateway', AGAIN, 'bad_gateway'),
    trace: TRACED_5XX,
    mayHaveSucceeded: true,
  },
  ServiceUnavailable: {
    code: 'UPSTREAM_UNAVAILABLE',
    problem: commonProblem('Service Unavailable', LATER, 'service_unavailable'),
    trace: TRACED_5XX,
    retryable: true,
  },
  GatewayTimeout: {
    code: 'UPSTREAM_UNAVAILABLE',
    problem: commonProblem('Gateway Timeout', AGAIN, 'gateway_timeout'),
    trace: TRACED_5XX,
    mayHaveSucceeded: true,
  },
};

const TRULAYER_REFUSALS: Readonly<Record<string, Expected>> = {
  MissingSecret: { code: 'BAD_USER_INPUT', problem: problem('secret is required'), field: ['secret'] },
  MissingCredential: { code: 'UPSTREAM_UNAUTHENTICATED', problem: problem('missing or invalid credentials') },
  KeyRevoked: {
    code: 'UPSTREAM_UNAUTHENTICATED',
    problem: problem('API key revoked', null, { code: 'key_revoked' }),
  },
  PlanUpgradeRequired: {
    code: 'PLAN_UPGRADE_REQUIRED',
    problem: problem('Webhooks need a higher plan', null, { code: 'plan_upgrade_required', required_plan: 'pro' }),
  },
  InsufficientRole: { code: 'FORBIDDEN', problem: problem('insufficient role') },
  ScopeForbidden: {
    code: 'FORBIDDEN',
    problem: problem('key scope does not allow this call', null, { code: 'scope_forbidden' }),
  },
  WebhookNotFound: { code: 'NOT_FOUND', problem: problem('Webhook not found.') },
  NotHttps: { code: 'UNPROCESSABLE', problem: problem('webhook.url.not_https'), field: ['url'] },
  PrivateIp: { code: 'UNPROCESSABLE', problem: problem('webhook.url.private_ip'), field: ['url'] },
  Unresolvable: { code: 'UNPROCESSABLE', problem: problem('webhook.url.unresolvable'), field: ['url'] },
  RateLimited: { code: 'RATE_LIMITED', problem: problem('rate limit exceeded'), retryable: true },
  InternalError: {
    code: 'UPSTREAM_UNAVAILABLE',
    problem: problem('internal server error'),
    mayHaveSucceeded: true,
  },
};

/** Each write of each provider, as GraphQL asks for it. */
const WRITES = [
  {
    provider: 'personio',
    operationId: 'updateWebhook',
    mutation: `updateWebhook(input: { id: "${PERSONIO_ID}", url: "https://example.com/callback" }) { webhookId }`,
    field: 'updateWebhook',
    input: ['input'],
  },
  {
    provider: 'personio',
    operationId: 'createWebhook',
    mutation:
      'createWebhook(input: { personio: { url: "https://example.com/callback", description: "A", enabledEvents: ["person.updated"] } }) { webhookId }',
    field: 'createWebhook',
    input: ['input', 'personio'],
  },
  {
    provider: 'personio',
    operationId: 'deleteWebhook',
    mutation: `deleteWebhook(input: { id: "${PERSONIO_ID}" }) { deletedWebhookId }`,
    field: 'deleteWebhook',
    input: ['input'],
  },
  {
    provider: 'personio',
    operationId: 'pingWebhook',
    mutation: `pingWebhook(input: { id: "${PERSONIO_ID}" }) { webhookId }`,
    field: 'pingWebhook',
    input: ['input'],
  },
  {
    provider: 'personio',
    operationId: 'sendWebhookTestEvent',
    mutation: `sendTestEvent(input: { webhookId: "${PERSONIO_ID}", eventName: "person.updated" }) { webhookId }`,
    field: 'sendTestEvent',
    input: ['input'],
  },
  {
    provider: 'personio',
    operationId: 'redeliverWebhookEvents',
    mutation: `redeliverWebhookEvents(input: { webhookId: "${PERSONIO_ID}", occurredAt: { lte: "2026-11-20T00:00:00Z" } }) { webhookId }`,
    field: 'redeliverWebhookEvents',
    input: ['input'],
  },
  {
    provider: 'trulayer',
    operationId: 'createWebhook',
    mutation:
      'createWebhook(input: { trulayer: { url: "https://example.com/hook", secret: "sixteen-or-more-characters" } }) { webhookId }',
    field: 'createWebhook',
    input: ['input', 'trulayer'],
  },
  {
    provider: 'trulayer',
    operationId: 'deleteWebhook',
    mutation: `deleteWebhook(input: { id: "${TRULAYER_ID}" }) { deletedWebhookId }`,
    field: 'deleteWebhook',
    input: ['input'],
  },
  {
    provider: 'trulayer',
    operationId: 'testWebhook',
    mutation: `pingWebhook(input: { id: "${TRULAYER_ID}" }) { webhookId }`,
    field: 'pingWebhook',
    input: ['input'],
  },
] as const;

describe.each(WRITES)('$provider $operationId', ({ provider, operationId, mutation, field, input }) => {
  const refusals = contracts[provider].answersOf(operationId).filter(({ status }) => status >= 400);

  test('documents refusals', () => {
    expect(refusals.length).toBeGreaterThan(4);
  });

  test.each(refusals)('$status $example is the error that clients are promised', async ({ status, example, body }) => {
    const answer = () => ({ status, body, headers: status === 429 ? { 'retry-after': '7' } : {} });
    const gateway = await openStubGateway({ [provider]: answer, environment: { RETRY_MAX: '5' } });
    const answered = await gateway.query(`mutation { ${mutation} }`);

    const expected = (provider === 'personio' ? PERSONIO_REFUSALS : TRULAYER_REFUSALS)[example];
    expect(expected, `${example} is not in the table`).toBeDefined();
    expect(answered.status).toBe(200);
    expect(answered.data).toEqual({ [field]: null });
    const message = expected?.problem.detail ?? expected?.problem.title;
    expect(answered.errors).toEqual([
      {
        message,
        path: [field],
        locations: [{ line: 1, column: 12 }],
        extensions: {
          // One example stands for two statuses.
          code: example === 'MissingWindowBound' && status === 422 ? 'UNPROCESSABLE' : expected?.code,
          provider: provider.toUpperCase(),
          retryable: expected?.retryable ?? false,
          upstream: {
            status,
            ...(expected?.trace ?? (provider === 'personio' ? TRACED : UNTRACED)),
            retryAfter: status === 429 ? 7 : null,
            mayHaveSucceeded: expected?.mayHaveSucceeded ?? false,
            problems: [expected?.problem],
          },
          ...(expected?.field && { violations: [{ path: [...input, ...expected.field], message }] }),
          requestId: expect.stringMatching(/^\S+$/),
        },
      },
    ]);
    expect(gateway[provider].requests).toHaveLength(1);
  });

  test.each([
    ['no body', undefined],
    ['a page', '<html><body>Bad request</body></html>'],
    ['JSON of another shape', { errors: 'many', error: 7 }],
    ['a list', [1, 2]],
    ['null', null],
    ['problems that are none', { errors: [null, 'x', 1] }],
  ])('a 422 with %s keeps its code, without problems or violations', async (_what, body) => {
    const gateway = await openStubGateway({ [provider]: () => ({ status: 422, body }) });
    const { errors } = await gateway.query(`mutation { ${mutation} }`);
    expect(errors?.map(({ extensions: { code, upstream, violations } }) => ({ code, upstream, violations }))).toEqual([
      {
        code: 'UNPROCESSABLE',
        upstream: { status: 422, ...UNTRACED, retryAfter: null, mayHaveSucceeded: false, problems: [] },
        violations: undefined,
      },
    ]);
  });
});

test("an error of TruLayer's that is an object is read too", async () => {
  const gateway = await openStubGateway({
    trulayer: () => ({ status: 401, body: { error: { code: 'key_revoked' }, request_id: 'r-1' } }),
  });
  const { errors } = await gateway.query(`mutation { pingWebhook(input: { id: "${TRULAYER_ID}" }) { webhookId } }`);
  expect(errors?.[0]?.message).toBe('key_revoked');
  expect(errors?.[0]?.extensions.upstream).toMatchObject({
    status: 401,
    problems: [{ title: 'key_revoked', detail: null, type: null, meta: { code: 'key_revoked', request_id: 'r-1' } }],
  });
});

test('an RFC 9457 body of Personio is read too', async () => {
  const gateway = await openStubGateway({
    personio: () => ({
      status: 422,
      body: { type: 'about:blank', title: 'Invalid', detail: 'The URL is odd', status: 422 },
    }),
  });
  const { errors } = await gateway.query(
    `mutation { updateWebhook(input: { id: "${PERSONIO_ID}", url: "https://example.com/x" }) { webhookId } }`,
  );
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'UNPROCESSABLE',
    upstream: { problems: [{ title: 'Invalid', detail: 'The URL is odd', type: 'about:blank' }] },
    violations: [{ path: ['input', 'url'], message: 'The URL is odd' }],
  });
});

test.each([
  ['occurred_at.gte is too old', ['occurredAt', 'gte']],
  ['Invalid value for field: occurred_at.lte.', ['occurredAt', 'lte']],
  ['The window holds more than 100 events', ['occurredAt']],
])('a redelivery that is refused with «%s» tells which part of the window', async (detail, path) => {
  const gateway = await openStubGateway({ personio: () => ({ status: 422, body: { errors: [{ detail }] } }) });
  const { errors } = await gateway.query(
    `mutation { redeliverWebhookEvents(input: { webhookId: "${PERSONIO_ID}", occurredAt: { lte: "2026-11-20T00:00:00Z" } }) { webhookId } }`,
  );
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'UNPROCESSABLE',
    violations: [{ path: ['input', ...path], message: detail }],
  });
});
