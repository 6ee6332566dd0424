import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFaultUpstream } from '../../support/fault-upstream.ts';
import { openGateway, openSandboxGateway } from '../../support/gateway.ts';
import { globalId, openStubGateway } from '../../support/stub-gateway.ts';
import { loadUpstreamContract } from '../../support/upstream-contract.ts';
import { trulayerId, trulayerWebhooks } from '../../support/upstream-rows.ts';
import { OAUTH_ENVIRONMENT, PINGED_ID, sentTo, UNSUPPORTED_AUTHENTICATION } from './written-requests.ts';

const personioContract = loadUpstreamContract('personio');
const trulayerContract = loadUpstreamContract('trulayer');
const PERSONIO_ID = globalId('PERSONIO', PINGED_ID);
const TRULAYER_ID = globalId('TRULAYER', trulayerId(1));

const PING = `mutation Ping($id: ID!) {
  pingWebhook(input: { id: $id }) {
    webhookId
    delivery { eventName isDelivered statusCode outcome attempts completedAt responseBody }
  }
}`;

describe("Personio's ping", () => {
  test.each([
    ['SuccessfulPingResponse', { isDelivered: true, statusCode: 200, outcome: 'DELIVERED' }],
    ['UndeliveredPingResponse', { isDelivered: false, statusCode: null, outcome: 'NO_RESPONSE' }],
  ])('%s of the OpenAPI file becomes a delivery; the request has no body', async (example, expected) => {
    const gateway = await openStubGateway({ personio: () => ({ body: personioContract.example(example) }) });
    const answered = await gateway.query(PING, { id: PERSONIO_ID });
    expect(answered).toEqual({
      status: 200,
      data: {
        pingWebhook: {
          webhookId: PERSONIO_ID,
          delivery: {
            eventName: 'ping',
            ...expected,
            attempts: 1,
            completedAt: '2023-01-01T12:51:00.000Z',
            responseBody: null,
          },
        },
      },
    });
    expect(sentTo(gateway.personio)).toEqual([['POST', `/v2/webhooks/${PINGED_ID}/ping`, '']]);
    expect(gateway.personio.requests[0]?.headers.authorization).toBe('Bearer papi-test-token');
  });

  test.each([
    ['nothing at all', {}, { isDelivered: null, statusCode: null, outcome: 'UNKNOWN' }],
    ['a null status only', { status_code: null }, { isDelivered: null, statusCode: null, outcome: 'NO_RESPONSE' }],
    ['a 2xx status only', { status_code: 204 }, { isDelivered: true, statusCode: 204, outcome: 'DELIVERED' }],
    ['a 3xx status only', { status_code: 302 }, { isDelivered: false, statusCode: 302, outcome: 'REDIRECTED' }],
    [
      'a 4xx status',
      { is_delivered: false, status_code: 410 },
      { isDelivered: false, statusCode: 410, outcome: 'CLIENT_ERROR' },
    ],
    [
      'a 5xx status',
      { is_delivered: false, status_code: 500 },
      { isDelivered: false, statusCode: 500, outcome: 'SERVER_ERROR' },
    ],
    [
      'a delivery without status',
      { is_delivered: true },
      { isDelivered: true, statusCode: null, outcome: 'DELIVERED' },
    ],
    ['a failure without status', { is_delivered: false }, { isDelivered: false, statusCode: null, outcome: 'UNKNOWN' }],
    [
      'members of wrong types',
      { is_delivered: 'yes', status_code: '200', attempts: 1.5, completed_at: 7 },
      { isDelivered: null, statusCode: null, outcome: 'UNKNOWN' },
    ],
  ])('that tells %s is a result', async (_what, body, expected) => {
    const gateway = await openStubGateway({ personio: () => ({ body }) });
    const { data, errors } = await gateway.query(PING, { id: PERSONIO_ID });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      pingWebhook: {
        webhookId: PERSONIO_ID,
        delivery: { eventName: 'ping', ...expected, attempts: null, completedAt: null, responseBody: null },
      },
    });
  });

  test.each([
    ['is no object', 200, []],
    ['is no object, and says that it was only accepted,', 202, []],
    ['is no JSON', 200, 'pong'],
  ])('whose answer %s may have been delivered', async (_what, status, body) => {
    const gateway = await openStubGateway({ personio: () => ({ status, body }), environment: { RETRY_MAX: '5' } });
    const { data, errors } = await gateway.query(PING, { id: PERSONIO_ID });
    expect(data).toEqual({ pingWebhook: null });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      {
        code: 'UPSTREAM_INVALID_RESPONSE',
        provider: 'PERSONIO',
        retryable: false,
        upstream: expect.objectContaining({ status, mayHaveSucceeded: true, problems: [] }),
        requestId: expect.any(String),
      },
    ]);
    expect(gateway.personioCalls()).toEqual([`POST /v2/webhooks/${PINGED_ID}/ping`]);
  });

  test('that gets a 401 with a fresh token has no violation: nothing of it is input', async () => {
    const gateway = await openStubGateway({
      personio: ({ url }) =>
        url === '/v2/auth/token' ? { body: { access_token: 'papi-t', expires_in: 900 } } : UNSUPPORTED_AUTHENTICATION,
      environment: OAUTH_ENVIRONMENT,
    });
    const { errors } = await gateway.query(PING, { id: PERSONIO_ID });
    expect(errors?.map(({ extensions: { code, violations } }) => [code, violations])).toEqual([
      ['UPSTREAM_UNAUTHENTICATED', undefined],
    ]);
  });

  test('that gets a 422 has no violation: it speaks of the webhook', async () => {
    const gateway = await openStubGateway({
      personio: () => ({ status: 422, body: personioContract.example('InvalidHostnamePayloadResponse') }),
    });
    const { errors } = await gateway.query(PING, { id: PERSONIO_ID });
    expect(errors?.map(({ message, extensions: { code, violations } }) => [code, message, violations])).toEqual([
      ['UNPROCESSABLE', 'Hostname does not resolve to a valid address.', undefined],
    ]);
  });

  test('is read along with its webhook only where fields beyond the ids are asked for', async () => {
    const gateway = await openStubGateway({
      personio: ({ method }) =>
        method === 'POST'
          ? { body: personioContract.example('SuccessfulPingResponse') }
          : { status: 404, body: personioContract.example('WebhookNotFoundErrorResponse') },
    });
    const ids = await gateway.query(
      'mutation ($id: ID!) { pingWebhook(input: { id: $id }) { webhook { providerKey } } }',
      {
        id: PERSONIO_ID,
      },
    );
    expect(ids.data).toEqual({ pingWebhook: { webhook: { providerKey: `personio:${PINGED_ID}` } } });
    const whole = await gateway.query(
      'mutation ($id: ID!) { pingWebhook(input: { id: $id }) { webhook { url } delivery { outcome } } }',
      { id: PERSONIO_ID },
    );
    expect(whole.data).toEqual({ pingWebhook: { webhook: null, delivery: { outcome: 'DELIVERED' } } });
    expect(whole.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['pingWebhook', 'webhook'], 'NOT_FOUND'],
    ]);
    expect(gateway.personioCalls()).toEqual([
      `POST /v2/webhooks/${PINGED_ID}/ping`,
      `POST /v2/webhooks/${PINGED_ID}/ping`,
      `GET /v2/webhooks/${PINGED_ID}`,
    ]);
  });

  test('whose connection is reset is made exactly once', async () => {
    const stub = await startFaultUpstream((socket) => socket.resetAndDestroy());
    const gateway = openGateway({
      PERSONIO_BASE_URL: stub.baseUrl,
      PERSONIO_ACCESS_TOKEN: 'papi-test-token',
      RETRY_MAX: '5',
    });
    const { errors } = await gateway.query(PING, { id: PERSONIO_ID });
    await gateway.close();
    expect(errors?.map(({ extensions: { code, retryable, upstream } }) => ({ code, retryable, upstream }))).toEqual([
      {
        code: 'UPSTREAM_UNAVAILABLE',
        retryable: false,
        upstream: expect.objectContaining({ status: null, mayHaveSucceeded: true }),
      },
    ]);
    expect(stub.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST /v2/webhooks/${PINGED_ID}/ping`,
    ]);
  });
});

describe("TruLayer's test", () => {
  test.each([
    ['ReceiverAcknowledged', { isDelivered: true, statusCode: 204, outcome: 'DELIVERED', responseBody: '' }],
    [
      'ReceiverRefused',
      { isDelivered: false, statusCode: 401, outcome: 'CLIENT_ERROR', responseBody: 'invalid signature' },
    ],
    ['ReceiverUnreachable', { isDelivered: false, statusCode: null, outcome: 'NO_RESPONSE', responseBody: '' }],
  ])('%s of the OpenAPI file becomes a delivery, not an error', async (example, expected) => {
    const gateway = await openStubGateway({ trulayer: () => ({ body: trulayerContract.example(example) }) });
    const answered = await gateway.query(PING, { id: TRULAYER_ID });
    expect(answered).toEqual({
      status: 200,
      data: {
        pingWebhook: {
          webhookId: TRULAYER_ID,
          delivery: { eventName: 'ping', ...expected, attempts: null, completedAt: null },
        },
      },
    });
    expect(sentTo(gateway.trulayer)).toEqual([['POST', `/v1/webhooks/${trulayerId(1)}/test`, '']]);
  });

  test('that a receiver answers with a redirect is not delivered', async () => {
    const gateway = await openStubGateway({ trulayer: () => ({ body: { status: 302, body: '' } }) });
    const { data } = await gateway.query(PING, { id: TRULAYER_ID });
    expect(data).toMatchObject({ pingWebhook: { delivery: { isDelivered: false, statusCode: 302 } } });
  });

  test('shows text of the receiver as it is', async () => {
    const body = '<script>alert(1)</script>\u0000\n"ü"';
    const gateway = await openStubGateway({ trulayer: () => ({ body: { status: 500, body } }) });
    const { data } = await gateway.query(PING, { id: TRULAYER_ID });
    expect(data).toMatchObject({ pingWebhook: { delivery: { responseBody: body, outcome: 'SERVER_ERROR' } } });
  });

  test('without a status is UPSTREAM_INVALID_RESPONSE, and may have been delivered', async () => {
    const gateway = await openStubGateway({ trulayer: () => ({ body: { body: 'ok' } }) });
    const { errors } = await gateway.query(PING, { id: TRULAYER_ID });
    expect(errors?.map(({ extensions: { code, upstream } }) => ({ code, upstream }))).toEqual([
      {
        code: 'UPSTREAM_INVALID_RESPONSE',
        upstream: expect.objectContaining({ status: 200, mayHaveSucceeded: true }),
      },
    ]);
  });

  test('that gets a 422 has no violation: it speaks of the stored URL', async () => {
    const gateway = await openStubGateway({
      trulayer: () => ({ status: 422, body: { error: 'webhook.url.private_ip' } }),
    });
    const { errors } = await gateway.query(PING, { id: TRULAYER_ID });
    expect(errors?.map(({ message, extensions }) => [message, extensions])).toEqual([
      [
        'webhook.url.private_ip',
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
            problems: [{ title: 'webhook.url.private_ip', detail: null, type: null, meta: {} }],
          },
          requestId: expect.any(String),
        },
      ],
    ]);
  });

  test('takes the webhook from the list afterwards', async () => {
    const gateway = await openStubGateway({
      trulayer: ({ method }) =>
        method === 'POST' ? { body: { status: 200, body: '' } } : { body: { webhooks: trulayerWebhooks(2) } },
    });
    const { data } = await gateway.query(
      'mutation ($id: ID!) { pingWebhook(input: { id: $id }) { webhook { url } delivery { isDelivered } } }',
      { id: TRULAYER_ID },
    );
    expect(data).toEqual({
      pingWebhook: { webhook: { url: 'https://example.com/trulayer/1' }, delivery: { isDelivered: true } },
    });
    expect(gateway.trulayerCalls()).toEqual([`POST /v1/webhooks/${trulayerId(1)}/test`, 'GET /v1/webhooks']);
  });
});

test.each(['', 'x', Buffer.from('Webhook:OTHER:1').toString('base64url'), globalId('PERSONIO', '..')])(
  'the id %j is BAD_USER_INPUT before any call',
  async (id) => {
    const gateway = await openStubGateway({ personio: () => ({ body: {} }), trulayer: () => ({ body: {} }) });
    const { errors } = await gateway.query(PING, { id });
    expect(errors?.map(({ extensions: { code, violations } }) => ({ code, violations }))).toEqual([
      { code: 'BAD_USER_INPUT', violations: [{ path: ['input', 'id'], message: errors?.[0]?.message }] },
    ]);
    expect([...gateway.personioCalls(), ...gateway.trulayerCalls()]).toEqual([]);
  },
);

describe('in the sandbox', () => {
  let gateway: Awaited<ReturnType<typeof openSandboxGateway>>;
  beforeAll(async () => {
    gateway = await openSandboxGateway({ sandbox: { deliveryTimeoutMs: 200 } });
  });
  afterAll(() => gateway.close());

  const ping = async (provider: 'PERSONIO' | 'TRULAYER', providerId: string) => {
    const { data, errors } = await gateway.query<{ pingWebhook: { delivery: Record<string, unknown> } }>(PING, {
      id: globalId(provider, providerId),
    });
    expect(errors).toBeUndefined();
    const { isDelivered, statusCode, outcome } = data.pingWebhook.delivery;
    return [isDelivered, statusCode, outcome];
  };

  test('a ping of Personio arrives with the custom headers of its webhook', async () => {
    expect(await ping('PERSONIO', 'c0570a08-0f6b-4c8e-a7d5-2e4b9f1a3c08')).toEqual([true, 200, 'DELIVERED']);
    const [delivery] = gateway.sandbox.receiver.deliveries;
    expect(delivery).toMatchObject({ method: 'POST', host: 'ok.receiver.example', path: '/timesheets', status: 200 });
    expect(delivery?.headers).toMatchObject({ 'x-api-key': 'sandbox-api-key', 'x-environment': 'sandbox' });
    expect(delivery?.headers.authorization).toBeUndefined();
    expect(JSON.parse(delivery?.body ?? '')).toMatchObject({ event_name: 'ping' });
  });

  test('a ping of TruLayer arrives with a correct signature', async () => {
    expect(await ping('TRULAYER', '018f1234-5678-7abc-def0-123456789abc')).toEqual([true, 200, 'DELIVERED']);
    const [delivery] = gateway.sandbox.receiver.deliveries;
    const signature = createHmac('sha256', 'sandbox-signing-secret')
      .update(delivery?.body ?? '')
      .digest('hex');
    expect(delivery?.headers['x-trulayer-signature']).toBe(`sha256=${signature}`);
  });

  test.each([
    ['PERSONIO', 'f4111196-3c5a-4f0e-8a51-5000500050c3', [false, 500, 'SERVER_ERROR']],
    ['PERSONIO', '40e7e215-3b8f-4d1a-9c62-8a7e5f0d1b15', [false, 410, 'CLIENT_ERROR']],
    ['TRULAYER', '018f1234-5678-7abc-def0-000000000003', [false, 401, 'CLIENT_ERROR']],
    ['TRULAYER', '018f1234-5678-7abc-def0-000000000004', [false, null, 'NO_RESPONSE']],
  ] as const)('the receiver behind %s %s refuses, which is a result', async (provider, providerId, expected) => {
    expect(await ping(provider, providerId)).toEqual(expected);
  });

  test('pings of both providers in one operation run in order', async () => {
    const before = gateway.sandbox.requests.length;
    const { errors } = await gateway.query(
      `mutation ($personio: ID!, $trulayer: ID!) {
        a: pingWebhook(input: { id: $trulayer }) { delivery { outcome } }
        b: pingWebhook(input: { id: $personio }) { delivery { outcome } }
        c: pingWebhook(input: { id: $trulayer }) { delivery { outcome } }
      }`,
      {
        personio: globalId('PERSONIO', '018a149b-81fc-4853-ea3d-81233abbbc67'),
        trulayer: globalId('TRULAYER', '018f1234-5678-7abc-def0-123456789abc'),
      },
    );
    expect(errors).toBeUndefined();
    expect(gateway.sandbox.requests.slice(before).map(({ provider }) => provider)).toEqual([
      'TRULAYER',
      'PERSONIO',
      'TRULAYER',
    ]);
  });
});
