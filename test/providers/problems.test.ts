import { describe, expect, test } from 'vitest';
import type { ClientError } from '../support/gateway.ts';
import { type Answer, globalId, openStubGateway } from '../support/stub-gateway.ts';
import type { UpstreamReply } from '../support/stub-upstream.ts';
import { type DocumentedAnswer, loadUpstreamContract } from '../support/upstream-contract.ts';

const personio = loadUpstreamContract('personio');
const trulayer = loadUpstreamContract('trulayer');

const ID = '533e7206-f4a3-11ed-9c8b-436fad0b82d1';
const WEBHOOK = `webhook(id: "${globalId('PERSONIO', ID)}")`;
const LIST_PERSONIO = '{ webhooks(filter: { providers: [PERSONIO] }) { edges { cursor } } }';
const LIST_TRULAYER = '{ webhooks(filter: { providers: [TRULAYER] }) { edges { cursor } } }';
const ROW = personio.example('SingleWebhookResponse');

const TRACE_ID = 'aswo3f-a202lfso-312123sld-1230ddd';

/** Every reading operation: how a client asks for it, and where the error shows. */
const OPERATIONS: Readonly<Record<string, { readonly document: string; readonly path: readonly (string | number)[] }>> =
  {
    listWebhooks: { document: LIST_PERSONIO, path: ['webhooks', 'edges', 0] },
    getWebhook: { document: `{ ${WEBHOOK} { id } }`, path: ['webhook'] },
    listWebhookActivity: {
      document: `{ ${WEBHOOK} { activity { edges { cursor } } } }`,
      path: ['webhook', 'activity'],
    },
  };

/** Personio where one operation fails and the others work. */
function failing(operationId: string, reply: UpstreamReply): Answer {
  return ({ url }) => {
    const isActivity = url.includes('/activity');
    return operationId === 'listWebhookActivity' && !isActivity ? { body: ROW } : reply;
  };
}

async function errorOf(document: string, answers: Parameters<typeof openStubGateway>[0]): Promise<ClientError> {
  const gateway = await openStubGateway(answers);
  const { status, errors } = await gateway.query(document);
  expect(status).toBe(200);
  expect(errors).toHaveLength(1);
  const [error] = errors ?? [];
  if (!error) throw new Error('no error');
  const text = JSON.stringify(error);
  for (const url of [gateway.personio.baseUrl, gateway.trulayer.baseUrl]) expect(text).not.toContain(url);
  expect(text).not.toMatch(/127\.0\.0\.1|papi-test-token|tl_test_key|node_modules|\.ts:\d|stack/);
  return error;
}

/** The extensions without the id of the request, which is new each time. */
function withoutRequestId({ extensions: { requestId, ...extensions } }: ClientError): Record<string, unknown> {
  expect(requestId).toMatch(/^[\w.-]{1,64}$/);
  return extensions;
}

function personioProblem(title: string, detail: string, type: string | null = null) {
  return { title, detail, type, meta: {} };
}

const UNAVAILABLE = 'There was a problem while processing this request. Please try again later.';
const TYPE_PREFIX = 'https://developer.personio.de/reference/errors#';

/** What errors.md demands for each example body of the contract. */
const PERSONIO_EXPECTATIONS: Readonly<
  Record<
    string,
    { readonly code: string; readonly retryable: boolean; readonly problem: ReturnType<typeof personioProblem> }
  >
> = {
  InvalidAuthenticationPayloadResponse: {
    code: 'UPSTREAM_UNAUTHENTICATED',
    retryable: false,
    problem: personioProblem('Invalid authentication', 'The authentication type is unsupported.'),
  },
  MissingOrExpiredToken: {
    code: 'UPSTREAM_UNAUTHENTICATED',
    retryable: false,
    problem: personioProblem('Unauthorized', 'The access token is missing or no longer valid'),
  },
  WebhookAccessForbiddenErrorResponse: {
    code: 'FORBIDDEN',
    retryable: false,
    problem: personioProblem('Access denied', 'Access denied to perform webhook operations'),
  },
  WebhookNotFoundErrorResponse: {
    code: 'NOT_FOUND',
    retryable: false,
    problem: personioProblem('Webhook not found', 'No webhook found matching the given id'),
  },
  InvalidIsDeliveredFilterResponse: {
    code: 'UNPROCESSABLE',
    retryable: false,
    problem: personioProblem(
      'Invalid value for filter: is_delivered',
      'Invalid value for filter: is_delivered. Supported values are [true, false].',
    ),
  },
  InvalidFilterValue: {
    code: 'UNPROCESSABLE',
    retryable: false,
    problem: personioProblem('Invalid filter value', 'The value of a filter is not supported'),
  },
  TooManyRequests: {
    code: 'RATE_LIMITED',
    retryable: true,
    problem: personioProblem('Too many requests', 'Rate limit exceeded'),
  },
  InternalServerError: {
    code: 'UPSTREAM_UNAVAILABLE',
    retryable: true,
    problem: personioProblem('Internal Server Error', UNAVAILABLE, `${TYPE_PREFIX}common.internal_server_error`),
  },
  BadGateway: {
    code: 'UPSTREAM_UNAVAILABLE',
    retryable: true,
    problem: personioProblem('Bad Gateway', UNAVAILABLE, `${TYPE_PREFIX}common.bad_gateway`),
  },
  ServiceUnavailable: {
    code: 'UPSTREAM_UNAVAILABLE',
    retryable: true,
    problem: personioProblem(
      'Service Unavailable',
      'The server is temporarily unavailable. Please try again later.',
      `${TYPE_PREFIX}common.service_unavailable`,
    ),
  },
  GatewayTimeout: {
    code: 'UPSTREAM_UNAVAILABLE',
    retryable: true,
    problem: personioProblem('Gateway Timeout', UNAVAILABLE, `${TYPE_PREFIX}common.gateway_timeout`),
  },
};

function refusalsOf(contract: typeof personio, operationId: string): readonly DocumentedAnswer[] {
  return contract.answersOf(operationId).filter(({ status }) => status >= 400);
}

// What is scrubbed of a URL is its userinfo, query and fragment; only that of a `type` stays.
describe.each(Object.entries(OPERATIONS))("Personio's %s", (operationId, { document, path }) => {
  test.each(refusalsOf(personio, operationId).map((answer) => [answer.status, answer.example, answer] as const))(
    'answering %i with %s says everything that the provider said',
    async (status, example, { body }) => {
      const expectation = PERSONIO_EXPECTATIONS[example];
      if (!expectation) throw new Error(`nothing is expected of ${example}`);
      const error = await errorOf(document, { personio: failing(operationId, { status, body }) });
      const { code, retryable, problem } = expectation;
      expect(error.path).toEqual(path);
      expect(error.message).toBe(problem.detail);
      expect(withoutRequestId(error)).toEqual({
        code,
        provider: 'PERSONIO',
        retryable,
        upstream: {
          status,
          traceId: TRACE_ID,
          timestamp: status >= 500 ? '2021-05-28T11:17:30+00:00' : '2021-05-28T11:17:30Z',
          retryAfter: null,
          mayHaveSucceeded: false,
          problems: [problem],
        },
        ...(example === 'InvalidIsDeliveredFilterResponse' && {
          violations: [{ path: ['filter', 'isDelivered'], message: problem.detail }],
        }),
      });
    },
  );

  test('answering 429 with Retry-After carries it in seconds', async () => {
    const reply = { status: 429, body: personio.example('TooManyRequests'), headers: { 'retry-after': '37' } };
    const error = await errorOf(document, { personio: failing(operationId, reply) });
    expect(error.extensions).toMatchObject({ code: 'RATE_LIMITED', retryable: true, upstream: { retryAfter: 37 } });
  });
});

describe("Personio's token endpoint", () => {
  const environment = {
    PERSONIO_ACCESS_TOKEN: undefined,
    PERSONIO_CLIENT_ID: 'papi-test-client',
    PERSONIO_CLIENT_SECRET: 'test-client-secret',
  };
  const answerToken = (reply: UpstreamReply) => ({ personio: () => reply, environment });

  test.each(
    refusalsOf(personio, 'obtainAccessToken').map(({ status, example, body }) => [status, example, body] as const),
  )('answering %i with %s is UPSTREAM_UNAUTHENTICATED with all that it says', async (status, _example, body) => {
    const answer = Object(body);
    const error = await errorOf(LIST_PERSONIO, answerToken({ status, body }));
    expect(error.message).toBe(answer.error_description);
    expect(withoutRequestId(error)).toEqual({
      code: 'UPSTREAM_UNAUTHENTICATED',
      provider: 'PERSONIO',
      retryable: false,
      upstream: {
        status: 400,
        traceId: 'baaaaaad-c0de-fade-baad-c000000000de',
        timestamp: '2023-03-01T14:07:17Z',
        retryAfter: null,
        mayHaveSucceeded: false,
        problems: [
          {
            title: answer.error,
            detail: answer.error_description,
            type: answer.error_uri ?? answer.type,
            meta: answer.meta ?? {},
          },
        ],
      },
    });
  });

  test('answering 429 is RATE_LIMITED, and the webhooks are not asked for', async () => {
    const gateway = await openStubGateway(answerToken({ status: 429, body: {}, headers: { 'retry-after': '60' } }));
    const { errors } = await gateway.query(LIST_PERSONIO);
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      upstream: { status: 429, retryAfter: 60, problems: [], mayHaveSucceeded: false },
    });
    expect(gateway.personioCalls()).toEqual(['POST /v2/auth/token']);
  });

  test.each([
    [401, 'UPSTREAM_UNAUTHENTICATED'],
    [403, 'UPSTREAM_UNAUTHENTICATED'],
    [404, 'UPSTREAM_REJECTED'],
    [410, 'UPSTREAM_REJECTED'],
    [500, 'UPSTREAM_UNAVAILABLE'],
    [302, 'UPSTREAM_INVALID_RESPONSE'],
  ])('answering %i is %s', async (status, code) => {
    const error = await errorOf(LIST_PERSONIO, answerToken({ status, body: 'x' }));
    expect(error.extensions).toMatchObject({ code, upstream: { status, problems: [] } });
  });

  test.each([
    ['no token', { token_type: 'Bearer' }],
    ['an empty token', { access_token: '' }],
    ['a list', []],
  ])('answering 200 with %s is UPSTREAM_INVALID_RESPONSE', async (_what, body) => {
    const error = await errorOf(LIST_PERSONIO, answerToken({ status: 200, body }));
    expect(error.extensions).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE', provider: 'PERSONIO' });
  });

  test('is asked again once after a 401, and a second 401 is UPSTREAM_UNAUTHENTICATED', async () => {
    let tokens = 0;
    const gateway = await openStubGateway({
      environment,
      personio: ({ url }) => {
        if (url !== '/v2/auth/token') return { status: 401, body: personio.example('MissingOrExpiredToken') };
        tokens += 1;
        return { body: { access_token: `papi-token-${tokens}`, expires_in: 86_400 } };
      },
    });
    const { errors } = await gateway.query(LIST_PERSONIO);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAUTHENTICATED', upstream: { status: 401 } });
    expect(gateway.personioCalls()).toEqual([
      'POST /v2/auth/token',
      'GET /v2/webhooks?limit=50',
      'POST /v2/auth/token',
      'GET /v2/webhooks?limit=50',
    ]);
  });
});

describe("TruLayer's list", () => {
  const problem = (title: string, meta: Readonly<Record<string, unknown>> = {}) => ({
    title,
    detail: null,
    type: null,
    meta,
  });
  const EXPECTATIONS: Readonly<
    Record<string, readonly [code: string, retryable: boolean, problem: ReturnType<typeof problem>]>
  > = {
    MissingCredential: ['UPSTREAM_UNAUTHENTICATED', false, problem('missing or invalid credentials')],
    KeyRevoked: ['UPSTREAM_UNAUTHENTICATED', false, problem('API key revoked', { code: 'key_revoked' })],
    PlanUpgradeRequired: [
      'PLAN_UPGRADE_REQUIRED',
      false,
      problem('Webhooks need a higher plan', { code: 'plan_upgrade_required', required_plan: 'pro' }),
    ],
    InsufficientRole: ['FORBIDDEN', false, problem('insufficient role')],
    ScopeForbidden: ['FORBIDDEN', false, problem('key scope does not allow this call', { code: 'scope_forbidden' })],
    RateLimited: ['RATE_LIMITED', true, problem('rate limit exceeded')],
    InternalError: ['UPSTREAM_UNAVAILABLE', true, problem('internal server error')],
  };
  const errorFor = (reply: UpstreamReply) => errorOf(LIST_TRULAYER, { trulayer: () => reply });

  test.each(refusalsOf(trulayer, 'listWebhooks').map(({ status, example, body }) => [status, example, body] as const))(
    'answering %i with %s says everything that the provider said',
    async (status, example, body) => {
      const [code, retryable, expectedProblem] = EXPECTATIONS[example] ?? [];
      const error = await errorFor({ status, body });
      expect(error.path).toEqual(['webhooks', 'edges', 0]);
      expect(error.message).toBe(expectedProblem?.title);
      expect(withoutRequestId(error)).toEqual({
        code,
        provider: 'TRULAYER',
        retryable,
        upstream: {
          status,
          traceId: null,
          timestamp: null,
          retryAfter: null,
          mayHaveSucceeded: false,
          problems: [expectedProblem],
        },
      });
    },
  );

  test('answering 403 with the code of a missing plan is PLAN_UPGRADE_REQUIRED', async () => {
    const error = await errorFor({
      status: 403,
      body: { error: 'no', code: 'plan_upgrade_required', required_plan: 'pro' },
    });
    expect(error.extensions).toMatchObject({
      code: 'PLAN_UPGRADE_REQUIRED',
      upstream: { status: 403, problems: [problem('no', { code: 'plan_upgrade_required', required_plan: 'pro' })] },
    });
  });

  test('answering 403 with that code inside of error is PLAN_UPGRADE_REQUIRED too', async () => {
    const error = await errorFor({ status: 403, body: { error: { message: 'no', code: 'plan_upgrade_required' } } });
    expect(error.extensions).toMatchObject({ code: 'PLAN_UPGRADE_REQUIRED' });
  });

  test('answering 403 with that code in an RFC 9457 document is PLAN_UPGRADE_REQUIRED as well', async () => {
    const body = { title: 'Plan', detail: 'Upgrade first', status: 403, code: 'plan_upgrade_required' };
    const error = await errorFor({ status: 403, body });
    expect(error).toMatchObject({
      message: 'Upgrade first',
      extensions: {
        code: 'PLAN_UPGRADE_REQUIRED',
        upstream: { problems: [{ title: 'Plan', detail: 'Upgrade first', meta: { code: 'plan_upgrade_required' } }] },
      },
    });
  });

  test('with the code of a missing plan means what its status says unless that is 403', async () => {
    const error = await errorFor({ status: 429, body: { error: 'wait', code: 'plan_upgrade_required' } });
    expect(error.extensions).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
  });

  test('has words of its own: the same code from Personio is a 403 like any other', async () => {
    const body = { errors: [{ title: 'no', _meta: { code: 'plan_upgrade_required' } }] };
    const error = await errorOf(LIST_PERSONIO, { personio: () => ({ status: 403, body }) });
    expect(error.extensions).toMatchObject({
      code: 'FORBIDDEN',
      upstream: { problems: [{ meta: { code: 'plan_upgrade_required' } }] },
    });
  });

  test.each([
    [
      { error: { message: 'API key revoked', code: 'key_revoked' } },
      problem('API key revoked', { code: 'key_revoked' }),
    ],
    [{ error: { code: 'key_revoked' } }, problem('key_revoked', { code: 'key_revoked' })],
    [
      { error: {}, request_id: 'r-1' },
      { title: null, detail: null, type: null, meta: { request_id: 'r-1' } },
    ],
    [{ error: 'x', request_id: 'r-1' }, problem('x', { request_id: 'r-1' })],
  ])('answering 401 with %j is read as well', async (body, expected) => {
    const error = await errorFor({ status: 401, body });
    expect(error.extensions).toMatchObject({ code: 'UPSTREAM_UNAUTHENTICATED', upstream: { problems: [expected] } });
    expect(error.message).toBe(expected.title ?? 'GET /v1/webhooks: 401');
  });
});

describe('a status', () => {
  test.each([
    [300, 'UPSTREAM_INVALID_RESPONSE', false],
    [301, 'UPSTREAM_INVALID_RESPONSE', false],
    [302, 'UPSTREAM_INVALID_RESPONSE', false],
    [304, 'UPSTREAM_INVALID_RESPONSE', false],
    [307, 'UPSTREAM_INVALID_RESPONSE', false],
    [308, 'UPSTREAM_INVALID_RESPONSE', false],
    [400, 'BAD_USER_INPUT', false],
    [401, 'UPSTREAM_UNAUTHENTICATED', false],
    [402, 'PLAN_UPGRADE_REQUIRED', false],
    [403, 'FORBIDDEN', false],
    [404, 'NOT_FOUND', false],
    [405, 'UPSTREAM_REJECTED', false],
    [406, 'UPSTREAM_REJECTED', false],
    [408, 'UPSTREAM_TIMEOUT', true],
    [409, 'CONFLICT', false],
    [410, 'NOT_FOUND', false],
    [413, 'UPSTREAM_REJECTED', false],
    [418, 'UPSTREAM_REJECTED', false],
    [422, 'UNPROCESSABLE', false],
    [429, 'RATE_LIMITED', true],
    [451, 'UPSTREAM_REJECTED', false],
    [500, 'UPSTREAM_UNAVAILABLE', true],
    [501, 'UPSTREAM_UNAVAILABLE', true],
    [502, 'UPSTREAM_UNAVAILABLE', true],
    [503, 'UPSTREAM_UNAVAILABLE', true],
    [504, 'UPSTREAM_UNAVAILABLE', true],
    [520, 'UPSTREAM_UNAVAILABLE', true],
    [599, 'UPSTREAM_UNAVAILABLE', true],
  ])('of %i without a readable body is %s', async (status, code, retryable) => {
    const headers = { location: 'https://elsewhere.example/', 'content-type': 'text/html' };
    const reply = { status, headers, ...(status !== 304 && { body: '<html><h1>Something</h1></html>' }) };
    const error = await errorOf(`{ ${WEBHOOK} { id } }`, { personio: () => reply });
    expect(error.message).toBe(`GET /v2/webhooks/{id}: ${status}`);
    expect(withoutRequestId(error)).toEqual({
      code,
      provider: 'PERSONIO',
      retryable,
      upstream: { status, traceId: null, timestamp: null, retryAfter: null, mayHaveSucceeded: false, problems: [] },
    });
  });
});

describe('a body that is not what it should be', () => {
  const errorFor = (body: unknown, contentType = 'application/problem+json') =>
    errorOf(LIST_PERSONIO, { personio: () => ({ status: 422, body, headers: { 'content-type': contentType } }) });

  test('but RFC 9457 is read: detail, title, type, and the rest under meta', async () => {
    const body = {
      type: 'https://example.com/out',
      title: 'Out',
      detail: 'Really out.',
      status: 422,
      instance: '/x',
      balance: 30,
    };
    const error = await errorFor(body);
    expect(error.message).toBe('Really out.');
    expect(error.extensions.upstream).toEqual({
      status: 422,
      traceId: null,
      timestamp: null,
      retryAfter: null,
      mayHaveSucceeded: false,
      problems: [
        { title: 'Out', detail: 'Really out.', type: 'https://example.com/out', meta: { instance: '/x', balance: 30 } },
      ],
    });
  });

  test.each([
    ['empty', ''],
    ['broken JSON', '{"errors": ['],
    ['HTML', '<html><title>422</title></html>'],
    ['null', 'null'],
    ['a text', '"no"'],
    ['a number', '7'],
    ['a list', '[{"title":"x"}]'],
    ['an object of another kind', '{"message":"x"}'],
    ['errors that are no list', '{"errors":"x"}'],
    ['errors that are empty', '{"errors":[]}'],
    ['errors that are no objects', '{"errors":[null,"x",7,[]]}'],
    ['nested too deeply', `{"errors":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
    ['longer than any message', JSON.stringify({ errors: [{ title: 'x'.repeat(200_000) }] })],
  ])('%s: the status alone decides', async (_what, body) => {
    const error = await errorFor(body);
    expect(error.message).toBe('GET /v2/webhooks: 422');
    expect(error.extensions).toMatchObject({ code: 'UNPROCESSABLE', upstream: { status: 422, problems: [] } });
  });

  test('members of the wrong type are null, unknown ones are kept under meta', async () => {
    const error = await errorFor({
      personio_trace_id: 7,
      timestamp: {},
      errors: [{ title: 1, detail: ['x'], type: null, _meta: { id: 'a' }, pointer: '/url' }, { title: 'Second' }],
    });
    expect(error.message).toBe('GET /v2/webhooks: 422');
    expect(error.extensions.upstream).toMatchObject({
      traceId: null,
      timestamp: null,
      problems: [
        { title: null, detail: null, type: null, meta: { pointer: '/url', id: 'a' } },
        { title: 'Second', detail: null, type: null, meta: {} },
      ],
    });
  });

  test("but RFC 9457 with a list of errors of its own: title, detail and type are the document's, the list is under meta", async () => {
    const body = {
      type: 'https://example.com/invalid',
      title: 'Validation failed',
      detail: 'bad field',
      errors: [{ name: 'url', reason: 'nope' }],
    };
    const error = await errorFor({ ...body, personio_trace_id: 'tr', timestamp: 't' });
    expect(error.message).toBe('bad field');
    const { type, title, detail, errors } = body;
    expect(error.extensions.upstream).toMatchObject({
      traceId: 'tr',
      timestamp: 't',
      problems: [{ type, title, detail, meta: { errors } }],
    });
    expect((await errorFor({ ...body, errors: ['url: nope'] })).extensions.upstream).toMatchObject({
      problems: [{ type, title, detail, meta: { errors: ['url: nope'] } }],
    });
  });

  test('what a body says beside its errors is kept under the meta of the first', async () => {
    const error = await errorFor({
      personio_trace_id: 'tr',
      timestamp: 't',
      help: 'Ask support.',
      id: 'of the body',
      errors: [{ title: 'First', _meta: { id: 'of the problem' } }, { title: 'Second' }],
    });
    const common = { detail: null, type: null };
    expect(error.extensions.upstream).toHaveProperty('problems', [
      { title: 'First', ...common, meta: { help: 'Ask support.', id: 'of the problem' } },
      { title: 'Second', ...common, meta: {} },
    ]);
  });

  test('an item that says neither title nor detail is a problem where nothing else speaks', async () => {
    const error = await errorFor({ errors: [{ _meta: { id: 'a' }, pointer: '/url' }] });
    expect(error.extensions.upstream).toMatchObject({
      problems: [{ title: null, detail: null, type: null, meta: { id: 'a', pointer: '/url' } }],
    });
  });

  test.each([
    ['no errors', {}],
    ['errors that are no list', { errors: 'x' }],
    ['errors that are texts', { errors: ['x'] }],
  ])('with %s still has a trace id and a time to tell the operator', async (_what, rest) => {
    const error = await errorFor({ personio_trace_id: 'tr', timestamp: 't', ...rest });
    expect(error.message).toBe('GET /v2/webhooks: 422');
    expect(error.extensions.upstream).toMatchObject({ status: 422, traceId: 'tr', timestamp: 't', problems: [] });
  });

  test("neither an upstream's stack nor where its sources lie is told, in whatever language it is written", async () => {
    const error = await errorFor({
      errors: [
        {
          title: 'goroutine 1 [running]:\nmain.main()\n\t/app/main.go:12',
          detail: 'Boom.\n#0 /srv/index.php(12): run()',
        },
      ],
      exception: 'Error in /srv/index.php:12',
      file: '/srv/index.php',
      line: 12,
      trace: [{ file: '/srv/index.php', line: 12 }],
    });
    expect(error.message).toBe('Boom.');
    expect(error.extensions.upstream).toMatchObject({
      problems: [{ title: null, detail: 'Boom.', type: null, meta: { exception: 'Error in', line: 12 } }],
    });
    expect(JSON.stringify(error)).not.toMatch(/srv|main\.go|goroutine/);
  });

  test('an error of nothing but line breaks keeps nobody waiting', async () => {
    const startedAt = performance.now();
    const error = await errorFor({ errors: [{ title: '\n'.repeat(30_000) }] });
    expect(error.extensions.code).toBe('UNPROCESSABLE');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test('the message is the title where there is no detail', async () => {
    expect((await errorFor({ errors: [{ title: 'Only a title' }] })).message).toBe('Only a title');
  });

  test('the content type does not matter', async () => {
    expect((await errorFor(JSON.stringify({ errors: [{ title: 'Readable' }] }), 'text/plain')).message).toBe(
      'Readable',
    );
  });
});

describe('an upstream that goes by Accept', () => {
  /** Answers 406 (RFC 9110 §15.5.7) where the client does not take the type that the contract gives to refusals. */
  const negotiating =
    (refusal: UpstreamReply): Answer =>
    ({ headers }) =>
      headers.accept?.split(', ').includes('application/problem+json') ? refusal : { status: 406 };

  test('is told that its refusals are taken, and so tells what it refuses', async () => {
    const body = personio.example('WebhookNotFoundErrorResponse');
    const error = await errorOf(`{ ${WEBHOOK} { url } }`, { personio: negotiating({ status: 404, body }) });
    expect([error.extensions.code, error.message]).toEqual(['NOT_FOUND', 'No webhook found matching the given id']);
  });

  test('is told so by writes, too', async () => {
    const body = personio.example('InvalidUrlPayloadResponse');
    const update = `updateWebhook(input: { id: "${globalId('PERSONIO', ID)}", url: "http://example.com/callback" })`;
    const error = await errorOf(`mutation { ${update} { webhookId } }`, {
      personio: negotiating({ status: 422, body }),
    });
    expect([error.extensions.code, error.message]).toEqual(['UNPROCESSABLE', 'URL does not use HTTPS scheme.']);
  });
});

describe.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('a refusal that names %s', (word) => {
  const refusal = (detail: string): UpstreamReply => ({
    status: 422,
    body: { errors: [{ title: 'Invalid', detail }] },
  });
  const id = globalId('PERSONIO', ID);

  test('is told like any other, without a violation', async () => {
    const filter = refusal(`Invalid value for filter: ${word}`);
    const field = refusal(`Invalid value in field: ${word}`);
    const errors = [
      await errorOf(LIST_PERSONIO, { personio: () => filter }),
      await errorOf(`mutation { updateWebhook(input: { id: "${id}", description: "x" }) { webhookId } }`, {
        personio: () => field,
      }),
      await errorOf(
        `mutation { sendTestEvent(input: { webhookId: "${id}", eventName: "person.created" }) { webhookId } }`,
        { personio: () => ({ ...field, status: 400 }) },
      ),
      await errorOf(
        'mutation { createWebhook(input: { trulayer: { url: "https://example.com", secret: "sixteen-characters" } }) { webhookId } }',
        { trulayer: () => ({ status: 400, body: { error: `${word} is required` } }) },
      ),
    ];
    expect(errors.map(({ message, extensions: { code, violations } }) => [code, message, violations])).toEqual([
      ['UNPROCESSABLE', `Invalid value for filter: ${word}`, undefined],
      ['UNPROCESSABLE', `Invalid value in field: ${word}`, undefined],
      ['BAD_USER_INPUT', `Invalid value in field: ${word}`, undefined],
      ['BAD_USER_INPUT', `${word} is required`, undefined],
    ]);
  });
});

describe('a failure without an answer', () => {
  test('refused connection is UPSTREAM_UNAVAILABLE', async () => {
    const gateway = await openStubGateway({ personio: () => ({}) });
    await gateway.personio.close();
    const { errors } = await gateway.query(LIST_PERSONIO);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      message: 'GET /v2/webhooks: the connection failed',
      extensions: {
        code: 'UPSTREAM_UNAVAILABLE',
        provider: 'PERSONIO',
        retryable: true,
        upstream: {
          status: null,
          traceId: null,
          timestamp: null,
          retryAfter: null,
          mayHaveSucceeded: false,
          problems: [],
        },
      },
    });
  });

  test('no answer in time is UPSTREAM_TIMEOUT', async () => {
    const error = await errorOf(LIST_PERSONIO, {
      personio: () => new Promise(() => {}),
      environment: { UPSTREAM_TIMEOUT_MS: '50' },
    });
    expect(error).toMatchObject({
      message: 'GET /v2/webhooks: no answer in time',
      extensions: { code: 'UPSTREAM_TIMEOUT', retryable: true, upstream: { status: null, problems: [] } },
    });
  });

  test.each([
    ['that is not JSON', '<html>'],
    ['that is empty', ''],
  ])('a 200 with a body %s is UPSTREAM_INVALID_RESPONSE', async (_what, body) => {
    const error = await errorOf(LIST_PERSONIO, { personio: () => ({ body }) });
    expect(error.extensions).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE', retryable: false });
  });
});

describe('secrets that an upstream echoes', () => {
  test('the client secret, the token and the app key come back as [redacted]', async () => {
    const gateway = await openStubGateway({
      personio: ({ url, body }) => {
        if (url === '/v2/auth/token') return { body: { access_token: 'papi-fresh-token-4711', expires_in: 60 } };
        return {
          status: 403,
          body: {
            personio_trace_id: 'trace papi-fresh-token-4711',
            errors: [
              {
                title: 'Bearer papi-fresh-token-4711 is not allowed',
                detail: `the secret was hunter2-client-secret ${body}`,
                _meta: { 'papi-fresh-token-4711': ['hunter2-client-secret'] },
              },
            ],
          },
        };
      },
      trulayer: () => ({
        status: 401,
        body: { error: 'key tl_test_key revoked', hint: { key: 'Bearer tl_test_key' } },
      }),
      environment: {
        PERSONIO_ACCESS_TOKEN: undefined,
        PERSONIO_CLIENT_ID: 'papi-test-client',
        PERSONIO_CLIENT_SECRET: 'hunter2-client-secret',
      },
    });
    const answer = await gateway.query('{ webhooks { edges { cursor } } }');
    expect(JSON.stringify(answer)).not.toMatch(/4711|hunter2|tl_test_key/);
    expect(JSON.stringify(gateway.log)).not.toMatch(/4711|hunter2|tl_test_key/);
    expect(answer.errors?.[0]).toMatchObject({
      message: 'the secret was [redacted] ',
      extensions: {
        upstream: {
          traceId: 'trace [redacted]',
          problems: [
            {
              title: '[redacted] is not allowed',
              detail: 'the secret was [redacted] ',
              meta: { '[redacted]': ['[redacted]'] },
            },
          ],
        },
      },
    });
    expect(answer.errors?.[1]).toMatchObject({
      message: 'key [redacted] revoked',
      extensions: {
        upstream: { problems: [{ title: 'key [redacted] revoked', meta: { hint: { key: '[redacted]' } } }] },
      },
    });
  });

  test.each([
    ['as it was sent', 'hunter2/client=secret', (form: string) => form],
    ['with marks that only a form encodes', "hunter2!client~(secret)'", (form: string) => form],
    [
      'with its octets in lower case',
      'hunter2/client=secret',
      (form: string) => form.replace(/%../g, (octet) => octet.toLowerCase()),
    ],
  ])("the token endpoint's echo of the client secret is redacted, %s", async (_how, secret, echo) => {
    const gateway = await openStubGateway({
      personio: ({ body }) => ({
        status: 400,
        body: { error: 'invalid_client', error_description: `bad: ${echo(String(body))}` },
      }),
      environment: {
        PERSONIO_ACCESS_TOKEN: undefined,
        PERSONIO_CLIENT_ID: 'papi-test-client',
        PERSONIO_CLIENT_SECRET: secret,
      },
    });
    const answer = await gateway.query(LIST_PERSONIO);
    expect(answer.errors?.[0]?.message).toMatch(/client_secret=\[redacted\]$/);
    expect(JSON.stringify([answer, gateway.log])).not.toContain('hunter2');
  });

  test("a receiver URL's userinfo and query are cut off", async () => {
    const gateway = await openStubGateway({
      personio: () => ({
        status: 422,
        body: { errors: [{ title: 'Bad', detail: 'https://user:pw@receiver.example/hook?key=abc does not resolve' }] },
      }),
    });
    const { errors } = await gateway.query(LIST_PERSONIO);
    expect(errors?.[0]?.message).toBe('https://receiver.example/hook does not resolve');
  });

  test('whatever the URL is: a stored one is no secret of the request, and may hold anything', async () => {
    const urls = [
      'https://svc:p@ss-w0rd@h.example/x?k=1',
      "https://h.example/x?sig='hidden1'",
      'https://h.example/y#tok=frag1',
      "https://h.example/it's?sig=hidden2",
      'https://a.example,https://svc:hidden3@b.example/x,https://svc:hidden4@c.example/y',
      'url_https:\\/\\/svc:hidden5@h.example\\/x?k=hidden6&next=https://h.example/hidden7',
    ];
    const gateway = await openStubGateway({
      personio: () => ({
        status: 422,
        body: { errors: [{ title: '"https://h.example/x?k=1" taken', detail: urls.join(' … ') }] },
      }),
    });
    const { errors } = await gateway.query(LIST_PERSONIO);
    expect(errors?.[0]?.message.split(' … ')).toEqual([
      'https://h.example/x',
      'https://h.example/x',
      'https://h.example/y',
      "https://h.example/it's",
      'https://b.example/x,https://c.example/y',
      'url_https:\\/\\/h.example\\/x',
    ]);
    expect(errors?.[0]?.extensions.upstream).toMatchObject({ problems: [{ title: '"https://h.example/x" taken' }] });
  });

  test("a type keeps the chapter that it names, and nothing else of a URL's secrets", async () => {
    const types = [
      'https://svc:pw@e.example/errors?key=abc#common.bad_gateway',
      'https://e.example/errors#tok=frag1',
      'see https://h.example/y#frag2',
      '/errors#common',
    ];
    const gateway = await openStubGateway({
      personio: () => ({
        status: 422,
        body: { errors: types.map((type) => ({ title: 'Bad', type, _meta: { type } })) },
      }),
    });
    const { errors } = await gateway.query(LIST_PERSONIO);
    expect(errors?.[0]?.extensions.upstream).toMatchObject({
      problems: [
        { type: 'https://e.example/errors#common.bad_gateway', meta: { type: 'https://e.example/errors' } },
        { type: 'https://e.example/errors', meta: { type: 'https://e.example/errors' } },
        { type: 'see https://h.example/y', meta: { type: 'see https://h.example/y' } },
        { type: '/errors#common', meta: { type: '/errors#common' } },
      ],
    });
  });

  test("a webhook's own token and header values are redacted, and never shown as fields", async () => {
    const row = {
      ...Object(ROW),
      token: 'delivery-token-0815',
      auth_type: 'CUSTOM',
      custom_headers: { 'X-Key': 'header-value-0815' },
    };
    const gateway = await openStubGateway({
      personio: ({ url }) =>
        url.includes('/activity')
          ? { status: 403, body: { errors: [{ title: 'delivery-token-0815', detail: 'X-Key: header-value-0815' }] } }
          : { body: row },
    });
    const answer = await gateway.query(
      `{ ${WEBHOOK} { id authentication { type headerNames } activity { edges { cursor } } } }`,
    );
    expect(JSON.stringify(answer)).not.toContain('0815');
    expect(answer.errors?.[0]?.message).toBe('X-Key: [redacted]');
    expect(answer.data).toMatchObject({
      webhook: { authentication: { type: 'CUSTOM_HEADERS', headerNames: ['X-Key'] } },
    });
  });

  test('the tokens and header values of all webhooks of a list are redacted', async () => {
    const secrets = { token: 'delivery-token-0815', custom_headers: { 'X-Key': 'header-value-0815' } };
    const gateway = await openStubGateway({
      personio: ({ url }) =>
        url.includes('/activity')
          ? { status: 403, body: { errors: [{ title: 'delivery-token-0815', detail: 'X-Key: header-value-0815' }] } }
          : { body: { _data: [{ ...Object(ROW), ...secrets }] } },
    });
    const answer = await gateway.query('{ webhooks { nodes { id activity { edges { cursor } } } } }');
    expect(JSON.stringify(answer)).not.toContain('0815');
    expect(answer.errors?.map(({ message, path }) => [message, path])).toEqual([
      ['X-Key: [redacted]', ['webhooks', 'nodes', 0, 'activity']],
    ]);
  });
});
