import { describe, expect, test } from 'vitest';
import { globalId, openStubGateway, type StubGateway } from '../support/stub-gateway.ts';
import { personioPage } from '../support/upstream-rows.ts';

const WEBHOOK_ID = globalId('PERSONIO', 'hook-1');
const SECRET = 'papi-very-secret-value-1234567890';

function openGateway(): Promise<StubGateway> {
  return openStubGateway({
    personio: ({ url }) =>
      url.startsWith('/v2/webhooks/hook-1?') || url.endsWith('/hook-1')
        ? { body: { id: 'hook-1', url: 'https://example.com', description: '' } }
        : personioPage([]),
  });
}

const listCalls = (gateway: StubGateway) => gateway.personioCalls().filter((call) => call.includes('?'));

describe.each([
  [
    'webhooks',
    'query($first: Int, $after: String) { list: webhooks(first: $first, after: $after) { edges { cursor } } }',
    ['list'],
  ],
  [
    'activity',
    `query($first: Int, $after: String) { webhook(id: "${WEBHOOK_ID}") { list: activity(first: $first, after: $after) { edges { cursor } } } }`,
    ['webhook', 'list'],
  ],
] as const)('the paging of %s', (_list, document, path) => {
  test.each([0, -1, 201, 2_147_483_647, -2_147_483_648, null])('refuses first: %s', async (first) => {
    const gateway = await openGateway();
    const { status, errors } = await gateway.query(document, { first });
    expect(status).toBe(200);
    expect(errors).toMatchObject([
      {
        path,
        message: 'first must be from 1 to 200.',
        extensions: {
          code: 'BAD_USER_INPUT',
          retryable: false,
          violations: [{ path: ['first'], message: 'first must be from 1 to 200.' }],
        },
      },
    ]);
    expect(errors?.[0]?.extensions).not.toHaveProperty('upstream');
    expect(listCalls(gateway)).toEqual([]);
  });

  test.each([1, 200])('takes first: %s', async (first) => {
    const gateway = await openGateway();
    const { errors } = await gateway.query(document, { first });
    expect(errors).toBeUndefined();
    expect(listCalls(gateway)).toEqual([expect.stringContaining(`limit=${first}`)]);
  });

  test('takes after: null for the first page', async () => {
    const gateway = await openGateway();
    const { errors } = await gateway.query(document, { first: 1, after: null });
    expect(errors).toBeUndefined();
  });

  test('refuses an empty cursor', async () => {
    const gateway = await openGateway();
    const { errors } = await gateway.query(document, { first: 1, after: '' });
    expect(errors).toMatchObject([{ path, extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['after'] }] } }]);
    expect(listCalls(gateway)).toEqual([]);
  });
});

test('a page of a negative size is refused, and makes the rest of the operation no cheaper', async () => {
  const gateway = await openStubGateway({ personio: () => personioPage([]), environment: { LIMIT_COST: '1000' } });
  const { status, errors } = await gateway.query(`{
    cheap: webhooks(first: -1000000) { edges { cursor } }
    costly: webhooks(first: 200) { nodes { activity(first: 200) { nodes { eventName } } } }
  }`);
  expect(status).toBe(400);
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['LIMIT_EXCEEDED']);
  expect(gateway.personioCalls()).toEqual([]);
});

describe('the filter of webhooks', () => {
  const WEBHOOKS = 'query($filter: WebhookFilter) { webhooks(filter: $filter) { edges { cursor } } }';

  test.each([
    ['an empty list of providers', { providers: [] }, ['filter', 'providers']],
    ['an empty event name', { enabledEvent: '' }, ['filter', 'enabledEvent']],
    ['a blank event name', { enabledEvent: ' \t ' }, ['filter', 'enabledEvent']],
    ['half a character', { enabledEvent: 'person.\ud83d' }, ['filter', 'enabledEvent']],
    ['an event name that makes a URL too long', { enabledEvent: 'x'.repeat(257) }, ['filter', 'enabledEvent']],
  ])('refuses %s', async (_what, filter, path) => {
    const gateway = await openGateway();
    const { data, errors } = await gateway.query(WEBHOOKS, { filter });
    expect(data).toEqual({ webhooks: null });
    expect(errors).toMatchObject([
      { path: ['webhooks'], extensions: { code: 'BAD_USER_INPUT', violations: [{ path }] } },
    ]);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test.each([[null], [{}], [{ providers: null, status: null, enabledEvent: null }]])(
    '%j does not filter',
    async (filter) => {
      const gateway = await openGateway();
      const { errors } = await gateway.query(WEBHOOKS, { filter });
      expect(errors).toBeUndefined();
      expect(gateway.personioCalls()).toEqual(['GET /v2/webhooks?limit=50']);
    },
  );
});

describe('the filter of activity', () => {
  const ACTIVITY = `query($filter: WebhookActivityFilter) {
    webhook(id: "${WEBHOOK_ID}") { activity(filter: $filter) { edges { cursor } } }
  }`;
  const earlier = '2026-01-01T00:00:00Z';
  const later = '2026-01-02T00:00:00Z';

  test.each([
    ['an empty event name', { eventName: '' }, ['filter', 'eventName']],
    ['an empty redelivery id', { redeliveryId: '' }, ['filter', 'redeliveryId']],
    ['half a character in an event name', { eventName: '\udc00' }, ['filter', 'eventName']],
    ['half a character in a redelivery id', { redeliveryId: 'a\ud800b' }, ['filter', 'redeliveryId']],
    ['an event name that makes a URL too long', { eventName: 'x'.repeat(257) }, ['filter', 'eventName']],
    ['a redelivery id that makes a URL too long', { redeliveryId: 'x'.repeat(257) }, ['filter', 'redeliveryId']],
    ['a time range without ends', { completedAt: {} }, ['filter', 'completedAt']],
    ['a time range with null ends', { completedAt: { gte: null, lte: null } }, ['filter', 'completedAt']],
    ['a reversed time range', { completedAt: { gte: later, lte: earlier } }, ['filter', 'completedAt', 'gte']],
    [
      'a time range that is reversed within a millisecond',
      { completedAt: { gte: '2026-01-01T12:00:00.0002Z', lte: '2026-01-01T12:00:00.0001Z' } },
      ['filter', 'completedAt', 'gte'],
    ],
    [
      'a time range that only its offsets reverse',
      { completedAt: { gte: '2026-01-01T12:00:00-02:00', lte: '2026-01-01T13:00:00Z' } },
      ['filter', 'completedAt', 'gte'],
    ],
    [
      'a time range reversed within a millisecond',
      { completedAt: { gte: '2026-01-01T00:00:00.0002Z', lte: '2026-01-01T00:00:00.0001Z' } },
      ['filter', 'completedAt', 'gte'],
    ],
  ])('refuses %s', async (_what, filter, path) => {
    const gateway = await openGateway();
    const { status, data, errors } = await gateway.query(ACTIVITY, { filter });
    expect(status).toBe(200);
    expect(data).toEqual({ webhook: { activity: null } });
    expect(errors).toMatchObject([
      { path: ['webhook', 'activity'], extensions: { code: 'BAD_USER_INPUT', violations: [{ path }] } },
    ]);
    expect(listCalls(gateway)).toEqual([]);
  });

  test.each([
    ['both ends at the same time', { completedAt: { gte: earlier, lte: earlier } }],
    ['the same time in two offsets', { completedAt: { gte: '2026-01-01T02:00:00+02:00', lte: earlier } }],
    ['one end', { completedAt: { lte: earlier } }],
    ['a leap second', { completedAt: { lte: '2016-12-31T23:59:60Z' } }],
  ])('takes %s', async (_what, filter) => {
    const gateway = await openGateway();
    const { errors } = await gateway.query(ACTIVITY, { filter });
    expect(errors).toBeUndefined();
    expect(listCalls(gateway)).toHaveLength(1);
  });
});

describe('variables that do not fit their types', () => {
  const ACTIVITY = `query($id: ID!, $first: Int, $filter: WebhookActivityFilter) {
    webhook(id: $id) { activity(first: $first, filter: $filter) { edges { cursor } } }
  }`;
  const WEBHOOKS =
    'query($filter: WebhookFilter, $after: String) { webhooks(filter: $filter, after: $after) { edges { cursor } } }';

  test.each([
    ['a text for an Int', ACTIVITY, { id: WEBHOOK_ID, first: SECRET }, ['first']],
    ['a fraction for an Int', ACTIVITY, { id: WEBHOOK_ID, first: 1.5 }, ['first']],
    ['a number over 32 bits', ACTIVITY, { id: WEBHOOK_ID, first: 4_294_967_296 }, ['first']],
    ['an object for an ID', ACTIVITY, { id: { secret: SECRET } }, ['id']],
    ['a missing ID', ACTIVITY, {}, ['id']],
    ['null for an ID', ACTIVITY, { id: null }, ['id']],
    ['a number for a String', WEBHOOKS, { after: 7 }, ['after']],
    ['a text for an input object', WEBHOOKS, { filter: SECRET }, ['filter']],
    ['a list for an input object', WEBHOOKS, { filter: [SECRET] }, ['filter']],
    ['an unknown enum value', WEBHOOKS, { filter: { status: SECRET } }, ['filter', 'status']],
    [
      'an unknown enum value in a list',
      WEBHOOKS,
      { filter: { providers: ['PERSONIO', SECRET] } },
      ['filter', 'providers', 1],
    ],
    ['null in a list', WEBHOOKS, { filter: { providers: [null] } }, ['filter', 'providers', 0]],
    ['an unknown field', WEBHOOKS, { filter: { [SECRET]: 1 } }, ['filter']],
    ['an unknown field near a known one', WEBHOOKS, { filter: { statuss: SECRET } }, ['filter', 'statuss']],
    ['a text for a Boolean', ACTIVITY, { id: WEBHOOK_ID, filter: { isDelivered: SECRET } }, ['filter', 'isDelivered']],
    [
      'no time',
      ACTIVITY,
      { id: WEBHOOK_ID, filter: { completedAt: { gte: SECRET } } },
      ['filter', 'completedAt', 'gte'],
    ],
    [
      'a date without a time',
      ACTIVITY,
      { id: WEBHOOK_ID, filter: { completedAt: { gte: '2026-01-01' } } },
      ['filter', 'completedAt', 'gte'],
    ],
    [
      'a time without an offset',
      ACTIVITY,
      { id: WEBHOOK_ID, filter: { completedAt: { lte: '2026-01-01T00:00:00' } } },
      ['filter', 'completedAt', 'lte'],
    ],
    [
      'a time that makes a URL too long',
      ACTIVITY,
      { id: WEBHOOK_ID, filter: { completedAt: { lte: `2026-01-01T00:00:00.${'0'.repeat(60)}Z` } } },
      ['filter', 'completedAt', 'lte'],
    ],
    [
      'a day that no month has',
      ACTIVITY,
      { id: WEBHOOK_ID, filter: { completedAt: { lte: '2026-02-30T00:00:00Z' } } },
      ['filter', 'completedAt', 'lte'],
    ],
    [
      'a leap second in the middle of a day',
      ACTIVITY,
      { id: WEBHOOK_ID, filter: { completedAt: { lte: '2016-12-31T12:00:60Z' } } },
      ['filter', 'completedAt', 'lte'],
    ],
    [
      'an epoch for a time',
      ACTIVITY,
      { id: WEBHOOK_ID, filter: { completedAt: { gte: 1_767_225_600 } } },
      ['filter', 'completedAt', 'gte'],
    ],
  ])('%s is BAD_USER_INPUT with HTTP 400, and is not quoted', async (_what, document, variables, path) => {
    const gateway = await openGateway();
    const answer = await gateway.query(document, variables);
    expect(answer.status).toBe(400);
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', violations: [{ path }] } }]);
    expect(answer.errors?.[0]?.extensions).not.toHaveProperty('http');
    expect(JSON.stringify(answer)).not.toContain(SECRET);
    expect(JSON.stringify(answer)).not.toContain('secret-value');
    expect(JSON.stringify(gateway.log)).not.toContain(SECRET);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test.each([
    ['null', null],
    ['a list', []],
    ['a text', 'x'],
    ['a number', 7],
  ])('variables that are %s are refused or ignored, never a fault', async (_what, variables) => {
    const gateway = await openGateway();
    const response = await gateway.gateway.fetch(
      new Request('http://localhost/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', host: 'localhost' },
        body: JSON.stringify({ query: 'query($id: ID!) { webhook(id: $id) { id } }', variables }),
      }),
    );
    expect(response.status).toBe(400);
    const { errors } = await response.json();
    expect(['BAD_USER_INPUT', 'BAD_REQUEST']).toContain(errors[0].extensions.code);
  });

  const UPDATE = 'mutation ($i: UpdateWebhookInput!) { updateWebhook(input: $i) { webhookId } }';

  test.each<readonly [what: string, given: object, violation: object]>([
    [
      'a name that is mistyped is said, with the one that may be meant',
      { id: 'a', descripton: SECRET },
      {
        path: ['input', 'descripton'],
        message: 'Variable "$i.descripton": UpdateWebhookInput has no such field. Did you mean "description"?',
      },
    ],
    [
      'a name that is like none is said',
      { id: 'a', colour: SECRET },
      { path: ['input', 'colour'], message: 'Variable "$i.colour": UpdateWebhookInput has no such field.' },
    ],
    [
      'a name that may be a secret in the wrong place is not said',
      { id: 'a', tl_0123456789: 'x' },
      { path: ['input'], message: 'Variable "$i": UpdateWebhookInput has no field of this name.' },
    ],
    [
      'a name that is made to look like a sentence of graphql-js is not said',
      { id: 'a', [`x" of required type "${SECRET}" was not provided.`]: 'x' },
      { path: ['input'], message: 'Variable "$i": UpdateWebhookInput has no field of this name.' },
    ],
    [
      'a member that is missing is named',
      { description: 'x' },
      { path: ['input', 'id'], message: 'Variable "$i.id": Field "id" of required type "ID!" was not provided.' },
    ],
    [
      'a member that is missing in a list is named',
      { id: 'a', authentication: { customHeaders: [{ name: 'X', value: SECRET }, { value: SECRET }] } },
      {
        path: ['input', 'authentication', 'customHeaders', 1, 'name'],
        message:
          'Variable "$i.authentication.customHeaders.1.name": Field "name" of required type "String!" was not provided.',
      },
    ],
    [
      'the one way that is null is named',
      { id: 'a', authentication: { token: null } },
      {
        path: ['input', 'authentication', 'token'],
        message: 'Variable "$i.authentication.token": Field "token" must be non-null.',
      },
    ],
  ])('%s', async (_what, i, violation) => {
    const gateway = await openGateway();
    const answer = await gateway.query(UPDATE, { i });
    expect(answer.errors?.map(({ extensions }) => extensions.violations)).toEqual([[violation]]);
    expect(JSON.stringify(answer)).not.toContain(SECRET);
  });

  test.each<readonly [what: string, document: string, path: readonly unknown[]]>([
    [
      'of an argument',
      'query ($t: DateTime!) { webhook(id: "a") { deliveryStats(window: { gte: $t }) { total } } }',
      ['window', 'gte'],
    ],
    [
      'of an argument, in a fragment that is used twice',
      `query ($t: DateTime!) { one: webhook(id: "a") { ...Log } two: webhook(id: "b") { ...Log } }
       fragment Log on Webhook { activity(filter: { completedAt: { lte: $t } }) { nodes { outcome } } }`,
      ['filter', 'completedAt', 'lte'],
    ],
    ['in a list', 'query ($t: ID!) { nodes(ids: ["a", $t]) { id } }', ['ids', 1]],
    [
      'of the same argument of two fields',
      'query ($t: ID!) { one: webhook(id: $t) { url } two: node(id: $t) { id } }',
      ['id'],
    ],
    [
      'in the operation that is meant, whatever another does with a variable of this name',
      `query Meant($t: ID!) { webhook(id: $t) { url } }
       query Other($t: ID!) { ...Others }
       fragment Others on Query { nodes(ids: [$t]) { id } }`,
      ['id'],
    ],
    [
      'which are several: its own name',
      'query ($t: DateTime!) { webhook(id: "a") { deliveryStats(window: { gte: $t, lte: $t }) { total } } }',
      ['t'],
    ],
    ['of a directive: its own name', 'query ($t: Boolean!) { webhookProviders @skip(if: $t) { name } }', ['t']],
  ])('the path of a variable begins at its place %s', async (_what, query, path) => {
    const gateway = await openGateway();
    const response = await gateway.gateway.fetch(
      new Request('http://localhost/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', host: 'localhost' },
        body: JSON.stringify({
          query,
          variables: { t: [{}] },
          ...(query.includes('Meant') && { operationName: 'Meant' }),
        }),
      }),
    );
    const { errors } = await response.json();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', violations: [{ path }] } }]);
  });

  test.each([
    [
      'in another case',
      { status: 'enabled' },
      '$filter.status": it does not fit WebhookStatus. Did you mean the enum value "ENABLED" or "DISABLED"?',
    ],
    [
      'in a list',
      { providers: ['personio'] },
      '$filter.providers.0": it does not fit WebhookProvider. Did you mean the enum value "PERSONIO"?',
    ],
    ['like none', { status: SECRET }, '$filter.status": it does not fit WebhookStatus.'],
    ['that is a number', { status: 7 }, '$filter.status": it does not fit WebhookStatus.'],
    ['in the place of what holds it', 'status', '$filter": it does not fit WebhookFilter.'],
  ])('an enum value %s is told the one that may have been meant', async (_what, filter, said) => {
    const gateway = await openGateway();
    const { errors } = await gateway.query(WEBHOOKS, { filter });
    expect(errors?.map(({ message }) => message)).toEqual([`Variable "${said}`]);
  });

  test('a hundred bad values are twenty errors at most', async () => {
    const gateway = await openGateway();
    const { status, errors } = await gateway.query(WEBHOOKS, { filter: { providers: Array(100).fill(SECRET) } });
    expect(status).toBe(400);
    expect(errors).toHaveLength(20);
  });
});

describe('literals that do not fit their types', () => {
  test.each([
    ['an unknown enum value', '{ webhooks(filter: { status: ASLEEP }) { edges { cursor } } }'],
    ['an unknown provider', '{ webhookByProviderId(provider: ACME, providerId: "1") { id } }'],
    ['a text for an enum', '{ webhooks(filter: { status: "ENABLED" }) { edges { cursor } } }'],
    ['a text for an Int', '{ webhooks(first: "1") { edges { cursor } } }'],
    ['an unknown argument', '{ webhooks(last: 1) { edges { cursor } } }'],
    ['an unknown field', '{ webhooks { nothing } }'],
    ['a missing argument', '{ webhook { id } }'],
    [
      'no time',
      `{ webhook(id: "x") { activity(filter: { completedAt: { gte: "yesterday" } }) { edges { cursor } } } }`,
    ],
  ])('%s is GRAPHQL_VALIDATION_FAILED', async (_what, document) => {
    const gateway = await openGateway();
    const { data, errors } = await gateway.query(document);
    expect(data).toBeUndefined();
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test.each([
    [
      'status: enabled',
      'This value does not exist in "WebhookStatus" enum. Did you mean the enum value "ENABLED" or "DISABLED"?',
    ],
    ['status: ASLEEP', 'This value does not exist in "WebhookStatus" enum.'],
    [
      'status: "ENABLED"',
      'Enum "WebhookStatus" cannot represent non-enum value. Did you mean the enum value "ENABLED" or "DISABLED"?',
    ],
    [`status: "Did you mean the enum value "`, 'Enum "WebhookStatus" cannot represent non-enum value.'],
  ])('a wrong enum value is told the one that may have been meant: %s', async (filter, message) => {
    const gateway = await openGateway();
    const { errors } = await gateway.query(`{ webhooks(filter: { ${filter} }) { edges { cursor } } }`);
    expect(errors).toMatchObject([{ message }]);
  });

  test('a document that cannot be parsed is GRAPHQL_PARSE_FAILED', async () => {
    const gateway = await openGateway();
    const { errors } = await gateway.query('{ webhooks(');
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_PARSE_FAILED']);
  });

  // GraphQL over HTTP: a client that reads application/graphql-response+json can tell by the status.
  test.each([
    ['application/graphql-response+json', 400],
    ['application/json', 200],
  ])('are answered to a client that accepts %s with HTTP %i', async (accept, expected) => {
    const gateway = await openGateway();
    const invalid = await gateway.query('{ nothing }', {}, { headers: { accept } });
    const unreadable = await gateway.query('{ webhooks(', {}, { headers: { accept } });
    expect([invalid.status, unreadable.status]).toEqual([expected, expected]);
  });
});

describe('a literal that does not fit', () => {
  test.each([
    ['mutation { updateWebhook(input: { id: "x", authentication: { token: ["s3cret"] } }) { webhookId } }'],
    ['mutation { updateWebhook(input: { id: "x", description: 1234567890123 }) { webhookId } }'],
    ['mutation { updateWebhook(input: { id: "x", status: "s3cret" }) { webhookId } }'],
    ['mutation { updateWebhook(input: { id: "x", status: s3cret }) { webhookId } }'],
    ['mutation { updateWebhook(input: { id: "x", url: "s3cret" }) { webhookId } }'],
    ['{ webhooks(first: "s3cret") { pageInfo { endCursor } } }'],
    ['{ webhooks(filter: "s3cret") { pageInfo { endCursor } } }'],
  ])('is not quoted: %s', async (query) => {
    const gateway = await openGateway();
    const { errors } = await gateway.query(query);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(JSON.stringify(errors)).not.toMatch(/s3cret|1234567890123/);
  });
});
