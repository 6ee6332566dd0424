import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer, startFaultUpstream } from '../../support/fault-upstream.ts';
import { openGateway, openSandboxGateway } from '../../support/gateway.ts';
import { globalId, openStubGateway } from '../../support/stub-gateway.ts';
import { loadUpstreamContract } from '../../support/upstream-contract.ts';
import { trulayerId } from '../../support/upstream-rows.ts';
import { sentTo } from './written-requests.ts';

const personioContract = loadUpstreamContract('personio');
const trulayerContract = loadUpstreamContract('trulayer');
const DELETED_ID = '018a149b-81fc-4853-ea3d-81233abbbc67';
const PERSONIO_ID = globalId('PERSONIO', DELETED_ID);
const TRULAYER_ID = globalId('TRULAYER', trulayerId(1));

const DELETE = 'mutation Delete($id: ID!) { deleteWebhook(input: { id: $id }) { deletedWebhookId } }';

test('a 204 of Personio answers the id', async () => {
  const gateway = await openStubGateway({ personio: () => ({ status: 204 }) });
  expect(await gateway.query(DELETE, { id: PERSONIO_ID })).toEqual({
    status: 200,
    data: { deleteWebhook: { deletedWebhookId: PERSONIO_ID } },
  });
  expect(sentTo(gateway.personio)).toEqual([['DELETE', `/v2/webhooks/${DELETED_ID}`, '']]);
});

test('a 204 of TruLayer answers the id', async () => {
  const gateway = await openStubGateway({ trulayer: () => ({ status: 204 }) });
  expect(await gateway.query(DELETE, { id: TRULAYER_ID })).toEqual({
    status: 200,
    data: { deleteWebhook: { deletedWebhookId: TRULAYER_ID } },
  });
  expect(sentTo(gateway.trulayer)).toEqual([['DELETE', `/v1/webhooks/${trulayerId(1)}`, '']]);
});

test('any other 2xx is a success too, whatever its body', async () => {
  const gateway = await openStubGateway({ personio: () => ({ status: 200, body: 'deleted' }) });
  const { data, errors } = await gateway.query(DELETE, { id: PERSONIO_ID });
  expect(errors).toBeUndefined();
  expect(data).toEqual({ deleteWebhook: { deletedWebhookId: PERSONIO_ID } });
});

describe('a refusal', () => {
  test('of Personio with 404 is NOT_FOUND', async () => {
    const gateway = await openStubGateway({
      personio: () => ({ status: 404, body: personioContract.example('WebhookNotFoundErrorResponse') }),
    });
    const { data, errors } = await gateway.query(DELETE, { id: PERSONIO_ID });
    expect(data).toEqual({ deleteWebhook: null });
    expect(errors?.map(({ message, path, extensions }) => ({ message, path, extensions }))).toEqual([
      {
        message: 'No webhook found matching the given id',
        path: ['deleteWebhook'],
        extensions: {
          code: 'NOT_FOUND',
          provider: 'PERSONIO',
          retryable: false,
          upstream: {
            status: 404,
            traceId: 'aswo3f-a202lfso-312123sld-1230ddd',
            timestamp: '2021-05-28T11:17:30Z',
            retryAfter: null,
            mayHaveSucceeded: false,
            problems: [
              {
                title: 'Webhook not found',
                detail: 'No webhook found matching the given id',
                type: null,
                meta: {},
              },
            ],
          },
          requestId: expect.any(String),
        },
      },
    ]);
  });

  test.each([
    ['WebhookNotFound', 404, 'NOT_FOUND', {}],
    ['InsufficientRole', 403, 'FORBIDDEN', {}],
    ['ScopeForbidden', 403, 'FORBIDDEN', { code: 'scope_forbidden' }],
    ['PlanUpgradeRequired', 402, 'PLAN_UPGRADE_REQUIRED', { code: 'plan_upgrade_required', required_plan: 'pro' }],
    ['PlanUpgradeRequired', 403, 'PLAN_UPGRADE_REQUIRED', { code: 'plan_upgrade_required', required_plan: 'pro' }],
  ])('%s of TruLayer with %i is %s', async (example, status, code, meta) => {
    const gateway = await openStubGateway({ trulayer: () => ({ status, body: trulayerContract.example(example) }) });
    const { errors } = await gateway.query(DELETE, { id: TRULAYER_ID });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      {
        code,
        provider: 'TRULAYER',
        retryable: false,
        upstream: {
          status,
          traceId: null,
          timestamp: null,
          retryAfter: null,
          mayHaveSucceeded: false,
          problems: [{ title: errors?.[0]?.message, detail: null, type: null, meta }],
        },
        requestId: expect.any(String),
      },
    ]);
  });

  test('with 500 may have removed it, and was sent exactly once', async () => {
    const gateway = await openStubGateway({
      personio: () => ({ status: 500, body: personioContract.example('InternalServerError') }),
      environment: { RETRY_MAX: '5' },
    });
    const { errors } = await gateway.query(DELETE, { id: PERSONIO_ID });
    expect(errors?.map(({ extensions: { code, retryable, upstream } }) => ({ code, retryable, upstream }))).toEqual([
      {
        code: 'UPSTREAM_UNAVAILABLE',
        retryable: false,
        upstream: expect.objectContaining({ status: 500, mayHaveSucceeded: true }),
      },
    ]);
    expect(gateway.personioCalls()).toEqual([`DELETE /v2/webhooks/${DELETED_ID}`]);
  });
});

test('an answer that is lost is an error, not a success, and the request was sent exactly once', async () => {
  const stub = await startFaultUpstream((socket) => socket.resetAndDestroy());
  const gateway = openGateway({
    PERSONIO_BASE_URL: stub.baseUrl,
    PERSONIO_ACCESS_TOKEN: 'papi-test-token',
    RETRY_MAX: '5',
  });
  const { data, errors } = await gateway.query(DELETE, { id: PERSONIO_ID });
  await gateway.close();
  expect(data).toEqual({ deleteWebhook: null });
  expect(errors?.map(({ extensions: { code, retryable, upstream } }) => ({ code, retryable, upstream }))).toEqual([
    {
      code: 'UPSTREAM_UNAVAILABLE',
      retryable: false,
      upstream: expect.objectContaining({ status: null, mayHaveSucceeded: true }),
    },
  ]);
  expect(stub.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([`DELETE /v2/webhooks/${DELETED_ID}`]);
});

test('a kept connection that the upstream has closed meanwhile removes nothing twice', async () => {
  const stub = await startFaultUpstream((socket, _request, index) => {
    if (index === 0) answer(socket, 204);
    else socket.resetAndDestroy();
  });
  const gateway = openGateway({
    PERSONIO_BASE_URL: stub.baseUrl,
    PERSONIO_ACCESS_TOKEN: 'papi-test-token',
    RETRY_MAX: '5',
  });
  const { data } = await gateway.query(
    `mutation ($id: ID!) {
      a: deleteWebhook(input: { id: $id }) { deletedWebhookId }
      b: deleteWebhook(input: { id: $id }) { deletedWebhookId }
    }`,
    { id: PERSONIO_ID },
  );
  await gateway.close();
  expect(data).toEqual({ a: { deletedWebhookId: PERSONIO_ID }, b: null });
  expect(stub.requests).toHaveLength(2);
});

test('a mutation by GET is refused with 405, and nothing is removed', async () => {
  const gateway = await openStubGateway({ personio: () => ({ status: 204 }) });
  const query = `mutation { deleteWebhook(input: { id: "${PERSONIO_ID}" }) { deletedWebhookId } }`;
  const response = await gateway.gateway.fetch(
    new Request(`http://localhost/graphql?query=${encodeURIComponent(query)}`, { headers: { host: 'localhost' } }),
  );
  expect(response.status).toBe(405);
  expect(gateway.personioCalls()).toEqual([]);
});

describe('in the sandbox', () => {
  let gateway: Awaited<ReturnType<typeof openSandboxGateway>>;
  beforeAll(async () => {
    gateway = await openSandboxGateway();
  });
  afterAll(() => gateway.close());

  test.each([
    ['PERSONIO', DELETED_ID],
    ['TRULAYER', '018f1234-5678-7abc-def0-000000000002'],
  ] as const)('a webhook of %s that was removed is gone, and cannot be removed again', async (provider, providerId) => {
    const id = globalId(provider, providerId);
    const removed = await gateway.query(DELETE, { id });
    expect(removed.errors).toBeUndefined();
    const { data, errors } = await gateway.query('query ($id: ID!) { webhook(id: $id) { url } }', { id });
    expect(data).toEqual({ webhook: null });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['NOT_FOUND']);
    const again = await gateway.query(DELETE, { id });
    expect(again.data).toEqual({ deleteWebhook: null });
    expect(again.errors?.map(({ extensions }) => extensions.code)).toEqual(['NOT_FOUND']);
  });

  test('in one operation, what comes after a removal sees that the webhook is gone', async () => {
    const id = globalId('PERSONIO', '51137a05-7d0e-4b1c-9f34-0b5e7a2d9c06');
    const { data, errors } = await gateway.query(
      `mutation ($id: ID!) {
        before: pingWebhook(input: { id: $id }) { webhook { status } }
        removed: deleteWebhook(input: { id: $id }) { deletedWebhookId }
        after: checkWebhook(input: { id: $id }) { isReady }
      }`,
      { id },
    );
    expect(data).toEqual({
      before: { webhook: { status: 'ENABLED' } },
      removed: { deletedWebhookId: id },
      after: null,
    });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['after'], 'NOT_FOUND']]);
  });

  test('a member of TruLayer may not remove: 403', async () => {
    const member = await openSandboxGateway({ environment: { TRULAYER_API_KEY: 'tl_sandbox_member' } });
    const { errors } = await member.query(DELETE, { id: globalId('TRULAYER', '018f1234-5678-7abc-def0-123456789abc') });
    await member.close();
    expect(errors?.map(({ message, extensions: { code, provider } }) => [message, code, provider])).toEqual([
      ['insufficient role', 'FORBIDDEN', 'TRULAYER'],
    ]);
  });

  test('a client of Personio that may only read may not remove: 403', async () => {
    const reader = await openSandboxGateway({ environment: { PERSONIO_CLIENT_ID: 'papi-sandbox-read-only' } });
    const { errors } = await reader.query(DELETE, { id: PERSONIO_ID });
    await reader.close();
    expect(errors?.map(({ message, extensions: { code, provider } }) => [message, code, provider])).toEqual([
      ['Access denied to perform webhook operations', 'FORBIDDEN', 'PERSONIO'],
    ]);
  });
});
