import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFaultUpstream } from '../../support/fault-upstream.ts';
import { openGateway, openSandboxGateway } from '../../support/gateway.ts';
import { type Answer, globalId, openStubGateway } from '../../support/stub-gateway.ts';
import { loadUpstreamContract } from '../../support/upstream-contract.ts';
import { OAUTH_ENVIRONMENT, personioRefusal, sentTo, UNSUPPORTED_AUTHENTICATION } from './written-requests.ts';

const personioContract = loadUpstreamContract('personio');
const trulayerContract = loadUpstreamContract('trulayer');
const CREATED_ID = '5d06ebb0-f4a3-11ed-b962-7fc202e0eb99';
const TRULAYER_ID = '018f1234-5678-7abc-def0-123456789abc';

const CREATE = 'mutation Create($input: CreateWebhookInput!) { createWebhook(input: $input) { webhookId } }';
const CREATE_AND_READ = `mutation Create($input: CreateWebhookInput!) {
  createWebhook(input: $input) { webhookId webhook { url status enabledEvents createdAt authentication { type } } }
}`;

const PERSONIO_INPUT = {
  url: 'https://example.com/callback',
  description: 'Sample webhook',
  enabledEvents: ['person.updated'],
};
const TRULAYER_INPUT = {
  url: 'https://your-app.example.com/hooks/trulayer',
  secret: 'at-least-16-chars-random-secret',
};

const createdAtPersonio: Answer = () => ({ status: 201, body: personioContract.example('WebhookCreatedResponse') });
const createdAtTruLayer: Answer = () => ({ status: 201, body: trulayerContract.example('CreatedWebhook') });

describe('at Personio', () => {
  test.each([
    [
      'nothing but what is needed: DISABLED, and no word on authentication',
      {},
      '{"url":"https://example.com/callback","description":"Sample webhook","status":"DISABLED","enabled_events":["person.updated"]}',
    ],
    [
      'a token',
      { status: 'ENABLED', authentication: { token: 'eyJraWQiOiAnJYjE1' } },
      '{"url":"https://example.com/callback","description":"Sample webhook","status":"ENABLED","auth_type":"TOKEN","token":"eyJraWQiOiAnJYjE1","enabled_events":["person.updated"]}',
    ],
    [
      'no authentication',
      { status: 'ENABLED', authentication: { none: true } },
      '{"url":"https://example.com/callback","description":"Sample webhook","status":"ENABLED","auth_type":"NONE","enabled_events":["person.updated"]}',
    ],
    [
      'custom headers',
      {
        status: 'ENABLED',
        authentication: {
          customHeaders: [
            { name: 'X-My-Auth', value: 'abc123' },
            { name: 'X-Tracking', value: 'track-me' },
          ],
        },
      },
      '{"url":"https://example.com/callback","description":"Sample webhook","status":"ENABLED","auth_type":"CUSTOM","custom_headers":{"X-My-Auth":"abc123","X-Tracking":"track-me"},"enabled_events":["person.updated"]}',
    ],
  ])('%s', async (_what, more, body) => {
    const gateway = await openStubGateway({ personio: createdAtPersonio });
    const answered = await gateway.query(CREATE, { input: { personio: { ...PERSONIO_INPUT, ...more } } });
    expect(answered).toEqual({
      status: 200,
      data: { createWebhook: { webhookId: globalId('PERSONIO', CREATED_ID) } },
    });
    expect(sentTo(gateway.personio)).toEqual([['POST', '/v2/webhooks', body]]);
  });

  test('the webhook is read afterwards; if that fails, the id stays', async () => {
    const gateway = await openStubGateway({
      personio: ({ method }) =>
        method === 'POST' ? { status: 201, body: { id: CREATED_ID } } : { status: 503, body: 'down' },
    });
    const { data, errors } = await gateway.query(CREATE_AND_READ, { input: { personio: PERSONIO_INPUT } });
    expect(data).toEqual({ createWebhook: { webhookId: globalId('PERSONIO', CREATED_ID), webhook: null } });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['createWebhook', 'webhook'], 'UPSTREAM_UNAVAILABLE'],
    ]);
    expect(gateway.personioCalls()).toEqual(['POST /v2/webhooks', `GET /v2/webhooks/${CREATED_ID}`]);
  });

  test.each([
    ['InvalidUrlPayloadResponse', 422, 'UNPROCESSABLE', ['url']],
    ['InvalidHostnamePayloadResponse', 422, 'UNPROCESSABLE', ['url']],
    ['ConflictPayloadResponse', 409, 'CONFLICT', ['url']],
    ['InvalidStatusPayloadResponse', 400, 'BAD_USER_INPUT', ['status']],
  ])('the refusal %s is tied to the argument below personio', async (example, status, code, path) => {
    const gateway = await openStubGateway({
      personio: () => ({ status, body: personioContract.example(example) }),
    });
    const { data, errors } = await gateway.query(CREATE, { input: { personio: PERSONIO_INPUT } });
    expect(data).toEqual({ createWebhook: null });
    expect(errors?.map(({ extensions }) => [extensions.code, extensions.violations])).toEqual([
      [code, [{ path: ['input', 'personio', ...path], message: errors?.[0]?.message }]],
    ]);
  });

  test('a URL in use names the other webhook by both of its ids', async () => {
    const gateway = await openStubGateway({
      personio: () => ({ status: 409, body: personioContract.example('ConflictPayloadResponse') }),
    });
    const { errors } = await gateway.query(CREATE, { input: { personio: PERSONIO_INPUT } });
    expect(errors?.[0]?.extensions.upstream).toMatchObject({
      problems: [
        {
          meta: {
            id: '89821e24-1b15-11ee-8f8e-430f660e2f9e',
            webhookId: globalId('PERSONIO', '89821e24-1b15-11ee-8f8e-430f660e2f9e'),
          },
        },
      ],
    });
  });

  test('a 401 with a fresh token means the authentication, if there was any', async () => {
    const gateway = await openStubGateway({
      personio: ({ url }) =>
        url === '/v2/auth/token' ? { body: { access_token: 'papi-t', expires_in: 900 } } : UNSUPPORTED_AUTHENTICATION,
      environment: OAUTH_ENVIRONMENT,
    });
    const codesOf = async (more: Readonly<Record<string, unknown>>) => {
      const { errors } = await gateway.query(CREATE, { input: { personio: { ...PERSONIO_INPUT, ...more } } });
      return errors?.map(({ extensions: { code, violations } }) => ({ code, violations }));
    };
    expect(await codesOf({ authentication: { none: true } })).toEqual([
      {
        code: 'UNPROCESSABLE',
        violations: [
          { path: ['input', 'personio', 'authentication'], message: 'The authentication type is unsupported.' },
        ],
      },
    ]);
    expect(await codesOf({})).toEqual([{ code: 'UPSTREAM_UNAUTHENTICATED', violations: undefined }]);
  });

  test.each([
    ['an empty event name', { enabledEvents: [' '] }, ['enabledEvents', 0]],
    ['none: false', { authentication: { none: false } }, ['authentication', 'none']],
    [
      'a forbidden header',
      { authentication: { customHeaders: [{ name: 'tenant-id', value: 'x' }] } },
      ['authentication', 'customHeaders', 0, 'name'],
    ],
    ['a line break in a token', { authentication: { token: 'a\r\nb' } }, ['authentication', 'token']],
  ])('%s is refused before any call, below personio', async (_what, more, path) => {
    const gateway = await openStubGateway({ personio: createdAtPersonio });
    const { errors } = await gateway.query(CREATE, { input: { personio: { ...PERSONIO_INPUT, ...more } } });
    expect(errors?.map(({ extensions: { code, violations } }) => ({ code, violations }))).toEqual([
      {
        code: 'BAD_USER_INPUT',
        violations: [{ path: ['input', 'personio', ...path], message: errors?.[0]?.message }],
      },
    ]);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test.each([
    ['without an id', 201, {}, 201],
    ['that is no JSON', 200, 'created', 200],
  ])('an answer %s may have created it', async (_what, status, body, shown) => {
    const gateway = await openStubGateway({
      personio: () => ({ status, body }),
      environment: { RETRY_MAX: '5' },
    });
    const { errors } = await gateway.query(CREATE, { input: { personio: PERSONIO_INPUT } });
    expect(errors?.map(({ extensions: { code, retryable, upstream } }) => ({ code, retryable, upstream }))).toEqual([
      {
        code: 'UPSTREAM_INVALID_RESPONSE',
        retryable: false,
        upstream: expect.objectContaining({ status: shown, mayHaveSucceeded: true }),
      },
    ]);
    expect(gateway.personioCalls()).toEqual(['POST /v2/webhooks']);
  });

  test('a connection that is reset after the request creates nothing twice', async () => {
    const stub = await startFaultUpstream((socket) => socket.resetAndDestroy());
    const gateway = openGateway({
      PERSONIO_BASE_URL: stub.baseUrl,
      PERSONIO_ACCESS_TOKEN: 'papi-test-token',
      RETRY_MAX: '5',
    });
    const { errors } = await gateway.query(CREATE, { input: { personio: PERSONIO_INPUT } });
    await gateway.close();
    expect(errors?.map(({ extensions }) => extensions.retryable)).toEqual([false]);
    expect(stub.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /v2/webhooks']);
  });
});

describe('at TruLayer', () => {
  test.each([
    [
      'nothing but what is needed: enabled',
      {},
      '{"url":"https://your-app.example.com/hooks/trulayer","secret":"at-least-16-chars-random-secret","enabled":true}',
    ],
    [
      'everything',
      { enabledEvents: ['failure.detected'], status: 'DISABLED' },
      '{"url":"https://your-app.example.com/hooks/trulayer","secret":"at-least-16-chars-random-secret","events":["failure.detected"],"enabled":false}',
    ],
  ])('%s; the answer is the webhook, so nothing is read', async (_what, more, body) => {
    const gateway = await openStubGateway({ trulayer: createdAtTruLayer });
    const { data, errors } = await gateway.query(CREATE_AND_READ, {
      input: { trulayer: { ...TRULAYER_INPUT, ...more } },
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      createWebhook: {
        webhookId: globalId('TRULAYER', TRULAYER_ID),
        webhook: {
          url: 'https://your-app.example.com/hooks/trulayer',
          status: 'ENABLED',
          enabledEvents: ['failure.detected'],
          createdAt: '2026-04-27T10:00:00Z',
          authentication: { type: 'SIGNATURE' },
        },
      },
    });
    expect(sentTo(gateway.trulayer)).toEqual([['POST', '/v1/webhooks', body]]);
  });

  test('an answer with nothing but the id makes it read the list', async () => {
    const gateway = await openStubGateway({
      trulayer: ({ method }) =>
        method === 'POST'
          ? { status: 201, body: { id: TRULAYER_ID } }
          : { body: trulayerContract.example('OneWebhook') },
    });
    const { data, errors } = await gateway.query(CREATE_AND_READ, { input: { trulayer: TRULAYER_INPUT } });
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ createWebhook: { webhook: { status: 'ENABLED' } } });
    expect(gateway.trulayerCalls()).toEqual(['POST /v1/webhooks', 'GET /v1/webhooks']);
  });

  test('a secret of fifteen characters is refused before any call, and is not quoted', async () => {
    const gateway = await openStubGateway({ trulayer: createdAtTruLayer });
    const answered = await gateway.query(CREATE, {
      input: { trulayer: { ...TRULAYER_INPUT, secret: 'fifteen-letters' } },
    });
    expect(answered.data).toEqual({ createWebhook: null });
    expect(answered.errors?.map(({ extensions: { code, violations } }) => ({ code, violations }))).toEqual([
      {
        code: 'BAD_USER_INPUT',
        violations: [{ path: ['input', 'trulayer', 'secret'], message: 'TruLayer asks for at least 16 characters.' }],
      },
    ]);
    expect(JSON.stringify([answered, gateway.log])).not.toContain('fifteen-letters');
    expect(gateway.trulayerCalls()).toEqual([]);
  });

  test('a secret of sixteen characters is sent', async () => {
    const gateway = await openStubGateway({ trulayer: createdAtTruLayer });
    const { errors } = await gateway.query(CREATE, {
      input: { trulayer: { ...TRULAYER_INPUT, secret: '0123456789abcdef' } },
    });
    expect(errors).toBeUndefined();
    expect(JSON.parse(gateway.trulayer.requests[0]?.body ?? '')).toMatchObject({ secret: '0123456789abcdef' });
  });

  test.each([
    ['UrlNotHttps', 'webhook.url.not_https'],
    ['UrlPrivateIp', 'webhook.url.private_ip'],
    ['UrlUnresolvable', 'webhook.url.unresolvable'],
  ])('%s is tied to the URL below trulayer', async (example, error) => {
    const gateway = await openStubGateway({
      trulayer: () => ({ status: 422, body: trulayerContract.example(example) }),
    });
    const { errors } = await gateway.query(CREATE, { input: { trulayer: TRULAYER_INPUT } });
    expect(errors?.map(({ message, extensions }) => [message, extensions])).toEqual([
      [
        error,
        {
          code: 'UNPROCESSABLE',
          provider: 'TRULAYER',
          retryable: false,
          upstream: {
            status: 422,
            traceId: null,
            timestamp: null,
            retryAfter: null,
            mayHaveSucceeded: false,
            problems: [{ title: error, detail: null, type: null, meta: {} }],
          },
          violations: [{ path: ['input', 'trulayer', 'url'], message: error }],
          requestId: expect.any(String),
        },
      ],
    ]);
  });

  test('a 400 names the field that it speaks of', async () => {
    const gateway = await openStubGateway({
      trulayer: () => ({ status: 400, body: trulayerContract.example('MissingSecret') }),
    });
    const { errors } = await gateway.query(CREATE, { input: { trulayer: TRULAYER_INPUT } });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      violations: [{ path: ['input', 'trulayer', 'secret'], message: 'secret is required' }],
    });
  });

  test('the secret appears in no error and no log, whatever the upstream quotes', async () => {
    const gateway = await openStubGateway({
      trulayer: ({ body }) => ({ status: 400, body: { error: `bad body: ${body}`, given: JSON.parse(body) } }),
    });
    const answered = await gateway.query(CREATE, {
      input: { trulayer: { ...TRULAYER_INPUT, url: 'https://key@example.com/hook?signature=hidden-part' } },
    });
    expect(answered.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(JSON.stringify([answered, gateway.log])).not.toMatch(/at-least-16|hidden-part|key@/);
  });
});

test("Personio's secrets of a create appear in no error and no log either", async () => {
  const gateway = await openStubGateway({
    personio: ({ body }) => personioRefusal(422, { title: body, _meta: { echo: body } }),
  });
  const input = {
    personio: {
      ...PERSONIO_INPUT,
      url: 'https://someone:pass-word@example.com/?api_key=hidden-part',
      authentication: { token: 'Basic c2VjcmV0' },
    },
  };
  const answered = await gateway.query(CREATE, { input });
  expect(answered.errors?.[0]?.extensions.code).toBe('UNPROCESSABLE');
  expect(JSON.stringify([answered, gateway.log])).not.toMatch(/c2VjcmV0|hidden-part|someone|pass-word/);
});

describe('the input', () => {
  test.each([
    ['no provider', {}],
    ['two providers', { personio: PERSONIO_INPUT, trulayer: TRULAYER_INPUT }],
    ['a provider that is null', { personio: null }],
    ['a URL that is none', { personio: { ...PERSONIO_INPUT, url: 'no url' } }],
    ['a blank before its URL', { personio: { ...PERSONIO_INPUT, url: ' https://example.com/a' } }],
    ['a tab in its URL', { personio: { ...PERSONIO_INPUT, url: 'https://example.com/a\tb' } }],
    ['a webhook without events', { personio: { ...PERSONIO_INPUT, enabledEvents: undefined } }],
    ['a webhook without a secret', { trulayer: { url: TRULAYER_INPUT.url } }],
  ])('with %s is refused with HTTP 400', async (_what, input) => {
    const gateway = await openStubGateway({ personio: createdAtPersonio, trulayer: createdAtTruLayer });
    const { status, errors } = await gateway.query(CREATE, { input });
    expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    expect([...gateway.personioCalls(), ...gateway.trulayerCalls()]).toEqual([]);
  });

  test('for a provider without credentials is PROVIDER_NOT_CONFIGURED', async () => {
    const gateway = await openStubGateway({ personio: createdAtPersonio });
    const { errors } = await gateway.query(CREATE, { input: { trulayer: TRULAYER_INPUT } });
    expect(errors?.map(({ extensions: { code, provider } }) => [code, provider])).toEqual([
      ['PROVIDER_NOT_CONFIGURED', 'TRULAYER'],
    ]);
  });
});

describe('in the sandbox', () => {
  let gateway: Awaited<ReturnType<typeof openSandboxGateway>>;
  beforeAll(async () => {
    gateway = await openSandboxGateway();
  });
  afterAll(() => gateway.close());

  const listedIds = async () => {
    const { data } = await gateway.query<{ webhooks: { nodes: { id: string }[] } }>(
      '{ webhooks(first: 200) { nodes { id } } }',
    );
    return data.webhooks.nodes.map(({ id }) => id);
  };
  interface Created {
    readonly createWebhook: { readonly webhookId: string; readonly webhook: Readonly<Record<string, unknown>> };
  }

  test('a webhook of Personio starts DISABLED, and then stands in the list', async () => {
    const { data, errors } = await gateway.query<Created>(CREATE_AND_READ, {
      input: { personio: { ...PERSONIO_INPUT, url: 'https://ok.receiver.example/brand/new' } },
    });
    expect(errors).toBeUndefined();
    expect(data.createWebhook.webhook).toEqual({
      url: 'https://ok.receiver.example/brand/new',
      status: 'DISABLED',
      enabledEvents: ['person.updated'],
      createdAt: expect.any(String),
      authentication: { type: 'TOKEN' },
    });
    expect(await listedIds()).toContain(data.createWebhook.webhookId);
  });

  test('a webhook of TruLayer starts ENABLED, stands in the list, and signs with its secret', async () => {
    const { data, errors } = await gateway.query<Created>(CREATE_AND_READ, {
      input: { trulayer: { url: 'https://ok.receiver.example/brand/new-too', secret: 'sixteen-or-more-characters' } },
    });
    expect(errors).toBeUndefined();
    expect(data.createWebhook.webhook).toMatchObject({ status: 'ENABLED', enabledEvents: ['failure.detected'] });
    expect(await listedIds()).toContain(data.createWebhook.webhookId);
    await gateway.query('mutation ($id: ID!) { pingWebhook(input: { id: $id }) { webhookId } }', {
      id: data.createWebhook.webhookId,
    });
    const [delivery] = gateway.sandbox.receiver.deliveries;
    const signature = createHmac('sha256', 'sixteen-or-more-characters')
      .update(delivery?.body ?? '')
      .digest('hex');
    expect([delivery?.path, delivery?.headers['x-trulayer-signature']]).toEqual([
      '/brand/new-too',
      `sha256=${signature}`,
    ]);
  });

  test.each([
    ['tl_sandbox_viewer', 'FORBIDDEN'],
    ['tl_sandbox_query', 'FORBIDDEN'],
    ['tl_sandbox_starter', 'PLAN_UPGRADE_REQUIRED'],
    ['tl_sandbox_revoked', 'UPSTREAM_UNAUTHENTICATED'],
    ['tl_sandbox_throttled', 'RATE_LIMITED'],
  ])('the key %s may not create: %s', async (key, code) => {
    const other = await openSandboxGateway({ environment: { TRULAYER_API_KEY: key } });
    const { errors } = await other.query(CREATE, { input: { trulayer: TRULAYER_INPUT } });
    await other.close();
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
  });
});
