import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forgeListCursor } from '../support/forged-cursor.ts';
import { createGate } from '../support/gate.ts';
import type { ClientError } from '../support/gateway.ts';
import { openSandboxGateway } from '../support/gateway.ts';
import { globalId, openStubGateway } from '../support/stub-gateway.ts';
import {
  pagedPersonio,
  personioPage,
  personioWebhooks,
  trulayerId,
  trulayerWebhooks,
} from '../support/upstream-rows.ts';

interface WebhooksData {
  readonly webhooks: {
    readonly edges: readonly ({ readonly cursor: string; readonly node: { readonly providerId: string } } | null)[];
    readonly nodes: readonly ({ readonly providerId: string } | null)[];
    readonly pageInfo: {
      readonly hasNextPage: boolean;
      readonly hasPreviousPage: boolean;
      readonly startCursor: string | null;
      readonly endCursor: string | null;
    };
    readonly unavailableProviders: readonly string[];
  };
}

interface Variables {
  readonly first?: number;
  readonly after?: string | null;
  readonly filter?: Readonly<Record<string, unknown>>;
}

const WEBHOOKS = `query Webhooks($first: Int, $after: String, $filter: WebhookFilter) {
  webhooks(first: $first, after: $after, filter: $filter) {
    edges { cursor node { providerId } }
    nodes { providerId }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    unavailableProviders
  }
}`;

const OUTAGE = () => ({ status: 503, body: 'down' });
const trulayerList = (count: number) => () => ({ body: { webhooks: trulayerWebhooks(count) } });

function idsOf({ webhooks }: WebhooksData): readonly (string | null)[] {
  return webhooks.edges.map((edge) => edge?.node.providerId ?? null);
}

function summaryOf(errors: readonly ClientError[] | undefined) {
  return errors?.map(({ path, extensions: { code, provider } }) => ({ path: path?.join('.'), code, provider }));
}

describe('in the sandbox', () => {
  let gateway: Awaited<ReturnType<typeof openSandboxGateway>>;
  beforeAll(async () => {
    gateway = await openSandboxGateway();
  });
  afterAll(() => gateway.close());

  const read = (variables: Variables) => gateway.query<WebhooksData, Variables>(WEBHOOKS, { first: 200, ...variables });

  test('webhooks of both providers stand in one list, in the order of the enum', async () => {
    const { data, errors } = await gateway.query<{ webhooks: { nodes: { provider: string }[] } }>(
      '{ webhooks(first: 200) { nodes { provider } } }',
    );
    expect(errors).toBeUndefined();
    const providers = data.webhooks.nodes.map(({ provider }) => provider);
    expect(new Set(providers)).toEqual(new Set(['PERSONIO', 'TRULAYER']));
    expect(providers).toEqual([...providers].sort());
  });

  test.each([1, 2, 3, 4, 5, 7, 10, 15, 16, 17, 20, 21, 22, 23, 200])(
    'paging with first %i shows the whole list exactly once',
    async (first) => {
      const whole = idsOf((await read({})).data);
      const seen: (string | null)[] = [];
      for (let after: string | null = null, hasNextPage = true; hasNextPage; ) {
        const { data, errors } = await read({ first, after });
        expect(errors).toBeUndefined();
        const { pageInfo } = data.webhooks;
        expect(pageInfo.hasPreviousPage).toBe(after !== null);
        seen.push(...idsOf(data));
        ({ hasNextPage, endCursor: after } = pageInfo);
      }
      expect(seen).toEqual(whole);
    },
  );

  test("every edge's cursor leads to exactly what comes behind it", async () => {
    const { data } = await read({});
    const whole = idsOf(data);
    for (const [index, edge] of data.webhooks.edges.entries()) {
      const rest = await read({ first: 3, after: edge?.cursor ?? '' });
      expect(idsOf(rest.data)).toEqual(whole.slice(index + 1, index + 4));
      expect(rest.data.webhooks.pageInfo.hasNextPage).toBe(whole.length > index + 4);
    }
  });

  test('startCursor and endCursor are those of the first and the last edge', async () => {
    const { data } = await read({ first: 5 });
    const { edges, pageInfo } = data.webhooks;
    expect(pageInfo.startCursor).toBe(edges[0]?.cursor);
    expect(pageInfo.endCursor).toBe(edges[4]?.cursor);
  });

  test('a filter by provider shows that provider only', async () => {
    const { data, errors } = await read({ filter: { providers: ['TRULAYER'] } });
    expect(errors).toBeUndefined();
    expect(idsOf(data)).toEqual(
      [1, 2, 3, 4, 5, 6].map((number) => (number === 1 ? '018f1234-5678-7abc-def0-123456789abc' : trulayerId(number))),
    );
  });

  test('a filter by status holds for every provider', async () => {
    const { data } = await read({ filter: { status: 'DISABLED' } });
    expect(idsOf(data)).toEqual([
      '2e4324b0-1b0e-11ee-a7f7-e37ffd9b3a44',
      '40e7e215-3b8f-4d1a-9c62-8a7e5f0d1b15',
      '1e6acf16-5e0a-4f2c-b7d4-6c9b1a3e8d16',
      '018f1234-5678-7abc-def0-000000000002',
    ]);
  });
});

describe('what is asked upstream', () => {
  test('the first page asks all providers at once', async () => {
    const arrivals = { personio: createGate(), trulayer: createGate() };
    const gateway = await openStubGateway({
      personio: async () => {
        arrivals.personio.open();
        await arrivals.trulayer.opened;
        return personioPage(personioWebhooks(1));
      },
      trulayer: async () => {
        arrivals.trulayer.open();
        await arrivals.personio.opened;
        return { body: { webhooks: trulayerWebhooks(1) } };
      },
      environment: { OPERATION_TIMEOUT_MS: '3000' },
    });
    const { data, errors } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 10 });
    expect(errors).toBeUndefined();
    expect(idsOf(data)).toEqual(['hook-1', trulayerId(1)]);
  });

  test('the first page costs one call at each provider', async () => {
    const gateway = await openStubGateway({ personio: () => personioPage([]), trulayer: trulayerList(0) });
    const { data } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 50 });
    expect(idsOf(data)).toEqual([]);
    expect(data.webhooks.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    });
    expect(gateway.personioCalls()).toEqual(['GET /v2/webhooks?limit=50']);
    expect(gateway.trulayerCalls()).toEqual(['GET /v1/webhooks']);
  });

  test('pages behind the first cost one call each while one provider fills them', async () => {
    const gateway = await openStubGateway({ personio: pagedPersonio(personioWebhooks(9)), trulayer: trulayerList(1) });
    let after: string | null = null;
    for (let page = 0; page < 3; page += 1) {
      const { data }: { data: WebhooksData } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 3, after });
      after = data.webhooks.pageInfo.endCursor;
    }
    expect(gateway.personioCalls()).toEqual([
      'GET /v2/webhooks?limit=3',
      'GET /v2/webhooks?limit=3&cursor=cur_3',
      'GET /v2/webhooks?limit=3&cursor=cur_6',
    ]);
    // The first page asks everyone; the third, full at last, needs to know whether there is a next one.
    expect(gateway.trulayerCalls()).toEqual(['GET /v1/webhooks', 'GET /v1/webhooks']);
  });

  test("a provider whose page is short is read to its end before the next one's webhooks follow", async () => {
    const rows = personioWebhooks(4);
    const gateway = await openStubGateway({
      personio: ({ url }) =>
        url.includes('cursor') ? personioPage(rows.slice(2)) : personioPage(rows.slice(0, 2), 'cur_2'),
      trulayer: trulayerList(1),
    });
    const start = await gateway.query<WebhooksData>(WEBHOOKS, { first: 10 });
    expect(idsOf(start.data)).toEqual(['hook-1', 'hook-2']);
    expect(start.data.webhooks.pageInfo.hasNextPage).toBe(true);
    const next = await gateway.query<WebhooksData>(WEBHOOKS, {
      first: 10,
      after: start.data.webhooks.pageInfo.endCursor,
    });
    expect(idsOf(next.data)).toEqual(['hook-3', 'hook-4', trulayerId(1)]);
    expect(next.data.webhooks.pageInfo.hasNextPage).toBe(false);
  });

  test('the largest page behind a cursor within a page of Personio keeps the order too', async () => {
    const gateway = await openStubGateway({
      personio: pagedPersonio(personioWebhooks(230)),
      trulayer: trulayerList(1),
    });
    const start = await gateway.query<WebhooksData>(WEBHOOKS, { first: 20 });
    const after = start.data.webhooks.edges[9]?.cursor ?? null;
    const { data } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 200, after });
    expect(idsOf(data)).toEqual(
      personioWebhooks(200)
        .slice(10)
        .map(({ id }) => id),
    );
    const last = await gateway.query<WebhooksData>(WEBHOOKS, {
      first: 200,
      after: data.webhooks.pageInfo.endCursor,
    });
    expect(idsOf(last.data)).toHaveLength(31);
    expect(idsOf(last.data).at(-1)).toBe(trulayerId(1));
  });

  test('status and enabledEvent go to Personio byte by byte, and are repeated on every page', async () => {
    const gateway = await openStubGateway({ personio: pagedPersonio(personioWebhooks(2)) });
    const filter = { status: 'ENABLED', enabledEvent: 'employment.updated.cost-centers & more/ü' };
    const { data } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 1, filter });
    await gateway.query(WEBHOOKS, { first: 1, filter, after: data.webhooks.pageInfo.endCursor });
    const query = 'enabled_events=employment.updated.cost-centers%20%26%20more%2F%C3%BC&status=ENABLED&limit=1';
    expect(gateway.personioCalls()).toEqual([`GET /v2/webhooks?${query}`, `GET /v2/webhooks?${query}&cursor=cur_1`]);
  });

  test("TruLayer's one list is filtered here", async () => {
    const gateway = await openStubGateway({ trulayer: trulayerList(4) });
    const disabled = await gateway.query<WebhooksData>(WEBHOOKS, { filter: { status: 'DISABLED' }, first: 5 });
    const other = await gateway.query<WebhooksData>(WEBHOOKS, { filter: { enabledEvent: 'person.updated' }, first: 5 });
    const failures = await gateway.query<WebhooksData>(WEBHOOKS, {
      filter: { enabledEvent: 'failure.detected' },
      first: 1,
    });
    expect(idsOf(disabled.data)).toEqual([trulayerId(2), trulayerId(4)]);
    expect(idsOf(other.data)).toEqual([]);
    expect(idsOf(failures.data)).toEqual([trulayerId(1)]);
    expect(gateway.trulayerCalls()).toEqual(Array(3).fill('GET /v1/webhooks'));
  });

  test('a webhook of TruLayer whose events cannot be read matches no event', async () => {
    const [first, second] = trulayerWebhooks(2);
    const gateway = await openStubGateway({
      trulayer: () => ({ body: { webhooks: [{ ...first, events: 'failure.detected' }, second] } }),
    });
    const { data } = await gateway.query<WebhooksData>(WEBHOOKS, {
      filter: { enabledEvent: 'failure.detected' },
      first: 5,
    });
    expect(idsOf(data)).toEqual([trulayerId(2)]);
  });

  test('a webhook of TruLayer whose status cannot be read matches no status', async () => {
    const [first, second] = trulayerWebhooks(2);
    const gateway = await openStubGateway({
      trulayer: () => ({
        body: {
          webhooks: [
            { ...first, enabled: 'yes' },
            { ...second, enabled: true },
          ],
        },
      }),
    });
    for (const [status, ids] of [
      ['ENABLED', [trulayerId(2)]],
      ['DISABLED', []],
    ] as const) {
      const { data } = await gateway.query<WebhooksData>(WEBHOOKS, { filter: { status }, first: 5 });
      expect(idsOf(data)).toEqual(ids);
    }
  });

  test('a list of TruLayer that is longer than ten thousand is not read', async () => {
    const rows = Array<null>(10_001).fill(null);
    const gateway = await openStubGateway({ trulayer: () => ({ body: { webhooks: rows } }) });
    const { data, errors } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 5 });
    expect(idsOf(data)).toEqual([null]);
    expect(summaryOf(errors)?.[0]).toMatchObject({ path: 'webhooks.edges.0', code: 'UPSTREAM_INVALID_RESPONSE' });
  });

  test('one of TruLayer that cannot be read is told of with any filter: it may be what is looked for', async () => {
    const gateway = await openStubGateway({
      trulayer: () => ({ body: { webhooks: [{ id: 'x' }, ...trulayerWebhooks(1)] } }),
    });
    const { data, errors } = await gateway.query<WebhooksData>(WEBHOOKS, { filter: { status: 'ENABLED' }, first: 5 });
    expect(idsOf(data)).toEqual([null, trulayerId(1)]);
    expect(summaryOf(errors)?.[0]).toMatchObject({ path: 'webhooks.edges.0', code: 'UPSTREAM_INVALID_RESPONSE' });
  });

  test('the cursors of a list lead on in that list, however often another one was answered from the same page', async () => {
    const gateway = await openStubGateway({ personio: pagedPersonio(personioWebhooks(3)) });
    for (let asked = 0; asked < 3; asked += 1) await gateway.query<WebhooksData>(WEBHOOKS, { first: 2 });
    const filter = { providers: ['PERSONIO'] };
    const { data } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 2, filter });
    const after = data.webhooks.pageInfo.endCursor;
    const next = await gateway.query<WebhooksData>(WEBHOOKS, { first: 2, filter, after });
    expect(next.errors).toBeUndefined();
    expect(idsOf(next.data)).toEqual(['hook-3']);
  });

  test('a provider that the filter leaves out is not asked', async () => {
    const gateway = await openStubGateway({
      personio: () => personioPage(personioWebhooks(1)),
      trulayer: trulayerList(1),
    });
    await gateway.query(WEBHOOKS, { first: 5, filter: { providers: ['TRULAYER'] } });
    expect(gateway.personioCalls()).toEqual([]);
  });

  test('twenty webhooks with their activity cost one list and one call each', async () => {
    const list = pagedPersonio(personioWebhooks(20));
    const gateway = await openStubGateway({
      personio: (request) => (request.url.startsWith('/v2/webhooks?') ? list(request) : personioPage([])),
    });
    const { errors } = await gateway.query(
      '{ webhooks(first: 20) { nodes { activity(first: 5) { nodes { eventName } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(gateway.personioCalls()).toHaveLength(21);
  });

  test('the same list asked for twice in one operation is read once', async () => {
    const gateway = await openStubGateway({
      personio: () => personioPage(personioWebhooks(1)),
      trulayer: trulayerList(1),
    });
    await gateway.query('{ a: webhooks(first: 5) { nodes { id } } b: webhooks(first: 5) { nodes { url } } }');
    expect(gateway.personioCalls()).toHaveLength(1);
    expect(gateway.trulayerCalls()).toHaveLength(1);
  });
});

describe('a provider that fails', () => {
  test('takes one null edge and one null node with its error, and counts not in first', async () => {
    const gateway = await openStubGateway({ personio: OUTAGE, trulayer: trulayerList(2) });
    const { status, data, errors } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 2 });
    expect(status).toBe(200);
    expect(idsOf(data)).toEqual([null, trulayerId(1), trulayerId(2)]);
    expect(data.webhooks.nodes).toEqual([null, { providerId: trulayerId(1) }, { providerId: trulayerId(2) }]);
    expect(data.webhooks.unavailableProviders).toEqual(['PERSONIO']);
    expect(summaryOf(errors)).toEqual([
      { path: 'webhooks.edges.0', code: 'UPSTREAM_UNAVAILABLE', provider: 'PERSONIO' },
      { path: 'webhooks.nodes.0', code: 'UPSTREAM_UNAVAILABLE', provider: 'PERSONIO' },
    ]);
  });

  test('stands at its own place, behind the providers before it', async () => {
    const gateway = await openStubGateway({ personio: () => personioPage(personioWebhooks(2)), trulayer: OUTAGE });
    const { data, errors } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 50 });
    expect(idsOf(data)).toEqual(['hook-1', 'hook-2', null]);
    expect(data.webhooks.unavailableProviders).toEqual(['TRULAYER']);
    expect(summaryOf(errors)).toEqual([
      { path: 'webhooks.edges.2', code: 'UPSTREAM_UNAVAILABLE', provider: 'TRULAYER' },
      { path: 'webhooks.nodes.2', code: 'UPSTREAM_UNAVAILABLE', provider: 'TRULAYER' },
    ]);
  });

  test('makes no next page, but endCursor asks it again', async () => {
    let isDown = true;
    const gateway = await openStubGateway({
      personio: () => (isDown ? OUTAGE() : personioPage(personioWebhooks(2))),
      trulayer: trulayerList(1),
    });
    const { data } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 10 });
    expect(data.webhooks.pageInfo.hasNextPage).toBe(false);
    isDown = false;
    const next = await gateway.query<WebhooksData>(WEBHOOKS, { first: 10, after: data.webhooks.pageInfo.endCursor });
    expect(next.errors).toBeUndefined();
    expect(idsOf(next.data)).toEqual(['hook-1', 'hook-2']);
    expect(next.data.webhooks.pageInfo.hasNextPage).toBe(false);
    expect(gateway.trulayerCalls()).toHaveLength(1);
  });

  test('in the middle of paging is asked again from where it stood', async () => {
    const list = pagedPersonio(personioWebhooks(5));
    let isDown = false;
    const gateway = await openStubGateway({
      personio: (request) => (isDown ? OUTAGE() : list(request)),
      trulayer: trulayerList(1),
    });
    const read = async (after: string | null) =>
      (await gateway.query<WebhooksData>(WEBHOOKS, { first: 2, after })).data;
    const first = await read(null);
    isDown = true;
    const second = await read(first.webhooks.pageInfo.endCursor);
    isDown = false;
    const third = await read(second.webhooks.pageInfo.endCursor);
    const fourth = await read(third.webhooks.pageInfo.endCursor);
    expect([first, second, third, fourth].map(idsOf)).toEqual([
      ['hook-1', 'hook-2'],
      [null, trulayerId(1)],
      ['hook-3', 'hook-4'],
      ['hook-5'],
    ]);
    expect([first, second, third, fourth].map(({ webhooks }) => webhooks.pageInfo.hasNextPage)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test('while it stays down, endCursor keeps asking it without repeating the others', async () => {
    const gateway = await openStubGateway({ personio: OUTAGE, trulayer: trulayerList(1) });
    const { data } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 10 });
    const again = await gateway.query<WebhooksData>(WEBHOOKS, { first: 10, after: data.webhooks.pageInfo.endCursor });
    expect(idsOf(again.data)).toEqual([null]);
    expect(again.data.webhooks.unavailableProviders).toEqual(['PERSONIO']);
    expect(again.data.webhooks.pageInfo).toMatchObject({ hasNextPage: false, startCursor: null });
    expect(again.data.webhooks.pageInfo.endCursor).not.toBeNull();
  });

  test('never takes the other with it: with both down there are two null edges', async () => {
    const gateway = await openStubGateway({
      personio: OUTAGE,
      trulayer: () => ({ status: 429, body: { error: 'rate limit exceeded' } }),
    });
    const { data, errors } = await gateway.query<WebhooksData>(
      '{ webhooks { edges { cursor } nodes { id } pageInfo { hasNextPage endCursor } unavailableProviders } }',
    );
    expect(data.webhooks.edges).toEqual([null, null]);
    expect(data.webhooks.nodes).toEqual([null, null]);
    expect(data.webhooks.unavailableProviders).toEqual(['PERSONIO', 'TRULAYER']);
    expect(data.webhooks.pageInfo.hasNextPage).toBe(false);
    expect(summaryOf(errors)).toEqual([
      { path: 'webhooks.edges.0', code: 'UPSTREAM_UNAVAILABLE', provider: 'PERSONIO' },
      { path: 'webhooks.edges.1', code: 'RATE_LIMITED', provider: 'TRULAYER' },
      { path: 'webhooks.nodes.0', code: 'UPSTREAM_UNAVAILABLE', provider: 'PERSONIO' },
      { path: 'webhooks.nodes.1', code: 'RATE_LIMITED', provider: 'TRULAYER' },
    ]);
  });

  test('with both down, endCursor asks both again', async () => {
    let isDown = true;
    const gateway = await openStubGateway({
      personio: () => (isDown ? OUTAGE() : personioPage(personioWebhooks(1))),
      trulayer: () => (isDown ? OUTAGE() : { body: { webhooks: trulayerWebhooks(1) } }),
    });
    const { data } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 10 });
    isDown = false;
    const next = await gateway.query<WebhooksData>(WEBHOOKS, { first: 10, after: data.webhooks.pageInfo.endCursor });
    expect(idsOf(next.data)).toEqual(['hook-1', trulayerId(1)]);
  });

  test('says which argument it refuses, in the words of our input', async () => {
    const problem = {
      title: 'Invalid value for filter: enabled_events',
      detail: 'Invalid value for filter: enabled_events.',
    };
    const gateway = await openStubGateway({ personio: () => ({ status: 422, body: { errors: [problem] } }) });
    const { errors } = await gateway.query<WebhooksData>(
      '{ webhooks(filter: { enabledEvent: "nonsense" }) { edges { cursor } } }',
    );
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'UNPROCESSABLE',
      violations: [{ path: ['filter', 'enabledEvent'], message: 'Invalid value for filter: enabled_events.' }],
    });
  });

  test('whose answer is no page of the contract is UPSTREAM_INVALID_RESPONSE', async () => {
    const gateway = await openStubGateway({
      personio: () => ({ body: { _data: 'none' } }),
      trulayer: () => ({ body: [] }),
    });
    const { errors } = await gateway.query<WebhooksData>('{ webhooks { edges { cursor } } }');
    expect(summaryOf(errors)).toEqual([
      { path: 'webhooks.edges.0', code: 'UPSTREAM_INVALID_RESPONSE', provider: 'PERSONIO' },
      { path: 'webhooks.edges.1', code: 'UPSTREAM_INVALID_RESPONSE', provider: 'TRULAYER' },
    ]);
  });

  test('whose page is longer than anybody asked for is one error, not one for each of its entries', async () => {
    const gateway = await openStubGateway({
      personio: () => ({ body: { _data: Array(201).fill(0) } }),
      trulayer: () => ({ body: { webhooks: Array(10_001).fill(0) } }),
    });
    const { errors } = await gateway.query<WebhooksData>('{ webhooks(first: 200) { edges { cursor } } }');
    expect(summaryOf(errors)).toEqual([
      { path: 'webhooks.edges.0', code: 'UPSTREAM_INVALID_RESPONSE', provider: 'PERSONIO' },
      { path: 'webhooks.edges.1', code: 'UPSTREAM_INVALID_RESPONSE', provider: 'TRULAYER' },
    ]);
  });
});

describe('a provider without credentials', () => {
  test('is absent from the list, and not called unavailable', async () => {
    const gateway = await openStubGateway({ trulayer: trulayerList(1) });
    const { data, errors } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 5 });
    expect(errors).toBeUndefined();
    expect(idsOf(data)).toEqual([trulayerId(1)]);
    expect(data.webhooks.unavailableProviders).toEqual([]);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test('that the filter names is a null edge with PROVIDER_NOT_CONFIGURED', async () => {
    const gateway = await openStubGateway({ trulayer: trulayerList(1) });
    const { data, errors } = await gateway.query<WebhooksData>(WEBHOOKS, {
      first: 5,
      filter: { providers: ['TRULAYER', 'PERSONIO'] },
    });
    expect(idsOf(data)).toEqual([null, trulayerId(1)]);
    expect(data.webhooks.unavailableProviders).toEqual(['PERSONIO']);
    expect(errors?.[0]).toMatchObject({
      path: ['webhooks', 'edges', 0],
      message: 'This gateway has no credentials for PERSONIO.',
      extensions: { code: 'PROVIDER_NOT_CONFIGURED', provider: 'PERSONIO', retryable: false },
    });
    expect(errors?.[0]?.extensions).not.toHaveProperty('upstream');
  });
});

describe('a row that the contract does not allow', () => {
  test.each([
    ['without an id', { url: 'https://example.com/x', description: 'x' }],
    ['with an id that is no text', { id: 7, url: 'https://example.com/x', description: 'x' }],
    ['without a url', { id: 'x', description: 'x' }],
    ['with a url that is none', { id: 'x', url: 'not a url', description: 'x' }],
    ['without a description', { id: 'x', url: 'https://example.com/x' }],
    ['that is null', null],
    ['that is a text', 'row'],
    ['that is a list', []],
  ])('%s is one null edge with UPSTREAM_INVALID_RESPONSE, and the page goes on', async (_what, badRow) => {
    const [first, second] = personioWebhooks(2);
    const gateway = await openStubGateway({ personio: () => personioPage([first, badRow, second]) });
    const { data, errors } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 5 });
    expect(idsOf(data)).toEqual(['hook-1', null, 'hook-2']);
    expect(data.webhooks.unavailableProviders).toEqual([]);
    expect(summaryOf(errors)).toEqual([
      { path: 'webhooks.edges.1', code: 'UPSTREAM_INVALID_RESPONSE', provider: 'PERSONIO' },
      { path: 'webhooks.nodes.1', code: 'UPSTREAM_INVALID_RESPONSE', provider: 'PERSONIO' },
    ]);
  });

  test('at the end of a page does not stop the paging', async () => {
    const [first, second] = personioWebhooks(2);
    const gateway = await openStubGateway({ personio: pagedPersonio([first, {}, second]) });
    const page = await gateway.query<WebhooksData>(WEBHOOKS, { first: 2 });
    expect(idsOf(page.data)).toEqual(['hook-1', null]);
    const next = await gateway.query<WebhooksData>(WEBHOOKS, {
      first: 2,
      after: page.data.webhooks.pageInfo.endCursor,
    });
    expect(idsOf(next.data)).toEqual(['hook-2']);
  });

  test('of TruLayer costs its own place only', async () => {
    const gateway = await openStubGateway({
      trulayer: () => ({ body: { webhooks: [{ id: 'x' }, ...trulayerWebhooks(1)] } }),
    });
    const { data, errors } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 5 });
    expect(idsOf(data)).toEqual([null, trulayerId(1)]);
    expect(summaryOf(errors)?.[0]).toEqual({
      path: 'webhooks.edges.0',
      code: 'UPSTREAM_INVALID_RESPONSE',
      provider: 'TRULAYER',
    });
  });
});

describe('a cursor', () => {
  test('from another filter is refused', async () => {
    const gateway = await openStubGateway({ personio: pagedPersonio(personioWebhooks(3)) });
    const { data } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 1 });
    const { status, errors } = await gateway.query(WEBHOOKS, {
      first: 1,
      after: data.webhooks.pageInfo.endCursor,
      filter: { status: 'ENABLED' },
    });
    expect(status).toBe(200);
    expect(errors).toMatchObject([
      { path: ['webhooks'], extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['after'] }] } },
    ]);
    expect(gateway.personioCalls()).toHaveLength(1);
  });

  test.each([
    ['a list', []],
    ['a text', 'end'],
    ['nothing', null],
    ['a provider that there is none of', { constructor: 'end' }],
    ['a place before the beginning', { PERSONIO: { cursor: null, offset: -1, anchor: null, nth: 0 } }],
  ])('that somebody has made up is refused where it tells of %s', async (_what, position) => {
    const gateway = await openStubGateway({ personio: pagedPersonio(personioWebhooks(3)) });
    const { errors } = await gateway.query(WEBHOOKS, { first: 1, after: forgeListCursor(position) });
    expect(errors).toMatchObject([
      {
        message: 'The cursor is damaged; use one exactly as it was given out.',
        extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['after'] }] },
      },
    ]);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test('outlives the webhook in front of it', async () => {
    let rows = personioWebhooks(4);
    const gateway = await openStubGateway({ personio: () => personioPage(rows) });
    const { data } = await gateway.query<WebhooksData>(WEBHOOKS, { first: 2 });
    rows = rows.filter(({ id }) => id !== 'hook-1');
    const next = await gateway.query<WebhooksData>(WEBHOOKS, { first: 2, after: data.webhooks.pageInfo.endCursor });
    expect(idsOf(next.data)).toEqual(['hook-3', 'hook-4']);
  });

  test('leads on behind empty pages', async () => {
    const gateway = await openStubGateway({
      personio: ({ url }) => {
        const page = Number(/cur_(\d+)/.exec(url)?.[1] ?? 0);
        return page < 12 ? personioPage([], `cur_${page + 1}`) : personioPage(personioWebhooks(1));
      },
    });
    const start = await gateway.query<WebhooksData>(WEBHOOKS, { first: 5 });
    expect(start.data.webhooks.pageInfo).toMatchObject({ hasNextPage: true, startCursor: null });
    const next = await gateway.query<WebhooksData>(WEBHOOKS, {
      first: 5,
      after: start.data.webhooks.pageInfo.endCursor,
    });
    expect(idsOf(next.data)).toEqual(['hook-1']);
    expect(gateway.personioCalls()).toHaveLength(13);
  });

  test('that repeats upstream ends the paging', async () => {
    const gateway = await openStubGateway({ personio: () => personioPage(personioWebhooks(2), 'cur_same') });
    const first = await gateway.query<WebhooksData>(WEBHOOKS, { first: 2 });
    const second = await gateway.query<WebhooksData>(WEBHOOKS, {
      first: 2,
      after: first.data.webhooks.pageInfo.endCursor,
    });
    expect(first.data.webhooks.pageInfo.hasNextPage).toBe(true);
    expect(second.data.webhooks.pageInfo.hasNextPage).toBe(false);
  });
});

test('the global id of a listed webhook reads it without another call in the same operation', async () => {
  const gateway = await openStubGateway({ personio: () => personioPage(personioWebhooks(1)) });
  const { data } = await gateway.query<{ webhooks: { nodes: { id: string }[] } }>('{ webhooks { nodes { id } } }');
  expect(data.webhooks.nodes).toEqual([{ id: globalId('PERSONIO', 'hook-1') }]);
});
