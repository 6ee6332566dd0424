import { expect, test } from 'vitest';
import { event, HOOK_ID, logCalls, openLogGateway, useFixedClock } from '../support/log-upstream.ts';
import { globalId, openStubGateway, type StubGateway } from '../support/stub-gateway.ts';
import { trulayerId, trulayerWebhooks } from '../support/upstream-rows.ts';

useFixedClock();

interface EventData {
  readonly webhook: {
    readonly events: {
      readonly edges: readonly ({ readonly cursor: string; readonly node: Readonly<Record<string, unknown>> } | null)[];
      readonly nodes: readonly (Readonly<Record<string, unknown>> | null)[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    } | null;
  };
}

const EVENTS = `query Events($id: ID!, $first: Int, $after: String, $filter: WebhookEventFilter) {
  webhook(id: $id) {
    events(first: $first, after: $after, filter: $filter) {
      edges { cursor node { eventName } }
      nodes { eventName occurredAt companyId payload meta }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

function read(
  gateway: Pick<StubGateway, 'query'>,
  variables: Readonly<Record<string, unknown>> = {},
  id = globalId('PERSONIO', HOOK_ID),
) {
  return gateway.query<EventData>(EVENTS, { id, ...variables });
}

test('events are shown with what was sent, as the upstream wrote it', async () => {
  const gateway = await openLogGateway([
    {
      events: [
        {
          ...event('11:00:00.125Z', { payload: { person: { id: '7', tags: ['a', null] } } }),
          ...{ meta: { attempt: 1 } },
        },
        { broken: {}, at: '2026-11-21T10:00:00Z' },
      ],
    },
  ]);
  const { data, errors } = await read(gateway);
  expect(errors).toBeUndefined();
  expect(data.webhook.events?.nodes).toEqual([
    {
      eventName: 'person.updated',
      occurredAt: '2026-11-21T11:00:00.125Z',
      companyId: '123',
      payload: { person: { id: '7', tags: ['a', null] } },
      meta: { attempt: 1 },
    },
    { eventName: null, occurredAt: null, companyId: null, payload: null, meta: null },
  ]);
});

test('sequential pages cost one call each and hold each event once', async () => {
  const events = Array.from({ length: 7 }, (_, index) => event('11:00:00Z', { event_name: `event.${index}` }));
  const gateway = await openLogGateway([{ events }]);
  const shown: unknown[] = [];
  for (let after: string | null = null, hasNextPage = true; hasNextPage; ) {
    const { data }: { data: EventData } = await read(gateway, { first: 3, after });
    shown.push(...(data.webhook.events?.nodes ?? []).map((node) => node?.eventName));
    hasNextPage = data.webhook.events?.pageInfo.hasNextPage ?? false;
    after = data.webhook.events?.pageInfo.endCursor ?? null;
  }
  expect(shown).toEqual(['event.6', 'event.5', 'event.4', 'event.3', 'event.2', 'event.1', 'event.0']);
  expect(logCalls(gateway, 'events')).toHaveLength(3);
});

test('the cursor of each edge leads behind it', async () => {
  const events = Array.from({ length: 4 }, (_, index) => event('11:00:00Z', { event_name: `event.${index}` }));
  const gateway = await openLogGateway([{ events }]);
  const { data } = await read(gateway);
  const names = [];
  for (const edge of data.webhook.events?.edges ?? []) {
    const behind = await read(gateway, { first: 1, after: edge?.cursor });
    names.push(behind.data.webhook.events?.nodes.map((node) => node?.eventName));
  }
  expect(names).toEqual([['event.2'], ['event.1'], ['event.0'], []]);
});

test('the filter goes upstream unchanged', async () => {
  const gateway = await openLogGateway([{}]);
  await read(gateway, {
    first: 5,
    filter: {
      eventName: 'person.created',
      occurredAt: { gte: '2020-01-01T00:00:00+01:00', lte: '2026-11-21T00:00:00Z' },
    },
  });
  expect(logCalls(gateway, 'events')).toEqual([
    'occurred_at.gte=2020-01-01T00:00:00+01:00&occurred_at.lte=2026-11-21T00:00:00Z&event_name=person.created&limit=5',
  ]);
});

test.each([
  ['first 0', { first: 0 }, ['first']],
  ['first 201', { first: 201 }, ['first']],
  ['a damaged cursor', { after: 'nonsense' }, ['after']],
  ['an empty eventName', { filter: { eventName: '' } }, ['filter', 'eventName']],
  ['a range without ends', { filter: { occurredAt: {} } }, ['filter', 'occurredAt']],
  [
    'gte after lte',
    { filter: { occurredAt: { gte: '2026-11-21T00:00:01Z', lte: '2026-11-21T00:00:00Z' } } },
    ['filter', 'occurredAt', 'gte'],
  ],
])('%s is BAD_USER_INPUT, and nothing is asked upstream', async (_, variables, path) => {
  const gateway = await openLogGateway([{}]);
  const { data, errors } = await read(gateway, variables);
  expect(data.webhook.events).toBeNull();
  expect(errors).toMatchObject([
    { path: ['webhook', 'events'], extensions: { code: 'BAD_USER_INPUT', violations: [{ path }] } },
  ]);
  expect(logCalls(gateway, 'events')).toEqual([]);
});

test('a cursor of the activity does not work here', async () => {
  const gateway = await openLogGateway([
    { activity: [{ completed_at: '2026-11-21T11:00:00Z', event_name: 'person.updated', is_delivered: true }] },
  ]);
  const { data } = await gateway.query<{ webhook: { activity: { edges: readonly { cursor: string }[] } } }>(
    `{ webhook(id: "${globalId('PERSONIO', HOOK_ID)}") { activity { edges { cursor } } } }`,
  );
  const { errors } = await read(gateway, { after: data.webhook.activity.edges[0]?.cursor });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['after'] }] } }]);
});

test('an entry that cannot be read is one null edge with its error, and the page goes on', async () => {
  const gateway = await openLogGateway([
    { events: [event('11:00:00Z'), { broken: 'nonsense', at: '2026-11-21T10:00:00Z' }, event('09:00:00Z')] },
  ]);
  const { data, errors } = await read(gateway);
  expect(data.webhook.events?.edges.map((edge) => edge?.node.eventName ?? null)).toEqual([
    'person.updated',
    null,
    'person.updated',
  ]);
  expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
    ['webhook.events.edges.1', 'UPSTREAM_INVALID_RESPONSE'],
    ['webhook.events.nodes.1', 'UPSTREAM_INVALID_RESPONSE'],
  ]);
});

test('an upstream that fails is an error of this field alone', async () => {
  const gateway = await openLogGateway([{}], {
    before: ({ url }) => (url.includes('/events') ? { status: 404, body: { errors: [] } } : undefined),
  });
  const { data, errors } = await read(gateway);
  expect(data).toEqual({ webhook: { events: null } });
  expect(errors).toMatchObject([{ path: ['webhook', 'events'], extensions: { code: 'NOT_FOUND' } }]);
});

test('TruLayer publishes no events: null without an error or a call', async () => {
  const gateway = await openStubGateway({ trulayer: () => ({ body: { webhooks: trulayerWebhooks(1) } }) });
  const { data, errors } = await read(gateway, {}, globalId('TRULAYER', trulayerId(1)));
  expect(errors).toBeUndefined();
  expect(data).toEqual({ webhook: { events: null } });
  expect(gateway.trulayerCalls()).toHaveLength(1);
});
