import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer, head, startFaultUpstream } from '../../support/fault-upstream.ts';
import { openGateway, openSandboxGateway } from '../../support/gateway.ts';
import { type Answer, globalId, openStubGateway } from '../../support/stub-gateway.ts';
import { loadUpstreamContract } from '../../support/upstream-contract.ts';
import {
  OAUTH_ENVIRONMENT,
  PATCHED_ID,
  personioRefusal,
  sentTo,
  UNSUPPORTED_AUTHENTICATION,
} from './written-requests.ts';

const contract = loadUpstreamContract('personio');
const ID = globalId('PERSONIO', PATCHED_ID);
const PATH = `/v2/webhooks/${PATCHED_ID}`;
/** What PATCH answers in the OpenAPI file: another id than the one in its path. */
const ANSWERED_ID = '5d06ebb0-f4a3-11ed-b962-7fc202e0eb99';

const UPDATE = `mutation Update($input: UpdateWebhookInput!) { updateWebhook(input: $input) { webhookId } }`;
const UPDATE_AND_READ = `mutation Update($input: UpdateWebhookInput!) {
  updateWebhook(input: $input) { webhookId webhook { status } }
}`;

const accepting: Answer = () => ({ body: contract.example('WebhookUpdatedResponse') });

/** A Personio that knows one webhook and applies what PATCH says of its status. */
function oneWebhook(): Answer {
  const row: Record<string, unknown> = { id: PATCHED_ID, url: 'https://example.com/a', description: 'One' };
  return ({ method, body }) => {
    if (method === 'GET') return { body: row };
    Object.assign(row, JSON.parse(body));
    return { body: { id: PATCHED_ID, _meta: {} } };
  };
}

const change = (changes: Readonly<Record<string, unknown>>) => ({ input: { id: ID, ...changes } });

describe('the examples of the OpenAPI file', () => {
  test('the valid change sends exactly the given fields and answers the id of the answer', async () => {
    const gateway = await openStubGateway({ personio: accepting });
    const answered = await gateway.query(
      UPDATE,
      change({ url: 'https://example.com/callback', description: 'Sample webhook', status: 'DISABLED' }),
    );
    expect(answered).toEqual({
      status: 200,
      data: { updateWebhook: { webhookId: globalId('PERSONIO', ANSWERED_ID) } },
    });
    expect(sentTo(gateway.personio)).toEqual([
      ['PATCH', PATH, '{"url":"https://example.com/callback","description":"Sample webhook","status":"DISABLED"}'],
    ]);
    expect(JSON.parse(gateway.personio.requests[0]?.body ?? '')).toEqual(
      contract.example('ValidUpdateWebhookRequestPayload'),
    );
  });

  test('a URL without HTTPS is the 422 of the example, and the client is told where', async () => {
    const gateway = await openStubGateway({
      personio: () => ({ status: 422, body: contract.example('InvalidUrlPayloadResponse') }),
    });
    const { status, data, errors } = await gateway.query(
      UPDATE,
      change({ url: 'http://example.com/callback', description: 'Sample webhook', status: 'DISABLED' }),
    );
    expect({ status, data }).toEqual({ status: 200, data: { updateWebhook: null } });
    expect(errors).toEqual([
      {
        message: 'URL does not use HTTPS scheme.',
        path: ['updateWebhook'],
        locations: [{ line: 1, column: 48 }],
        extensions: {
          code: 'UNPROCESSABLE',
          provider: 'PERSONIO',
          retryable: false,
          upstream: {
            status: 422,
            traceId: 'aswo3f-a202lfso-312123sld-1230ddd',
            timestamp: '2021-05-28T11:17:30Z',
            retryAfter: null,
            mayHaveSucceeded: false,
            problems: [
              {
                title: 'The URL is considered invalid.',
                detail: 'URL does not use HTTPS scheme.',
                type: null,
                meta: {},
              },
            ],
          },
          violations: [{ path: ['input', 'url'], message: 'URL does not use HTTPS scheme.' }],
          requestId: expect.stringMatching(/^\S+$/),
        },
      },
    ]);
    expect(sentTo(gateway.personio)).toEqual([
      ['PATCH', PATH, '{"url":"http://example.com/callback","description":"Sample webhook","status":"DISABLED"}'],
    ]);
  });

  test('a private host is the 422 of the example; a token alone goes out with its type', async () => {
    const gateway = await openStubGateway({
      personio: () => ({ status: 422, body: contract.example('InvalidHostnamePayloadResponse') }),
    });
    const token = 'eyJraWQiOiAnJYjE1NzEyZC00YzFmLTUxODEtYWExNC03MjdlZmViNmYw';
    const { errors } = await gateway.query(
      UPDATE,
      change({
        url: 'https://10.1.1.1/callback',
        description: 'Sample webhook',
        authentication: { token },
        enabledEvents: ['person.updated'],
      }),
    );
    expect(errors?.map(({ extensions: { code, violations } }) => ({ code, violations }))).toEqual([
      {
        code: 'UNPROCESSABLE',
        violations: [{ path: ['input', 'url'], message: 'Hostname does not resolve to a valid address.' }],
      },
    ]);
    expect(sentTo(gateway.personio)).toEqual([
      [
        'PATCH',
        PATH,
        `{"url":"https://10.1.1.1/callback","description":"Sample webhook","auth_type":"TOKEN","token":"${token}","enabled_events":["person.updated"]}`,
      ],
    ]);
  });

  test('a CONFLICT is tied to the URL in whatever words Personio tells it', async () => {
    const gateway = await openStubGateway({
      personio: () => ({
        status: 409,
        body: { errors: [{ title: 'Duplicate', detail: 'It is registered already.' }] },
      }),
    });
    const { errors } = await gateway.query(UPDATE, change({ url: 'https://example.com/callback' }));
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
      violations: [{ path: ['input', 'url'], message: 'It is registered already.' }],
    });
  });

  test('a URL that another webhook has is a CONFLICT that names it by both of its ids', async () => {
    const gateway = await openStubGateway({
      personio: () => ({ status: 409, body: contract.example('ConflictPayloadResponse') }),
    });
    const { errors } = await gateway.query(UPDATE, change({ url: 'https://example.com/callback' }));
    expect(errors?.[0]?.message).toBe('Another webhook configuration with identical URL exists.');
    expect(errors?.[0]?.extensions).toEqual({
      code: 'CONFLICT',
      provider: 'PERSONIO',
      retryable: false,
      upstream: {
        status: 409,
        traceId: 'aswo3f-a202lfso-312123sld-1230ddd',
        timestamp: '2021-05-28T11:17:30Z',
        retryAfter: null,
        mayHaveSucceeded: false,
        problems: [
          {
            title: 'Duplicate URL',
            detail: 'Another webhook configuration with identical URL exists.',
            type: null,
            meta: {
              id: '89821e24-1b15-11ee-8f8e-430f660e2f9e',
              webhookId: globalId('PERSONIO', '89821e24-1b15-11ee-8f8e-430f660e2f9e'),
            },
          },
        ],
      },
      violations: [{ path: ['input', 'url'], message: 'Another webhook configuration with identical URL exists.' }],
      requestId: expect.any(String),
    });
  });
});

describe('what is sent', () => {
  test('every field goes out under its upstream name, in the order of the schema', async () => {
    const gateway = await openStubGateway({ personio: accepting });
    await gateway.query(
      UPDATE,
      change({
        authentication: {
          customHeaders: [
            { name: 'X-My-Auth', value: 'abc123' },
            { name: 'X-Tracking', value: 'track-me' },
          ],
        },
        enabledEvents: ['person.created', 'person.updated'],
        status: 'ENABLED',
        description: 'Grüße 🎉',
        url: 'https://example.com',
      }),
    );
    expect(sentTo(gateway.personio)).toEqual([
      [
        'PATCH',
        PATH,
        '{"url":"https://example.com","description":"Grüße 🎉","status":"ENABLED","auth_type":"CUSTOM","custom_headers":{"X-My-Auth":"abc123","X-Tracking":"track-me"},"enabled_events":["person.created","person.updated"]}',
      ],
    ]);
  });

  test.each([
    [{ url: 'https://example.com/?a=1' }, '{"url":"https://example.com/?a=1"}'],
    [{ description: '' }, '{"description":""}'],
    [{ status: 'ENABLED' }, '{"status":"ENABLED"}'],
    [{ enabledEvents: [] }, '{"enabled_events":[]}'],
    [{ authentication: { none: true } }, '{"auth_type":"NONE"}'],
    [{ authentication: { token: 'Bearer abcd' } }, '{"auth_type":"TOKEN","token":"Bearer abcd"}'],
    [
      { authentication: { customHeaders: [{ name: 'Authorization', value: 'Basic eA==' }] } },
      '{"auth_type":"CUSTOM","custom_headers":{"Authorization":"Basic eA=="}}',
    ],
  ])('%j alone is sent alone', async (changes, body) => {
    const gateway = await openStubGateway({ personio: accepting });
    const { errors } = await gateway.query(UPDATE, change(changes));
    expect(errors).toBeUndefined();
    expect(sentTo(gateway.personio)).toEqual([['PATCH', PATH, body]]);
  });

  test('a variable that is not given is a field that is left out', async () => {
    const gateway = await openStubGateway({ personio: accepting });
    const { errors } = await gateway.query(
      `mutation ($id: ID!, $url: URL, $status: WebhookStatus) {
        updateWebhook(input: { id: $id, url: $url, status: $status }) { webhookId }
      }`,
      { id: ID, status: 'ENABLED' },
    );
    expect(errors).toBeUndefined();
    expect(sentTo(gateway.personio)).toEqual([['PATCH', PATH, '{"status":"ENABLED"}']]);
  });
});

describe('what is refused before any call', () => {
  const header = (name: string, value = 'secret-value') => ({ name, value });
  const headers = (...customHeaders: readonly unknown[]) => ({ authentication: { customHeaders } });

  test.each([
    ['an empty change', {}, ['input']],
    ['a null url', { url: null }, ['input', 'url']],
    ['a null description', { description: null, status: 'ENABLED' }, ['input', 'description']],
    ['a null status', { status: null }, ['input', 'status']],
    ['null enabledEvents', { enabledEvents: null }, ['input', 'enabledEvents']],
    ['a null authentication', { authentication: null }, ['input', 'authentication']],
    ['an empty event name', { enabledEvents: ['person.created', ''] }, ['input', 'enabledEvents', 1]],
    ['none: false', { authentication: { none: false } }, ['input', 'authentication', 'none']],
    ['an empty token', { authentication: { token: ' ' } }, ['input', 'authentication', 'token']],
    ['CR in a token', { authentication: { token: 'abcd\rX: y' } }, ['input', 'authentication', 'token']],
    ['LF in a token', { authentication: { token: 'abcd\nX: y' } }, ['input', 'authentication', 'token']],
    ['NUL in a token', { authentication: { token: 'abcd\0' } }, ['input', 'authentication', 'token']],
    ['no headers', headers(), ['input', 'authentication', 'customHeaders']],
    [
      'four headers',
      headers(header('X-A'), header('X-B'), header('X-C'), header('X-D')),
      ['input', 'authentication', 'customHeaders'],
    ],
    [
      'LF in a header value',
      headers(header('X-A'), header('X-B', 'a\nX-C: d')),
      ['input', 'authentication', 'customHeaders', 1, 'value'],
    ],
    ['CR in a header name', headers(header('X-A\r')), ['input', 'authentication', 'customHeaders', 0, 'name']],
    ['an empty header name', headers(header('')), ['input', 'authentication', 'customHeaders', 0, 'name']],
    ['an empty header value', headers(header('X-A', '')), ['input', 'authentication', 'customHeaders', 0, 'value']],
    [
      'a header name twice in different cases',
      headers(header('X-Auth'), header('x-aUTH')),
      ['input', 'authentication', 'customHeaders', 1, 'name'],
    ],
  ])('%s', async (_what, changes, path) => {
    const gateway = await openStubGateway({ personio: accepting });
    const { status, data, errors } = await gateway.query(UPDATE, change(changes));
    expect({ status, data }).toEqual({ status: 200, data: { updateWebhook: null } });
    expect(errors?.map(({ path: at, extensions }) => ({ at, ...extensions }))).toEqual([
      {
        at: ['updateWebhook'],
        code: 'BAD_USER_INPUT',
        retryable: false,
        violations: [{ path, message: errors?.[0]?.message }],
        requestId: expect.any(String),
      },
    ]);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test.each([
    'Host',
    'host-name',
    'CONTENT-LENGTH',
    'Transfer-Encoding',
    'connection',
    'Connection-Id',
    'Upgrade',
    'TE',
    'Tenant-Id',
    'Test-Key',
    'Trailer',
    'expect',
    'Content-Type',
    'content-type-options',
  ])("the header %s, by the provider's rules", async (name) => {
    const gateway = await openStubGateway({ personio: accepting });
    const { errors } = await gateway.query(UPDATE, change(headers(header('X-Fine'), header(name))));
    expect(errors?.map(({ extensions: { code, violations } }) => ({ code, violations }))).toEqual([
      {
        code: 'BAD_USER_INPUT',
        violations: [{ path: ['input', 'authentication', 'customHeaders', 1, 'name'], message: errors?.[0]?.message }],
      },
    ]);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test.each([
    ['two ways to authenticate', { none: true, token: 'secret-token' }],
    ['no way to authenticate', {}],
    ['a way that is null', { token: null }],
    ['one way beside a null', { none: true, token: null }],
  ])('%s, with HTTP 400', async (_what, authentication) => {
    const gateway = await openStubGateway({ personio: accepting });
    const answered = await gateway.query(UPDATE, change({ authentication }));
    expect(answered.status).toBe(400);
    expect(answered.data).toBeUndefined();
    expect(answered.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(JSON.stringify(answered)).not.toContain('secret-token');
    expect(gateway.personioCalls()).toEqual([]);
  });

  test('two ways to authenticate that stand in the query itself', async () => {
    const gateway = await openStubGateway({ personio: accepting });
    const answered = await gateway.query(
      `mutation { updateWebhook(input: { id: "${ID}", authentication: { none: true, token: "abcd" } }) { webhookId } }`,
    );
    expect(answered.data).toBeUndefined();
    expect(answered.errors?.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test.each([
    ['TRULAYER', 'UNSUPPORTED_BY_PROVIDER', globalId('TRULAYER', '018f1234-5678-7abc-def0-123456789abc')],
    [undefined, 'BAD_USER_INPUT', 'no-global-id'],
  ])('an id of %s is %s', async (provider, code, id) => {
    const gateway = await openStubGateway({ personio: accepting, trulayer: () => ({ body: { webhooks: [] } }) });
    const { data, errors } = await gateway.query(UPDATE, { input: { id, status: 'ENABLED' } });
    expect(data).toEqual({ updateWebhook: null });
    expect(errors?.map(({ extensions }) => [extensions.code, extensions.provider])).toEqual([[code, provider]]);
    expect([...gateway.personioCalls(), ...gateway.trulayerCalls()]).toEqual([]);
  });

  test('a provider without credentials is PROVIDER_NOT_CONFIGURED', async () => {
    const gateway = await openStubGateway({ trulayer: () => ({ body: { webhooks: [] } }) });
    const { errors } = await gateway.query(UPDATE, change({ status: 'ENABLED' }));
    expect(errors?.[0]?.extensions).toEqual({
      code: 'PROVIDER_NOT_CONFIGURED',
      provider: 'PERSONIO',
      retryable: false,
      requestId: expect.any(String),
    });
  });

  test('a mutation by GET, with 405', async () => {
    const gateway = await openStubGateway({ personio: accepting });
    const query = `mutation { updateWebhook(input: { id: "${ID}", status: ENABLED }) { webhookId } }`;
    const response = await gateway.gateway.fetch(
      new Request(`http://localhost/graphql?query=${encodeURIComponent(query)}`, {
        headers: { accept: 'application/json', host: 'localhost', 'x-graphql-yoga-csrf': '1' },
      }),
    );
    expect(response.status).toBe(405);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    expect(gateway.personioCalls()).toEqual([]);
  });
});

describe('the webhook after the write', () => {
  test.each([
    ['nothing', 'webhookId'],
    ['the ids', 'webhook { id provider providerId providerKey capabilities __typename }'],
    ['the ids by aliases', 'webhook { url: id description: providerId }'],
    ['the ids in fragments', 'webhook { ...Ids ... on Webhook { provider } ... { providerKey } }'],
    ['the ids beside what is skipped', 'webhook { id url @skip(if: true) ... @include(if: false) { status } }'],
  ])('is not read where %s of it is asked for', async (_what, selection) => {
    const gateway = await openStubGateway({ personio: oneWebhook() });
    const fragment = selection.includes('...Ids') ? 'fragment Ids on Webhook { id capabilities }' : '';
    const { errors } = await gateway.query(
      `mutation Update($input: UpdateWebhookInput!) { updateWebhook(input: $input) { ${selection} } } ${fragment}`,
      change({ status: 'ENABLED' }),
    );
    expect(errors).toBeUndefined();
    expect(gateway.personioCalls()).toEqual([`PATCH ${PATH}`]);
  });

  test.each([
    ['a field', 'webhook { id url }'],
    ['a field under the name of an id', 'webhook { id: status }'],
    ['a field in a fragment', 'webhook { id ... on Node { ...Url } }'],
    ['a field in a second place', 'webhook { id } webhook { description }'],
  ])('is read once where %s of it is asked for', async (_what, selection) => {
    const gateway = await openStubGateway({ personio: oneWebhook() });
    const fragment = selection.includes('...Url') ? 'fragment Url on Webhook { url }' : '';
    const { errors } = await gateway.query(
      `mutation Update($input: UpdateWebhookInput!) { updateWebhook(input: $input) { ${selection} } } ${fragment}`,
      change({ status: 'ENABLED' }),
    );
    expect(errors).toBeUndefined();
    expect(gateway.personioCalls()).toEqual([`PATCH ${PATH}`, `GET ${PATH}`]);
  });

  test('two aliases of it share one read', async () => {
    const gateway = await openStubGateway({ personio: oneWebhook() });
    const { data, errors } = await gateway.query(
      `mutation Update($input: UpdateWebhookInput!) {
        updateWebhook(input: $input) { webhookId a: webhook { status } b: webhook { status url } }
      }`,
      change({ status: 'ENABLED' }),
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      updateWebhook: {
        webhookId: ID,
        a: { status: 'ENABLED' },
        b: { status: 'ENABLED', url: 'https://example.com/a' },
      },
    });
    expect(gateway.personioCalls()).toEqual([`PATCH ${PATH}`, `GET ${PATH}`]);
  });

  test('a read that fails is an error of its own, and the write counts', async () => {
    const gateway = await openStubGateway({
      personio: ({ method }) =>
        method === 'PATCH' ? { body: { id: PATCHED_ID } } : { status: 500, body: 'no error body' },
    });
    const { data, errors } = await gateway.query(UPDATE_AND_READ, change({ status: 'ENABLED' }));
    expect(data).toEqual({ updateWebhook: { webhookId: ID, webhook: null } });
    expect(errors?.map(({ path, extensions }) => ({ path, ...extensions }))).toEqual([
      {
        path: ['updateWebhook', 'webhook'],
        code: 'UPSTREAM_UNAVAILABLE',
        provider: 'PERSONIO',
        retryable: true,
        upstream: {
          status: 500,
          traceId: null,
          timestamp: null,
          retryAfter: null,
          mayHaveSucceeded: false,
          problems: [],
        },
        requestId: expect.any(String),
      },
    ]);
    expect(gateway.personioCalls()).toEqual([`PATCH ${PATH}`, `GET ${PATH}`]);
  });

  test('is read under the id that the write answered', async () => {
    const gateway = await openStubGateway({
      personio: ({ method }) =>
        method === 'PATCH'
          ? { body: { id: ANSWERED_ID } }
          : { body: { id: ANSWERED_ID, url: 'https://example.com/b', description: 'Two', status: 'DISABLED' } },
    });
    const { data } = await gateway.query(UPDATE_AND_READ, change({ status: 'DISABLED' }));
    expect(data).toEqual({
      updateWebhook: { webhookId: globalId('PERSONIO', ANSWERED_ID), webhook: { status: 'DISABLED' } },
    });
    expect(gateway.personioCalls()).toEqual([`PATCH ${PATH}`, `GET /v2/webhooks/${ANSWERED_ID}`]);
  });
});

describe('several mutations', () => {
  test('run in order, and each payload shows the state that it left', async () => {
    const gateway = await openStubGateway({ personio: oneWebhook() });
    const { data, errors } = await gateway.query(
      `mutation ($id: ID!) {
        first: updateWebhook(input: { id: $id, status: ENABLED }) { webhook { status description } }
        second: updateWebhook(input: { id: $id, description: "Changed" }) { webhook { status description } }
        third: updateWebhook(input: { id: $id, status: DISABLED }) { webhook { status description } }
      }`,
      { id: ID },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      first: { webhook: { status: 'ENABLED', description: 'One' } },
      second: { webhook: { status: 'ENABLED', description: 'Changed' } },
      third: { webhook: { status: 'DISABLED', description: 'Changed' } },
    });
    expect(sentTo(gateway.personio)).toEqual([
      ['PATCH', PATH, '{"status":"ENABLED"}'],
      ['GET', PATH, ''],
      ['PATCH', PATH, '{"description":"Changed"}'],
      ['GET', PATH, ''],
      ['PATCH', PATH, '{"status":"DISABLED"}'],
      ['GET', PATH, ''],
    ]);
  });

  test('go on after one that is refused', async () => {
    const gateway = await openStubGateway({ personio: oneWebhook() });
    const { data, errors } = await gateway.query(
      `mutation ($id: ID!) {
        first: updateWebhook(input: { id: $id }) { webhookId }
        second: updateWebhook(input: { id: $id, status: ENABLED }) { webhookId }
      }`,
      { id: ID },
    );
    expect(data).toEqual({ first: null, second: { webhookId: ID } });
    expect(errors?.map(({ path }) => path)).toEqual([['first']]);
    expect(gateway.personioCalls()).toEqual([`PATCH ${PATH}`]);
  });
});

describe('a 401', () => {
  const withToken = change({ authentication: { token: 'Bearer delivery-token' } });
  const summary = (errors: Awaited<ReturnType<Awaited<ReturnType<typeof openStubGateway>>['query']>>['errors']) =>
    errors?.map(({ message, extensions: { code, retryable, violations } }) => ({
      message,
      code,
      retryable,
      violations,
    }));

  /** Hands out token-1, token-2 …; `answerWrite` gets the token of each write. */
  function tokenEndpoint(answerWrite: (token: string) => ReturnType<Answer>): Answer {
    let issued = 0;
    return ({ url, headers }) => {
      if (url !== '/v2/auth/token') return answerWrite(String(headers.authorization));
      issued += 1;
      return { body: { access_token: `papi-token-${issued}`, expires_in: 86_400, token_type: 'Bearer' } };
    };
  }

  test('to a change of the authentication means the authentication: one renewal, one replay, no loop', async () => {
    const gateway = await openStubGateway({
      personio: tokenEndpoint(() => UNSUPPORTED_AUTHENTICATION),
      environment: { ...OAUTH_ENVIRONMENT, RETRY_MAX: '5' },
    });
    const { errors } = await gateway.query(UPDATE, withToken);
    expect(summary(errors)).toEqual([
      {
        message: 'The authentication type is unsupported.',
        code: 'UNPROCESSABLE',
        retryable: false,
        violations: [{ path: ['input', 'authentication'], message: 'The authentication type is unsupported.' }],
      },
    ]);
    expect(errors?.[0]?.extensions.upstream).toEqual({
      status: 401,
      traceId: 'trace-1',
      timestamp: '2026-11-21T04:00:00Z',
      retryAfter: null,
      mayHaveSucceeded: false,
      problems: [
        {
          title: 'Invalid authentication',
          detail: 'The authentication type is unsupported.',
          type: null,
          meta: {},
        },
      ],
    });
    expect(gateway.personioCalls()).toEqual([
      'POST /v2/auth/token',
      `PATCH ${PATH}`,
      'POST /v2/auth/token',
      `PATCH ${PATH}`,
    ]);
  });

  test('without a word on authentication means it too, since the token is fresh', async () => {
    const gateway = await openStubGateway({
      personio: tokenEndpoint(() => ({ status: 401, body: 'no error body' })),
      environment: OAUTH_ENVIRONMENT,
    });
    const { errors } = await gateway.query(UPDATE, withToken);
    expect(errors?.map(({ extensions: { code, violations } }) => ({ code, violations }))).toEqual([
      {
        code: 'UNPROCESSABLE',
        violations: [{ path: ['input', 'authentication'], message: 'PATCH /v2/webhooks/{id}: 401' }],
      },
    ]);
  });

  test('of an expired token is mended by one renewal', async () => {
    const gateway = await openStubGateway({
      personio: tokenEndpoint((token) =>
        token === 'Bearer papi-token-1'
          ? personioRefusal(401, { title: 'Unauthorized' })
          : { body: { id: PATCHED_ID } },
      ),
      environment: OAUTH_ENVIRONMENT,
    });
    const { data, errors } = await gateway.query(UPDATE, withToken);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ updateWebhook: { webhookId: ID } });
    expect(gateway.personio.requests.map(({ headers, body }) => [headers.authorization, body])).toEqual([
      [undefined, expect.stringContaining('grant_type=client_credentials')],
      ['Bearer papi-token-1', '{"auth_type":"TOKEN","token":"Bearer delivery-token"}'],
      [undefined, expect.stringContaining('grant_type=client_credentials')],
      ['Bearer papi-token-2', '{"auth_type":"TOKEN","token":"Bearer delivery-token"}'],
    ]);
  });

  test('where the endpoint hands out the same token again is replayed once as well', async () => {
    const gateway = await openStubGateway({
      personio: ({ url }) =>
        url === '/v2/auth/token'
          ? { body: { access_token: 'papi-the-same', expires_in: 500 } }
          : UNSUPPORTED_AUTHENTICATION,
      environment: OAUTH_ENVIRONMENT,
    });
    const { errors } = await gateway.query(UPDATE, withToken);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNPROCESSABLE']);
    expect(gateway.personioCalls()).toEqual([
      'POST /v2/auth/token',
      `PATCH ${PATH}`,
      'POST /v2/auth/token',
      `PATCH ${PATH}`,
    ]);
  });

  test.each([
    ['fetched', OAUTH_ENVIRONMENT],
    ['ready', {}],
  ])('to a change without authentication, with a %s token, is UPSTREAM_UNAUTHENTICATED', async (_kind, environment) => {
    const gateway = await openStubGateway({ personio: tokenEndpoint(() => UNSUPPORTED_AUTHENTICATION), environment });
    const { errors } = await gateway.query(UPDATE, change({ status: 'ENABLED' }));
    expect(summary(errors)).toEqual([
      {
        message: 'The authentication type is unsupported.',
        code: 'UPSTREAM_UNAUTHENTICATED',
        retryable: false,
        violations: undefined,
      },
    ]);
  });

  test('to a ready token means the authentication where it says so, and is sent once', async () => {
    const gateway = await openStubGateway({ personio: () => UNSUPPORTED_AUTHENTICATION });
    const { errors } = await gateway.query(UPDATE, withToken);
    expect(errors?.map(({ extensions: { code, violations } }) => ({ code, violations }))).toEqual([
      {
        code: 'UNPROCESSABLE',
        violations: [{ path: ['input', 'authentication'], message: 'The authentication type is unsupported.' }],
      },
    ]);
    expect(gateway.personioCalls()).toEqual([`PATCH ${PATH}`]);
  });

  test('to a ready token that may have expired is UPSTREAM_UNAUTHENTICATED', async () => {
    const gateway = await openStubGateway({
      personio: () => ({ status: 401, body: contract.example('MissingOrExpiredToken') }),
    });
    const { errors } = await gateway.query(UPDATE, withToken);
    expect(errors?.map(({ extensions: { code, violations } }) => ({ code, violations }))).toEqual([
      { code: 'UPSTREAM_UNAUTHENTICATED', violations: undefined },
    ]);
    expect(gateway.personioCalls()).toEqual([`PATCH ${PATH}`]);
  });

  test.each([400, 401])('is not what a %i of the token endpoint means: nothing was written', async (status) => {
    const gateway = await openStubGateway({
      personio: () => ({ status, body: contract.example('OAuth2TokenInvalidClient') }),
      environment: OAUTH_ENVIRONMENT,
    });
    const { errors } = await gateway.query(UPDATE, withToken);
    expect(summary(errors)).toEqual([
      {
        message: 'Client authentication failed',
        code: 'UPSTREAM_UNAUTHENTICATED',
        retryable: false,
        violations: undefined,
      },
    ]);
    expect(errors?.[0]?.extensions.upstream).toMatchObject({ status, mayHaveSucceeded: false });
    expect(gateway.personioCalls()).toEqual(['POST /v2/auth/token']);
  });
});

describe('a write that fails', () => {
  const failure = async (personio: Answer) => {
    const gateway = await openStubGateway({ personio, environment: { RETRY_MAX: '5' } });
    const { data, errors } = await gateway.query(UPDATE_AND_READ, change({ status: 'ENABLED' }));
    expect(data).toEqual({ updateWebhook: null });
    expect(gateway.personioCalls()).toEqual([`PATCH ${PATH}`]);
    return errors?.map(({ extensions: { code, retryable, upstream } }) => ({ code, retryable, upstream }));
  };
  const upstream = (status: number | null, mayHaveSucceeded: boolean) =>
    expect.objectContaining({ status, mayHaveSucceeded });

  test.each([
    [500, 'UPSTREAM_UNAVAILABLE', false, true],
    [502, 'UPSTREAM_UNAVAILABLE', false, true],
    [503, 'UPSTREAM_UNAVAILABLE', true, false],
    [504, 'UPSTREAM_UNAVAILABLE', false, true],
    [408, 'UPSTREAM_TIMEOUT', true, false],
    [429, 'RATE_LIMITED', true, false],
    [302, 'UPSTREAM_INVALID_RESPONSE', false, true],
    [418, 'UPSTREAM_REJECTED', false, false],
  ])('with %i is %s, and is sent exactly once', async (status, code, retryable, mayHaveSucceeded) => {
    expect(await failure(() => ({ status, body: 'oops', headers: { location: '/elsewhere' } }))).toEqual([
      { code, retryable, upstream: upstream(status, mayHaveSucceeded) },
    ]);
  });

  test.each([
    ['that is not JSON', 'certainly not JSON'],
    ['without an id', {}],
    ['with an empty id', { id: '' }],
    ['with an id that is no text', { id: 7 }],
    ['that is a list', []],
  ])('with a 2xx %s may have succeeded', async (_what, body) => {
    expect(await failure(() => ({ body }))).toEqual([
      { code: 'UPSTREAM_INVALID_RESPONSE', retryable: false, upstream: upstream(200, true) },
    ]);
  });

  test.each([
    ['reset after the request', ''],
    ['cut off within the answer', head(200, { 'content-length': '100' })],
  ])('by a connection %s arrives exactly once', async (_what, bytes) => {
    const stub = await startFaultUpstream((socket) => {
      socket.write(bytes);
      setImmediate(() => socket.resetAndDestroy());
    });
    const gateway = openGateway({
      PERSONIO_BASE_URL: stub.baseUrl,
      PERSONIO_ACCESS_TOKEN: 'papi-test-token',
      RETRY_MAX: '5',
    });
    const { errors } = await gateway.query(UPDATE, change({ status: 'ENABLED' }));
    await gateway.close();
    expect(
      errors?.map(({ extensions: { code, retryable, upstream: report } }) => ({ code, retryable, report })),
    ).toEqual([
      {
        code: 'UPSTREAM_UNAVAILABLE',
        retryable: false,
        report: expect.objectContaining({ mayHaveSucceeded: true }),
      },
    ]);
    expect(stub.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['PATCH', PATH, '{"status":"ENABLED"}'],
    ]);
  });

  test('because nothing came in time is UPSTREAM_TIMEOUT, and arrives exactly once', async () => {
    const stub = await startFaultUpstream((socket, { method }) => {
      if (method !== 'PATCH') answer(socket, 404);
    });
    const gateway = openGateway({
      PERSONIO_BASE_URL: stub.baseUrl,
      PERSONIO_ACCESS_TOKEN: 'papi-test-token',
      UPSTREAM_TIMEOUT_MS: '100',
      RETRY_MAX: '5',
    });
    const { errors } = await gateway.query(UPDATE, change({ status: 'ENABLED' }));
    await gateway.close();
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      {
        code: 'UPSTREAM_TIMEOUT',
        provider: 'PERSONIO',
        retryable: false,
        upstream: {
          status: null,
          traceId: null,
          timestamp: null,
          retryAfter: null,
          mayHaveSucceeded: true,
          problems: [],
        },
        requestId: expect.any(String),
      },
    ]);
    expect(stub.requests).toHaveLength(1);
  });
});

describe('secrets of the input', () => {
  const SECRETS = ['delivery-token', 'url-user', 'p@ssword', 'p%40ssword', 'query-key', 'a b c d', 'a%20b%20c%20d'];

  test('appear in no error and no log, whatever the upstream quotes', async () => {
    const gateway = await openStubGateway({
      personio: ({ body }) =>
        personioRefusal(422, {
          title: `body: ${body}`,
          detail: `${SECRETS.join(' / ')} in ${JSON.parse(body).url}`,
          _meta: { token: 'Bearer delivery-token', key: 'query-key' },
        }),
    });
    const answered = await gateway.query(
      UPDATE,
      change({
        url: 'https://url-user:p%40ssword@example.com/hook?key=query-key&other=a%20b%20c%20d',
        authentication: { token: 'Bearer delivery-token' },
      }),
    );
    expect(answered.errors?.[0]?.extensions).toMatchObject({ code: 'UNPROCESSABLE', provider: 'PERSONIO' });
    expect(JSON.stringify(answered)).toContain('https://example.com/hook');
    for (const text of [JSON.stringify(answered), JSON.stringify(gateway.log)]) {
      for (const secret of SECRETS) expect(text).not.toContain(secret);
    }
  });

  test('values of custom headers appear nowhere either', async () => {
    const gateway = await openStubGateway({
      personio: ({ body }) => personioRefusal(400, { detail: `Invalid value for field: custom_headers. ${body}` }),
    });
    const answered = await gateway.query(
      UPDATE,
      change({
        authentication: {
          customHeaders: [
            { name: 'X-One', value: 'first-value' },
            { name: 'X-Two', value: 'second-value' },
          ],
        },
      }),
    );
    expect(answered.errors?.[0]?.extensions.violations).toEqual([
      {
        path: ['input', 'authentication', 'customHeaders'],
        message:
          'Invalid value for field: custom_headers. {"auth_type":"CUSTOM","custom_headers":{"X-One":"[redacted]","X-Two":"[redacted]"}}',
      },
    ]);
    expect(JSON.stringify([answered, gateway.log])).not.toMatch(/first-value|second-value/);
  });

  test('are found in a quoted JSON body that stands in an address', async () => {
    const gateway = await openStubGateway({
      personio: ({ body }) => personioRefusal(422, { title: `Refused: ${encodeURIComponent(String(body))}` }),
    });
    const answered = await gateway.query(UPDATE, change({ authentication: { token: '{"key":"back\\slash"}' } }));
    expect(decodeURIComponent(answered.errors?.[0]?.message ?? '')).toContain('[redacted]');
    expect(JSON.stringify([answered, gateway.log])).not.toMatch(/back|slash/);
  });

  test('are found in a quoted JSON body too, where they are written differently', async () => {
    const gateway = await openStubGateway({
      personio: ({ body }) => personioRefusal(422, { title: 'Refused', detail: body }),
    });
    const answered = await gateway.query(UPDATE, change({ authentication: { token: '{"key":"back\\slash"}' } }));
    expect(answered.errors?.[0]?.message).toBe('{"auth_type":"TOKEN","token":"[redacted]"}');
    expect(JSON.stringify(answered)).not.toContain('slash');
  });

  test.each([
    ['stands there as a string of JSON itself', (body: string) => JSON.stringify(body)],
    ['was written anew with escaped slashes', (body: string) => body.replaceAll('/', '\\/')],
    [
      'was written anew with escaped slashes, and stands in an address',
      (body: string) => encodeURIComponent(body.replaceAll('/', '\\/')),
    ],
  ])('are found in a quoted JSON body that %s', async (_what, quote) => {
    const gateway = await openStubGateway({
      personio: ({ body }) => personioRefusal(422, { title: `Refused: ${quote(String(body))}` }),
    });
    const answered = await gateway.query(
      UPDATE,
      change({
        url: 'https://front:back@example.com/hook?key=slash',
        authentication: { token: '{"key":"front/back\\slash"}' },
      }),
    );
    expect(answered.errors?.[0]?.message).toContain('redacted');
    expect(JSON.stringify([answered, gateway.log])).not.toMatch(/front|back|slash/);
  });

  test('that are words of ours leave the code, the provider and the path readable', async () => {
    const gateway = await openStubGateway({ personio: () => UNSUPPORTED_AUTHENTICATION });
    const { errors } = await gateway.query(
      UPDATE,
      change({ url: 'https://example.com/?from=PERSONIO&to=input', authentication: { token: 'UNPROCESSABLE' } }),
    );
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'UNPROCESSABLE',
      provider: 'PERSONIO',
      violations: [{ path: ['input', 'authentication'], message: 'The authentication type is unsupported.' }],
    });
  });

  test('are not quoted by refusals of our own', async () => {
    const gateway = await openStubGateway({ personio: accepting });
    const answers = [
      await gateway.query(UPDATE, change({ authentication: { token: 'secret-one\n' } })),
      await gateway.query(
        UPDATE,
        change({ authentication: { customHeaders: [{ name: 'Host', value: 'secret-two' }] } }),
      ),
      await gateway.query(UPDATE, change({ url: 'secret-three' })),
      await gateway.query(UPDATE, change({ authentication: 'secret-four' })),
    ];
    expect(answers.map(({ errors }) => errors?.length)).toEqual([1, 1, 1, 1]);
    expect(JSON.stringify([answers, gateway.log])).not.toContain('secret-');
  });
});

describe('in the sandbox', () => {
  let gateway: Awaited<ReturnType<typeof openSandboxGateway>>;
  beforeAll(async () => {
    gateway = await openSandboxGateway();
  });
  afterAll(() => gateway.close());

  test('a new token is what the next delivery carries', async () => {
    const id = globalId('PERSONIO', '018a149b-81fc-4853-ea3d-81233abbbc67');
    const { data, errors } = await gateway.query(
      `mutation ($id: ID!) {
        updateWebhook(input: { id: $id, url: "https://ok.receiver.example/moved", authentication: { token: "Bearer anew" } }) {
          webhook { url status authentication { type headerNames } }
        }
        pingWebhook(input: { id: $id }) { delivery { isDelivered statusCode outcome } }
      }`,
      { id },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      updateWebhook: {
        webhook: {
          url: 'https://ok.receiver.example/moved',
          status: 'ENABLED',
          authentication: { type: 'TOKEN', headerNames: [] },
        },
      },
      pingWebhook: { delivery: { isDelivered: true, statusCode: 200, outcome: 'DELIVERED' } },
    });
    const [delivery] = gateway.sandbox.receiver.deliveries;
    expect([delivery?.host, delivery?.path, delivery?.headers.authorization]).toEqual([
      'ok.receiver.example',
      '/moved',
      'Bearer anew',
    ]);
  });

  test.each([
    ['a URL without HTTPS', { url: 'http://ok.receiver.example/x' }, 'UNPROCESSABLE', ['input', 'url']],
    ['a private host', { url: 'https://10.1.1.1/callback' }, 'UNPROCESSABLE', ['input', 'url']],
    ['a URL in use', { url: 'https://fail.receiver.example/badges' }, 'CONFLICT', ['input', 'url']],
  ])('%s is refused where the client wrote it', async (_what, changes, code, path) => {
    const id = globalId('PERSONIO', '018a149b-81fc-4853-ea3d-81233abbbc67');
    const { data, errors } = await gateway.query(UPDATE, { input: { id, ...changes } });
    expect(data).toEqual({ updateWebhook: null });
    expect(errors?.map(({ message, extensions }) => [extensions.code, extensions.violations, message])).toEqual([
      [code, [{ path, message: errors?.[0]?.message }], expect.any(String)],
    ]);
  });
});
