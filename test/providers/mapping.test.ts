import { describe, expect, test } from 'vitest';
import { expectContract, globalId, openStubGateway } from '../support/stub-gateway.ts';
import { loadUpstreamContract } from '../support/upstream-contract.ts';
import { personioPage } from '../support/upstream-rows.ts';

const personio = loadUpstreamContract('personio');
const trulayer = loadUpstreamContract('trulayer');

const WEBHOOK_FIELDS = `
  id provider providerId providerKey url description status enabledEvents
  authentication { type headerNames } capabilities createdAt updatedAt
`;
const LIST = `{ webhooks(first: 200) { nodes { ${WEBHOOK_FIELDS} } pageInfo { hasNextPage } } }`;
const PERSONIO_CAPABILITIES = ['UPDATE', 'DELETE', 'PING', 'SEND_TEST_EVENT', 'ACTIVITY', 'EVENTS', 'REDELIVER'];
const ID = '533e7206-f4a3-11ed-9c8b-436fad0b82d1';

const SAMPLE = {
  id: globalId('PERSONIO', ID),
  provider: 'PERSONIO',
  providerId: ID,
  providerKey: `personio:${ID}`,
  url: 'https://example.com/callback',
  description: 'Sample webhook',
  status: 'ENABLED',
  enabledEvents: ['person.created', 'person.updated'],
  authentication: { type: 'TOKEN', headerNames: [] },
  capabilities: PERSONIO_CAPABILITIES,
  createdAt: '2023-01-01T12:00:00.000Z',
  updatedAt: '2023-01-01T12:00:00.000Z',
};
const MINIMAL = {
  ...SAMPLE,
  status: null,
  enabledEvents: null,
  authentication: { type: null, headerNames: [] },
  createdAt: null,
  updatedAt: null,
};

interface ListData {
  readonly webhooks: { readonly nodes: readonly unknown[]; readonly pageInfo: { readonly hasNextPage: boolean } };
}

async function listPersonio(body: unknown): Promise<ListData['webhooks']> {
  const gateway = await openStubGateway({ personio: () => ({ body }) });
  const { data, errors } = await gateway.query<ListData>(LIST);
  expect(errors).toBeUndefined();
  return data.webhooks;
}

describe("Personio's webhooks", () => {
  test('ListAllWebhooksResponse shows every field of both, and that there are more', async () => {
    expect(await listPersonio(personio.example('ListAllWebhooksResponse'))).toEqual({
      nodes: [
        SAMPLE,
        {
          ...SAMPLE,
          id: globalId('PERSONIO', '2e4324b0-1b0e-11ee-a7f7-e37ffd9b3a44'),
          providerId: '2e4324b0-1b0e-11ee-a7f7-e37ffd9b3a44',
          providerKey: 'personio:2e4324b0-1b0e-11ee-a7f7-e37ffd9b3a44',
          url: 'https://example.com/other-callback',
          description: 'Another webhook',
          status: 'DISABLED',
          enabledEvents: ['document.signed'],
          authentication: { type: 'NONE', headerNames: [] },
          updatedAt: '2023-01-01T12:30:00.000Z',
        },
      ],
      pageInfo: { hasNextPage: true },
    });
  });

  test('ListAllWebhooksEnabledEventFilterResponse is the last page', async () => {
    expect(await listPersonio(personio.example('ListAllWebhooksEnabledEventFilterResponse'))).toEqual({
      nodes: [SAMPLE],
      pageInfo: { hasNextPage: false },
    });
  });

  test('ListAllWebhooksStatusFilterResponse holds what is guaranteed; the rest is null', async () => {
    const { nodes } = await listPersonio(personio.example('ListAllWebhooksStatusFilterResponse'));
    expect(nodes).toEqual([MINIMAL]);
  });

  test('SingleWebhookResponse shows every field', async () => {
    const gateway = await openStubGateway({ personio: () => ({ body: personio.example('SingleWebhookResponse') }) });
    const { data, errors } = await gateway.query(
      `{ webhook(id: "${globalId('PERSONIO', ID)}") { ${WEBHOOK_FIELDS} } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ webhook: SAMPLE });
  });

  const row = { id: ID, url: 'https://example.com/callback', description: 'Sample webhook' };
  test.each([
    ['an unknown status', { status: 'PAUSED' }],
    ['a status in lower case', { status: 'enabled' }],
    ['a status that is no text', { status: true }],
    ['an unknown auth_type', { auth_type: 'MTLS' }],
    ['an auth_type that is no text', { auth_type: 1 }],
    ['events that are no list', { enabled_events: 'person.created' }],
    ['events that are not all texts', { enabled_events: ['person.created', 7] }],
    ['times that are none', { created_at: 'yesterday', updated_at: 1_672_574_400 }],
    ['times without an offset', { created_at: '2023-01-01T12:00:00', updated_at: '2023-01-01' }],
    ['null everywhere', { status: null, auth_type: null, enabled_events: null, created_at: null, updated_at: null }],
    ['members that nobody knows', { surprise: { deep: [1, 2, 3] }, __typename: 'Person', provider: 'TRULAYER' }],
    ['custom_headers without auth_type', { custom_headers: { 'X-Key': 'secret' } }],
  ])('%s is a null field, and no error', async (_what, members) => {
    const { nodes } = await listPersonio({ _data: [{ ...row, ...members }] });
    expect(nodes).toEqual([MINIMAL]);
  });

  test.each(['2023-02-30T12:00:00Z', '2100-02-29T00:00:00Z', '2023-01-01T24:00:00Z', '2023-01-01T12:00:60Z'])(
    'the time %s, which no calendar has, is a null field, and no error',
    async (created_at) => {
      const { nodes } = await listPersonio({ _data: [{ ...row, created_at }] });
      expect(nodes).toEqual([MINIMAL]);
    },
  );

  test.each([
    [{ auth_type: 'NONE' }, { type: 'NONE', headerNames: [] }],
    [
      { auth_type: 'TOKEN', token: 'secret' },
      { type: 'TOKEN', headerNames: [] },
    ],
    [
      { auth_type: 'CUSTOM', custom_headers: { 'X-A': 'secret', 'X-B': 'secret' } },
      { type: 'CUSTOM_HEADERS', headerNames: ['X-A', 'X-B'] },
    ],
    [{ auth_type: 'CUSTOM' }, { type: 'CUSTOM_HEADERS', headerNames: [] }],
    [
      { auth_type: 'CUSTOM', custom_headers: 'X-A' },
      { type: 'CUSTOM_HEADERS', headerNames: [] },
    ],
  ])('%j authenticates by %j', async (members, authentication) => {
    const webhooks = await listPersonio({ _data: [{ ...row, ...members }] });
    expect(webhooks.nodes).toEqual([{ ...MINIMAL, authentication }]);
    expect(JSON.stringify(webhooks)).not.toContain('secret');
  });

  test('an empty description and an empty list of events stay what they are', async () => {
    const { nodes } = await listPersonio({ _data: [{ ...row, description: '', enabled_events: [] }] });
    expect(nodes).toEqual([{ ...MINIMAL, description: '', enabledEvents: [] }]);
  });

  test.each(['https://example.com', 'HTTPS://EXAMPLE.com:443/a b?x=1#y', 'http://user:pw@10.0.0.1/'])(
    'the url %s is shown as it was written',
    async (url) => {
      const { nodes } = await listPersonio({ _data: [{ ...row, url }] });
      expect(nodes).toEqual([{ ...MINIMAL, url }]);
    },
  );
});

describe("Personio's activity", () => {
  const FIELDS = 'completedAt eventName isDelivered attempts statusCode outcome redeliveryId';

  async function readActivity(body: unknown) {
    const gateway = await openStubGateway({
      personio: ({ url }) => ({ body: url.includes('/activity') ? body : personio.example('SingleWebhookResponse') }),
    });
    return gateway.query<{ webhook: { activity: { nodes: readonly unknown[]; pageInfo: { hasNextPage: boolean } } } }>(
      `{ webhook(id: "${globalId('PERSONIO', ID)}") { activity { nodes { ${FIELDS} } pageInfo { hasNextPage } } } }`,
    );
  }

  const DELIVERED = {
    completedAt: '2023-01-01T12:51:00.000Z',
    eventName: 'person.updated',
    isDelivered: true,
    attempts: 1,
    statusCode: 201,
    outcome: 'DELIVERED',
    redeliveryId: '2da86fee-6e01-488b-9071-e6ad49a33c80',
  };

  test('ListAllActivities shows every field of both entries', async () => {
    const { data, errors } = await readActivity(personio.example('ListAllActivities'));
    expect(errors).toBeUndefined();
    expect(data.webhook.activity).toEqual({
      nodes: [
        DELIVERED,
        {
          completedAt: '2023-01-01T12:03:00.000Z',
          eventName: 'person.updated',
          isDelivered: false,
          attempts: 2,
          statusCode: 503,
          outcome: 'SERVER_ERROR',
          redeliveryId: null,
        },
      ],
      pageInfo: { hasNextPage: true },
    });
  });

  test('ListAllActivitiesWithRedelivery shows the redelivery', async () => {
    const { data } = await readActivity(personio.example('ListAllActivitiesWithRedelivery'));
    expect(data.webhook.activity.nodes).toEqual([DELIVERED]);
  });

  const row = { completed_at: '2023-01-01T12:51:00.000Z', event_name: 'x.y', is_delivered: false };
  const UNSAID = {
    completedAt: '2023-01-01T12:51:00.000Z',
    eventName: 'x.y',
    isDelivered: false,
    attempts: null,
    statusCode: null,
    outcome: 'UNKNOWN',
    redeliveryId: null,
  };

  test.each([
    ['nothing but what is guaranteed', {}, {}],
    ['a null status', { status_code: null }, { outcome: 'NO_RESPONSE' }],
    ['a status that is a text', { status_code: '503' }, {}],
    ['a status that is a fraction', { status_code: 503.5 }, {}],
    ['a status that is 0', { status_code: 0 }, { statusCode: 0 }],
    ['a redirect', { status_code: 302 }, { statusCode: 302, outcome: 'REDIRECTED' }],
    ['a refusal', { status_code: 404 }, { statusCode: 404, outcome: 'CLIENT_ERROR' }],
    ['a 2xx that was not delivered', { status_code: 200 }, { statusCode: 200, outcome: 'UNKNOWN' }],
    ['attempts that are a text', { attempts: '2' }, {}],
    ['a redelivery id that is a number', { redelivery_id: 7 }, {}],
    [
      'a delivery whatever its status',
      { is_delivered: true, status_code: 503 },
      { isDelivered: true, statusCode: 503, outcome: 'DELIVERED' },
    ],
    ['a lower-case time', { completed_at: '2023-01-01t12:51:00z' }, { completedAt: '2023-01-01t12:51:00z' }],
    [
      'a time with an offset',
      { completed_at: '2023-01-01T12:51:00+02:00' },
      { completedAt: '2023-01-01T12:51:00+02:00' },
    ],
    ['a leap second', { completed_at: '2016-12-31T23:59:60Z' }, { completedAt: '2016-12-31T23:59:60Z' }],
  ])('%s', async (_what, members, expected) => {
    const { data, errors } = await readActivity(personioPage([{ ...row, ...members }]).body);
    expect(errors).toBeUndefined();
    expect(data.webhook.activity.nodes).toEqual([{ ...UNSAID, ...expected }]);
  });

  test.each([
    ['attempts', { attempts: 3_000_000_000 }],
    ['a status', { status_code: 3_000_000_000 }],
  ])('%s that no Int can hold is a null field, and no error', async (_what, members) => {
    const { data, errors } = await readActivity(personioPage([{ ...row, ...members }]).body);
    expect(errors).toBeUndefined();
    expect(data.webhook.activity.nodes).toEqual([UNSAID]);
  });
});

describe("TruLayer's webhooks", () => {
  const SHOWN = {
    id: globalId('TRULAYER', '018f1234-5678-7abc-def0-123456789abc'),
    provider: 'TRULAYER',
    providerId: '018f1234-5678-7abc-def0-123456789abc',
    providerKey: 'trulayer:018f1234-5678-7abc-def0-123456789abc',
    url: 'https://your-app.example.com/hooks/trulayer',
    description: null,
    status: 'ENABLED',
    enabledEvents: ['failure.detected'],
    authentication: { type: 'SIGNATURE', headerNames: [] },
    capabilities: ['DELETE', 'PING'],
    createdAt: '2026-04-27T10:00:00Z',
    updatedAt: '2026-04-27T10:00:00Z',
  };

  async function listTruLayer(body: unknown): Promise<readonly unknown[]> {
    const gateway = await openStubGateway({ trulayer: () => ({ body }) });
    const { data, errors } = await gateway.query<ListData>(LIST);
    expect(errors).toBeUndefined();
    return data.webhooks.nodes;
  }

  test('OneWebhook shows every field', async () => {
    expect(await listTruLayer(trulayer.example('OneWebhook'))).toEqual([SHOWN]);
  });

  test('NoWebhooks is an empty list', async () => {
    expect(await listTruLayer(trulayer.example('NoWebhooks'))).toEqual([]);
  });

  const row = { id: SHOWN.providerId, url: SHOWN.url };
  test.each([
    ['nothing but an id and a url', {}, {}],
    ['a webhook that is switched off', { enabled: false }, { status: 'DISABLED' }],
    ['enabled that is a text', { enabled: 'true' }, {}],
    ['events that are no list', { events: {} }, {}],
    ['an event that nobody knows', { events: ['moon.landed'] }, { enabledEvents: ['moon.landed'] }],
    ['times that are none', { created_at: 7, updated_at: '' }, {}],
  ])('%s', async (_what, members, expected) => {
    const bare = { ...SHOWN, status: null, enabledEvents: null, createdAt: null, updatedAt: null };
    expect(await listTruLayer({ webhooks: [{ ...row, ...members }], surprise: true })).toEqual([
      { ...bare, ...expected },
    ]);
  });
});

describe('what is sent', () => {
  test('to Personio bears the identification headers on every call, where they are set', async () => {
    const gateway = await openStubGateway({
      personio: ({ url }) =>
        url === '/v2/auth/token'
          ? { body: personio.example('OAuth2TokenSuccessAccessToken') }
          : { body: personio.example('ListAllWebhooksStatusFilterResponse') },
      environment: {
        PERSONIO_ACCESS_TOKEN: undefined,
        PERSONIO_CLIENT_ID: 'papi-baaaaaad-c0de-fade-baad-00000000001d',
        PERSONIO_CLIENT_SECRET: 'verY-Secret-p4ssw0rd',
        PERSONIO_APP_ID: 'MY_APPLICATION',
        PERSONIO_PARTNER_ID: 'ACME',
      },
    });
    await gateway.query(LIST);
    const [token, list] = gateway.personio.requests;
    expect(token?.body).toBe(
      'grant_type=client_credentials&client_id=papi-baaaaaad-c0de-fade-baad-00000000001d&client_secret=verY-Secret-p4ssw0rd',
    );
    expect(token?.headers.authorization).toBeUndefined();
    expect(token?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(list?.headers).toMatchObject({
      authorization:
        'Bearer papi-OUYVj9QdAyL8F-Naa0PB7X2CZVb0uHDTYvW_FoX1o3lJBgvbcJ_ctlJ8nH4FDi6QWl5BHlzj-CheybZaxVRq0g',
      'x-personio-app-id': 'MY_APPLICATION',
      'x-personio-partner-id': 'ACME',
      accept: 'application/json, application/problem+json',
    });
  });

  test('holds no identification header where none is set', async () => {
    const gateway = await openStubGateway({ personio: () => personioPage([]) });
    await gateway.query(LIST);
    const names = Object.keys(gateway.personio.requests[0]?.headers ?? {});
    expect(names.filter((name) => name.startsWith('x-'))).toEqual([]);
  });

  test('to TruLayer bears the API key, and nothing of Personio', async () => {
    const gateway = await openStubGateway({
      personio: () => personioPage([]),
      trulayer: () => ({ body: { webhooks: [] } }),
    });
    await gateway.query(LIST);
    expect(gateway.trulayer.requests[0]?.headers.authorization).toBe('Bearer tl_test_key');
    expect(gateway.personio.requests[0]?.headers.authorization).toBe('Bearer papi-test-token');
  });
});

describe('the contract checker of these tests', () => {
  const get = (url: string, headers = { authorization: 'Bearer x' }) => ({ method: 'GET', url, headers, body: '' });

  test.each([
    ['an unknown path', get('/v2/webhook')],
    ['an unknown query name', get('/v2/webhooks?page=2')],
    ['a limit over 200', get('/v2/webhooks?limit=201')],
    ['a limit that is no number', get('/v2/webhooks?limit=x')],
    ['a name twice', get('/v2/webhooks?limit=1&limit=2')],
    ['a status that is none', get('/v2/webhooks?status=enabled')],
    ['a boolean that is none', get(`/v2/webhooks/${ID}/activity?is_delivered=YES`)],
    ['a time that is none', get(`/v2/webhooks/${ID}/activity?completed_at.gte=yesterday`)],
    ['a path that climbs', get('/v2/webhooks/..')],
    ['no token', { ...get('/v2/webhooks'), headers: {} }],
    ['a body on a GET', { ...get('/v2/webhooks'), body: '{}' }],
    [
      'an app id in lower case',
      { ...get('/v2/webhooks'), headers: { authorization: 'Bearer x', 'x-personio-app-id': 'my app' } },
    ],
    [
      'a JSON token request',
      { method: 'POST', url: '/v2/auth/token', headers: { 'content-type': 'application/json' }, body: '{}' },
    ],
  ])('finds %s', (_what, request) => {
    expect(() => expectContract('personio', [request])).toThrow();
  });
});
