import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGate } from '../support/gate.ts';
import { openGateway, openSandboxGateway } from '../support/gateway.ts';
import { globalId, openStubGateway, type StubGateway } from '../support/stub-gateway.ts';
import { createGrowingLog, personioPage, trulayerWebhooks } from '../support/upstream-rows.ts';

interface Activity {
  readonly completedAt: string;
  readonly attempts: number | null;
}

interface ActivityData {
  readonly webhook: {
    readonly activity: {
      readonly edges: readonly ({ readonly cursor: string; readonly node: Activity } | null)[];
      readonly nodes: readonly (Activity | null)[];
      readonly pageInfo: {
        readonly hasNextPage: boolean;
        readonly hasPreviousPage: boolean;
        readonly startCursor: string | null;
        readonly endCursor: string | null;
      };
    } | null;
  };
}

interface Variables {
  readonly first?: number;
  readonly after?: string | null;
  readonly filter?: Readonly<Record<string, unknown>> | null;
}

const ID = '533e7206-f4a3-11ed-9c8b-436fad0b82d1';
const WEBHOOK_ROW = { id: ID, url: 'https://example.com/callback', description: 'Sample webhook' };

const ACTIVITY = `query Activity($id: ID!, $first: Int, $after: String, $filter: WebhookActivityFilter) {
  webhook(id: $id) {
    activity(first: $first, after: $after, filter: $filter) {
      edges { cursor node { completedAt attempts } }
      nodes { completedAt attempts }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}`;

function read(gateway: Pick<StubGateway, 'query'>, variables: Variables = {}, id = globalId('PERSONIO', ID)) {
  return gateway.query<ActivityData>(ACTIVITY, { id, ...variables });
}

/** What a page shows, each entry by its `attempts`. */
function numbersOf({ webhook }: ActivityData): readonly (number | null)[] {
  return webhook.activity?.edges.map((edge) => edge?.node.attempts ?? null) ?? [];
}

function pageInfoOf({ webhook }: ActivityData) {
  return {
    hasNextPage: webhook.activity?.pageInfo.hasNextPage,
    endCursor: webhook.activity?.pageInfo.endCursor ?? null,
  };
}

/** A gateway whose one Personio webhook has this activity. */
function openActivityGateway(activity: Parameters<typeof openStubGateway>[0]['personio']): Promise<StubGateway> {
  return openStubGateway({
    personio: (request) => (request.url.includes('/activity') ? (activity?.(request) ?? {}) : { body: WEBHOOK_ROW }),
  });
}

const activityCalls = ({ personioCalls }: StubGateway) => personioCalls().filter((call) => call.includes('/activity'));

function logOf(count: number) {
  const log = createGrowingLog();
  for (let entry = 0; entry < count; entry += 1) log.add(1000);
  return log;
}

describe('calls upstream', () => {
  test('one page of activity is one GET', async () => {
    const gateway = await openActivityGateway(logOf(3).answer);
    const { data, errors } = await read(gateway, { first: 5 });
    expect(errors).toBeUndefined();
    expect(numbersOf(data)).toEqual([3, 2, 1]);
    expect(gateway.personioCalls().toSorted()).toEqual([
      `GET /v2/webhooks/${ID}`,
      `GET /v2/webhooks/${ID}/activity?limit=5`,
    ]);
  });

  test.each([
    ['webhook', `webhook(id: "${globalId('PERSONIO', ID)}")`],
    ['webhookByProviderId', `webhookByProviderId(provider: PERSONIO, providerId: "${ID}")`],
    ['node', `node(id: "${globalId('PERSONIO', ID)}")`],
  ])('what %s finds is read together with its log: one round trip', async (_name, field) => {
    const asked = new Set<string>();
    const both = createGate();
    const log = logOf(3);
    // Neither is answered before both were asked for.
    const gateway = await openStubGateway({
      personio: async (request) => {
        asked.add(request.url);
        if (asked.size === 2) both.open();
        await both.opened;
        return request.url.includes('/activity') ? log.answer(request) : { body: WEBHOOK_ROW };
      },
    });
    const { data, errors } = await gateway.query(
      `{ ${field} { ...Log } } fragment Log on Webhook { url activity(first: 5) { nodes { attempts } } }`,
    );
    expect(errors).toBeUndefined();
    expect(Object.values(data)).toEqual([
      { url: WEBHOOK_ROW.url, activity: { nodes: [{ attempts: 3 }, { attempts: 2 }, { attempts: 1 }] } },
    ]);
  });

  test('of a webhook that does not exist is heard of no more than the webhook', async () => {
    const gateway = await openStubGateway({ personio: () => ({ status: 404, body: {} }) });
    const { data, errors } = await read(gateway, { first: 5 });
    expect([data, errors?.map(({ path, extensions: { code } }) => [path, code])]).toEqual([
      { webhook: null },
      [[['webhook'], 'NOT_FOUND']],
    ]);
  });

  test('a page without first asks for twenty', async () => {
    const gateway = await openActivityGateway(logOf(1).answer);
    await gateway.query(`{ webhook(id: "${globalId('PERSONIO', ID)}") { activity { nodes { attempts } } } }`);
    expect(activityCalls(gateway)).toEqual([`GET /v2/webhooks/${ID}/activity?limit=20`]);
  });

  test('sequential pages cost one call each, with the cursor and the limit only', async () => {
    const gateway = await openActivityGateway(logOf(7).answer);
    const shown: (number | null)[] = [];
    for (let after: string | null = null, hasNextPage: boolean | undefined = true; hasNextPage; ) {
      const { data }: { data: ActivityData } = await read(gateway, { first: 3, after });
      shown.push(...numbersOf(data));
      ({ hasNextPage, endCursor: after } = pageInfoOf(data));
    }
    expect(shown).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(activityCalls(gateway)).toEqual([
      `GET /v2/webhooks/${ID}/activity?limit=3`,
      `GET /v2/webhooks/${ID}/activity?limit=3&cursor=cur_5`,
      `GET /v2/webhooks/${ID}/activity?limit=3&cursor=cur_2`,
    ]);
  });

  test('pages behind the first repeat the filter', async () => {
    const gateway = await openActivityGateway(logOf(4).answer);
    const filter = { eventName: 'person.updated', isDelivered: false };
    const { data } = await read(gateway, { first: 2, filter });
    await read(gateway, { first: 2, filter, after: pageInfoOf(data).endCursor });
    expect(activityCalls(gateway)).toEqual([
      `GET /v2/webhooks/${ID}/activity?event_name=person.updated&is_delivered=false&limit=2`,
      `GET /v2/webhooks/${ID}/activity?event_name=person.updated&is_delivered=false&limit=2&cursor=cur_3`,
    ]);
  });

  test.each([
    ['2023-01-01T12:00:00.000Z', '2023-01-01T12%3A00%3A00.000Z'],
    ['2023-01-01T12:00:00Z', '2023-01-01T12%3A00%3A00Z'],
    ['2023-01-01T12:00:00+02:00', '2023-01-01T12%3A00%3A00%2B02%3A00'],
    ['2023-01-01T12:00:00.123456Z', '2023-01-01T12%3A00%3A00.123456Z'],
  ])('the time %s goes upstream unchanged', async (time, encoded) => {
    const gateway = await openActivityGateway(logOf(1).answer);
    const { errors } = await read(gateway, { first: 5, filter: { completedAt: { gte: time, lte: time } } });
    expect(errors).toBeUndefined();
    expect(activityCalls(gateway)).toEqual([
      `GET /v2/webhooks/${ID}/activity?completed_at.gte=${encoded}&completed_at.lte=${encoded}&limit=5`,
    ]);
  });

  test('every member of the filter goes upstream, and nothing for those that are null', async () => {
    const gateway = await openActivityGateway(logOf(1).answer);
    await read(gateway, {
      first: 1,
      filter: { isDelivered: true, redeliveryId: '2da86fee-6e01-488b-9071-e6ad49a33c80' },
    });
    await read(gateway, {
      first: 1,
      filter: { completedAt: null, eventName: null, isDelivered: null, redeliveryId: null },
    });
    await read(gateway, { first: 1, filter: null });
    expect(activityCalls(gateway)).toEqual([
      `GET /v2/webhooks/${ID}/activity?is_delivered=true&redelivery_id=2da86fee-6e01-488b-9071-e6ad49a33c80&limit=1`,
      `GET /v2/webhooks/${ID}/activity?limit=1`,
      `GET /v2/webhooks/${ID}/activity?limit=1`,
    ]);
  });

  test('a refused filter is explained in the words of our input', async () => {
    const detail = 'Invalid value for filter: completed_at.gte.';
    const gateway = await openActivityGateway(() => ({
      status: 422,
      body: { errors: [{ title: 'Invalid filter', detail }] },
    }));
    const { data, errors } = await read(gateway, {
      first: 5,
      filter: { completedAt: { gte: '2023-01-01T12:00:00Z' } },
    });
    expect(data.webhook).toEqual({ activity: null });
    expect(errors).toMatchObject([
      {
        path: ['webhook', 'activity'],
        message: detail,
        extensions: {
          code: 'UNPROCESSABLE',
          violations: [{ path: ['filter', 'completedAt', 'gte'], message: detail }],
        },
      },
    ]);
  });
});

describe('cursors', () => {
  test("every edge's cursor leads to exactly what comes behind it", async () => {
    const gateway = await openActivityGateway(logOf(9).answer);
    const { data } = await read(gateway, { first: 9 });
    const edges = data.webhook.activity?.edges ?? [];
    expect(edges).toHaveLength(9);
    for (const [index, edge] of edges.entries()) {
      const rest = await read(gateway, { first: 4, after: edge?.cursor ?? '' });
      expect(numbersOf(rest.data)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1].slice(index + 1, index + 5));
    }
  });

  test('nothing is lost or repeated while new activity arrives between pages', async () => {
    const log = createGrowingLog();
    const gateway = await openActivityGateway((request) => log.answer(request));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(
          fc.record({
            first: fc.integer({ min: 1, max: 12 }),
            // From which of the page's edges to go on; the last one where there are not so many.
            goOnAt: fc.integer({ min: 0, max: 12 }),
            // Half of them at the time of the one before.
            arrivals: fc.array(fc.constantFrom(0, 1000), { maxLength: 6 }),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        async (initial, steps) => {
          for (let entry = 0; entry < initial; entry += 1) log.add(entry % 2 === 0 ? 0 : 1000);
          let expected = log.numbers();
          let after: string | null = null;
          for (const { first, goOnAt, arrivals } of steps) {
            const { data, errors }: Awaited<ReturnType<typeof read>> = await read(gateway, { first, after });
            expect(errors).toBeUndefined();
            const edges = data.webhook.activity?.edges ?? [];
            const shown = numbersOf(data);
            expect(shown).toEqual(expected.slice(0, shown.length));
            expect(shown.length > 0).toBe(expected.length > 0);
            const index = Math.min(goOnAt, edges.length - 1);
            after = edges[index]?.cursor ?? after;
            expected = expected.slice(index + 1);
            for (const laterMs of arrivals) log.add(laterMs);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a cursor in the middle of the first page finds its place again behind hundreds of new entries', async () => {
    const log = logOf(10);
    const gateway = await openActivityGateway(log.answer);
    const { data } = await read(gateway, { first: 10 });
    const after = data.webhook.activity?.edges[3]?.cursor ?? '';
    for (let entry = 0; entry < 450; entry += 1) log.add(0);
    expect(numbersOf((await read(gateway, { first: 3, after })).data)).toEqual([6, 5, 4]);
    // The first page, the search's short first one, and three of 200.
    expect(activityCalls(gateway)).toHaveLength(5);
  });

  test('entries that say the same are all shown', async () => {
    const same = {
      completed_at: '2026-01-01T00:00:00Z',
      event_name: 'person.updated',
      is_delivered: true,
      attempts: 1,
    };
    const rows = [same, same, { ...same, attempts: 2 }, same];
    const gateway = await openActivityGateway(({ url }) => {
      const limit = Number(new URL(url, 'http://upstream').searchParams.get('limit'));
      return personioPage(rows.slice(0, limit));
    });
    const { data } = await read(gateway, { first: 4 });
    const edges = data.webhook.activity?.edges ?? [];
    expect(edges).toHaveLength(4);
    for (const [index, edge] of edges.entries()) {
      const rest = await read(gateway, { first: 4, after: edge?.cursor ?? '' });
      expect(numbersOf(rest.data)).toEqual([1, 1, 2, 1].slice(index + 1));
    }
  });

  test('a cursor works with another gateway, e.g. after a restart', async () => {
    const gateway = await openActivityGateway(logOf(5).answer);
    const { data } = await read(gateway, { first: 2 });
    const restarted = openGateway({
      PERSONIO_BASE_URL: gateway.personio.baseUrl,
      PERSONIO_ACCESS_TOKEN: 'papi-other-token',
    });
    const rest = await read(restarted, { first: 2, after: pageInfoOf(data).endCursor });
    await restarted.close();
    expect(numbersOf(rest.data)).toEqual([3, 2]);
  });

  test('a cursor that is damaged in any character is refused, and nothing is asked upstream', async () => {
    const gateway = await openActivityGateway(logOf(5).answer);
    const { data } = await read(gateway, { first: 2 });
    const cursor = pageInfoOf(data).endCursor ?? '';
    const damaged = Array.from(cursor, (character, index) => {
      const other = character === 'A' ? 'B' : 'A';
      return cursor.slice(0, index) + other + cursor.slice(index + 1);
    });
    const callsBefore = activityCalls(gateway).length;
    for (const after of [...damaged, cursor.slice(1), cursor.slice(0, -1), `${cursor}A`, `${cursor}=`, ` ${cursor}`]) {
      const { errors } = await read(gateway, { first: 2, after });
      expect(errors).toMatchObject([
        { path: ['webhook', 'activity'], extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['after'] }] } },
      ]);
    }
    expect(activityCalls(gateway)).toHaveLength(callsBefore);
  });

  test.each([
    ['empty', ''],
    ['a word', 'abc'],
    ['our own global id', globalId('PERSONIO', ID)],
    ["the upstream's own cursor", 'cur_AKbEjPZsArTP07gbhAaIUILluT52MvY7aab1jJTR3PgwQZ1BzQjplnq8'],
    ['not base64url at all', '💥\0\r\n'],
    ['10 kB long', 'A'.repeat(10_000)],
  ])('a cursor that is %s is refused', async (_what, after) => {
    const gateway = await openActivityGateway(logOf(5).answer);
    const { status, errors } = await read(gateway, { first: 2, after });
    expect(status).toBe(200);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['after'] }] } }]);
    expect(activityCalls(gateway)).toEqual([]);
  });

  test('a cursor of another webhook, filter or list is refused', async () => {
    const gateway = await openStubGateway({
      personio: (request) => {
        if (request.url.includes('/activity')) return logOf(5).answer(request);
        return request.url.startsWith('/v2/webhooks?')
          ? personioPage([WEBHOOK_ROW], 'cur_1')
          : { body: { ...WEBHOOK_ROW, id: request.url.split('/').at(-1) } };
      },
    });
    const plain = pageInfoOf((await read(gateway, { first: 2 })).data).endCursor;
    const filtered = pageInfoOf((await read(gateway, { first: 2, filter: { isDelivered: true } })).data).endCursor;
    const other = pageInfoOf((await read(gateway, { first: 2 }, globalId('PERSONIO', 'other'))).data).endCursor;
    const list = await gateway.query<{ webhooks: { pageInfo: { endCursor: string } } }>(
      '{ webhooks(first: 1) { pageInfo { endCursor } } }',
    );
    const callsBefore = activityCalls(gateway).length;
    for (const foreign of [filtered, other, list.data.webhooks.pageInfo.endCursor]) {
      const { errors } = await read(gateway, { first: 2, after: foreign });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['after'] }] } }]);
    }
    const { errors } = await read(gateway, { first: 2, after: plain, filter: { isDelivered: true } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['after'] }] } }]);
    expect(activityCalls(gateway)).toHaveLength(callsBefore);
  });

  test('a cursor of the upstream as long as a URL can carry works', async () => {
    const row = { completed_at: '2026-01-01T00:00:00Z', event_name: 'person.updated', is_delivered: true, attempts: 1 };
    const long = 'c'.repeat(8_000);
    const gateway = await openActivityGateway(({ url }) =>
      url.includes(long) ? personioPage([{ ...row, attempts: 2 }]) : personioPage([row], long),
    );
    const start = await read(gateway, { first: 1 });
    const next = await read(gateway, { first: 1, after: start.data.webhook.activity?.pageInfo.endCursor ?? null });
    expect(next.errors).toBeUndefined();
    expect(numbersOf(next.data)).toEqual([2]);
  });

  test('a repeated upstream cursor ends the paging', async () => {
    const log = logOf(2);
    const gateway = await openActivityGateway((request) => ({
      body: { ...Object(log.answer(request).body), _meta: { links: { next: { href: '/v2/any?cursor=cur_9' } } } },
    }));
    const first = await read(gateway, { first: 2 });
    const second = await read(gateway, { first: 2, after: pageInfoOf(first.data).endCursor });
    expect(pageInfoOf(first.data).hasNextPage).toBe(true);
    expect(pageInfoOf(second.data).hasNextPage).toBe(false);
  });

  test("the next link's host gets neither a request nor a credential", async () => {
    const elsewhere = await openStubGateway({ personio: () => ({ body: {} }) });
    const href = `${elsewhere.personio.baseUrl}/v2/stolen?cursor=cur_7&token=x`;
    const row = { completed_at: '2026-01-01T00:00:00Z', event_name: 'person.updated', is_delivered: true };
    const gateway = await openActivityGateway(() => ({ body: { _data: [row], _meta: { links: { next: { href } } } } }));
    const { data } = await read(gateway, { first: 1 });
    await read(gateway, { first: 1, after: pageInfoOf(data).endCursor });
    expect(elsewhere.personioCalls()).toEqual([]);
    expect(activityCalls(gateway)).toEqual([
      `GET /v2/webhooks/${ID}/activity?limit=1`,
      `GET /v2/webhooks/${ID}/activity?limit=1&cursor=cur_7`,
    ]);
  });
});

describe('a page that says less than it might', () => {
  test.each([
    ['nothing at all', {}],
    ['no _data', { _meta: { links: {} } }],
    ['no _meta', { _data: [] }],
    ['null for both', { _data: null, _meta: null }],
    ['no links', { _data: [], _meta: {} }],
    ['a next link without an address', { _data: [], _meta: { links: { next: {} } } }],
    [
      'a next link without a cursor',
      { _data: [], _meta: { links: { next: { href: 'https://api.personio.de/v2/x' } } } },
    ],
    ['a next link that is no address', { _data: [], _meta: { links: { next: { href: 'http://[' } } } }],
  ])('%s is an empty last page', async (_what, body) => {
    const gateway = await openActivityGateway(() => ({ body }));
    const { data, errors } = await read(gateway, { first: 3 });
    expect(errors).toBeUndefined();
    expect(data.webhook.activity).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  test('an empty page with a next link is passed over', async () => {
    const row = { completed_at: '2026-01-01T00:00:00Z', event_name: 'person.updated', is_delivered: true, attempts: 1 };
    const gateway = await openActivityGateway(({ url }) =>
      url.includes('cursor=cur_2') ? personioPage([row]) : personioPage([], url.includes('cursor') ? 'cur_2' : 'cur_1'),
    );
    const { data } = await read(gateway, { first: 3 });
    expect(numbersOf(data)).toEqual([1]);
    expect(activityCalls(gateway)).toHaveLength(3);
  });

  test('empty pages without end are given up after ten', async () => {
    let page = 0;
    const gateway = await openActivityGateway(() => {
      page += 1;
      return personioPage([], `cur_${page}`);
    });
    const { data, errors } = await read(gateway, { first: 3 });
    expect(errors).toBeUndefined();
    expect(numbersOf(data)).toEqual([]);
    expect(activityCalls(gateway)).toHaveLength(10);
  });

  test('what lies behind more than ten empty pages is reached by the end cursor', async () => {
    const row = { completed_at: '2026-01-01T00:00:00Z', event_name: 'person.updated', is_delivered: true, attempts: 1 };
    const gateway = await openActivityGateway(({ url }) => {
      const page = Number(/cur_(\d+)/.exec(url)?.[1] ?? 0);
      return page < 12 ? personioPage([], `cur_${page + 1}`) : personioPage([row]);
    });
    const start = await read(gateway, { first: 3 });
    expect(start.data.webhook.activity?.pageInfo.hasNextPage).toBe(true);
    const next = await read(gateway, { first: 3, after: start.data.webhook.activity?.pageInfo.endCursor ?? null });
    expect(numbersOf(next.data)).toEqual([1]);
    expect(next.data.webhook.activity?.pageInfo.hasNextPage).toBe(false);
    expect(activityCalls(gateway)).toHaveLength(13);
  });

  test('a body that is no page is UPSTREAM_INVALID_RESPONSE', async () => {
    for (const body of [[], null, 7, { _data: {} }, { _data: 'rows' }]) {
      const gateway = await openActivityGateway(() => ({ body: JSON.stringify(body) }));
      const { data, errors } = await read(gateway, { first: 3 });
      expect(data.webhook).toEqual({ activity: null });
      expect(errors).toMatchObject([
        { extensions: { code: 'UPSTREAM_INVALID_RESPONSE', provider: 'PERSONIO', retryable: false } },
      ]);
    }
  });

  test.each([
    ['completed_at is missing', { event_name: 'person.updated', is_delivered: true }],
    ['completed_at is no time', { completed_at: 'yesterday', event_name: 'person.updated', is_delivered: true }],
    ['event_name is missing', { completed_at: '2026-01-01T00:00:00Z', is_delivered: true }],
    [
      'is_delivered is a text',
      { completed_at: '2026-01-01T00:00:00Z', event_name: 'person.updated', is_delivered: 'true' },
    ],
    ['it is null', null],
  ])('an entry where %s is one null edge with its error', async (_what, badRow) => {
    const row = { completed_at: '2026-01-01T00:00:00Z', event_name: 'person.updated', is_delivered: true, attempts: 1 };
    const gateway = await openActivityGateway(() => personioPage([row, badRow, { ...row, attempts: 2 }]));
    const { data, errors } = await read(gateway, { first: 5 });
    expect(numbersOf(data)).toEqual([1, null, 2]);
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['webhook.activity.edges.1', 'UPSTREAM_INVALID_RESPONSE'],
      ['webhook.activity.nodes.1', 'UPSTREAM_INVALID_RESPONSE'],
    ]);
  });
});

test('the activity of a TruLayer webhook is null without an error, and costs no call', async () => {
  const gateway = await openStubGateway({ trulayer: () => ({ body: { webhooks: trulayerWebhooks(1) } }) });
  const { data, errors } = await read(
    gateway,
    { first: 5 },
    globalId('TRULAYER', '018f1234-5678-7abc-def0-000000000001'),
  );
  expect(errors).toBeUndefined();
  expect(data.webhook).toEqual({ activity: null });
  expect(gateway.trulayerCalls()).toEqual(['GET /v1/webhooks']);
});

describe('in the sandbox', () => {
  let gateway: Awaited<ReturnType<typeof openSandboxGateway>>;
  beforeAll(async () => {
    gateway = await openSandboxGateway();
  });
  afterAll(() => gateway.close());

  test.each([7, 50, 200])('paging with first %i shows the whole log exactly once', async (first) => {
    const id = globalId('PERSONIO', 'ba4e0007-52c1-4d38-8e02-6a9f1c3b7d07');
    const shown: (Activity | null)[] = [];
    for (let after: string | null = null, hasNextPage: boolean | undefined = true; hasNextPage; ) {
      const { data, errors }: Awaited<ReturnType<typeof read>> = await read(gateway, { first, after }, id);
      expect(errors).toBeUndefined();
      shown.push(...(data.webhook.activity?.nodes ?? []));
      ({ hasNextPage, endCursor: after } = pageInfoOf(data));
    }
    const whole = (await read(gateway, { first: 200 }, id)).data.webhook.activity?.nodes ?? [];
    expect(shown.slice(0, 200)).toEqual(whole);
    const times = shown.map((entry) => Date.parse(entry?.completedAt ?? ''));
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  test('isDelivered: false shows the failures only', async () => {
    const { data, errors } = await gateway.query<{ webhook: { activity: { nodes: { isDelivered: boolean }[] } } }>(
      'query($id: ID!) { webhook(id: $id) { activity(first: 20, filter: { isDelivered: false }) { nodes { isDelivered } } } }',
      { id: globalId('PERSONIO', 'f4111196-3c5a-4f0e-8a51-5000500050c3') },
    );
    expect(errors).toBeUndefined();
    expect(data.webhook.activity.nodes).toEqual(Array(20).fill({ isDelivered: false }));
  });
});

test('two pages of one log in one operation are told apart', async () => {
  const log = logOf(6);
  const gateway = await openActivityGateway((request) => log.answer(request));
  const first = await read(gateway, { first: 2 });
  const { data } = await gateway.query<Record<'newer' | 'older', NonNullable<ActivityData['webhook']>>>(
    `query ($id: ID!, $after: String) {
      newer: webhook(id: $id) { activity(first: 2) { nodes { attempts } } }
      older: webhook(id: $id) { activity(first: 2, after: $after) { nodes { attempts } } }
    }`,
    { id: globalId('PERSONIO', ID), after: pageInfoOf(first.data).endCursor },
  );
  expect([data.newer, data.older].map(({ activity }) => activity?.nodes.map((node) => node?.attempts))).toEqual([
    [6, 5],
    [4, 3],
  ]);
});

test('a page that is refused costs the activity alone, where it is read ahead as well', async () => {
  const gateway = await openActivityGateway(() => personioPage([]));
  const { data, errors } = await gateway.query(
    'query ($id: ID!) { webhook(id: $id) { url activity(first: 201) { nodes { attempts } } } }',
    { id: globalId('PERSONIO', ID) },
  );
  expect(data).toEqual({ webhook: { url: WEBHOOK_ROW.url, activity: null } });
  expect(errors).toMatchObject([{ path: ['webhook', 'activity'], extensions: { code: 'BAD_USER_INPUT' } }]);
});
