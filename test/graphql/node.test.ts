import { describe, expect, test } from 'vitest';
import type { ClientError } from '../support/gateway.ts';
import { globalId, openStubGateway } from '../support/stub-gateway.ts';
import type { UpstreamReply, UpstreamRequest } from '../support/stub-upstream.ts';
import {
  pagedPersonio,
  personioPage,
  personioWebhooks,
  trulayerId,
  trulayerWebhooks,
} from '../support/upstream-rows.ts';

const NODES = 'query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Webhook { providerId } } }';
const ENTITIES = `query($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Webhook { providerId } }
}`;

type Slots = readonly ({ readonly providerId: string } | null)[];

const NOT_FOUND: UpstreamReply = {
  status: 404,
  body: { errors: [{ title: 'Webhook not found', detail: 'No webhook found matching the given id' }] },
};

/** Personio with these webhooks: its list, and each by its id. */
function personioWith(rows: ReturnType<typeof personioWebhooks>): (request: UpstreamRequest) => UpstreamReply {
  const list = pagedPersonio(rows);
  return (request) => {
    if (request.url.startsWith('/v2/webhooks?')) return list(request);
    const row = rows.find(({ id }) => request.url === `/v2/webhooks/${id}`);
    return row ? { body: row } : NOT_FOUND;
  };
}

const trulayerWith = (count: number) => () => ({ body: { webhooks: trulayerWebhooks(count) } });

function idsOf(slots: Slots): readonly (string | null)[] {
  return slots.map((slot) => slot?.providerId ?? null);
}

function summaryOf(errors: readonly ClientError[] | undefined) {
  return errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code]);
}

describe('a single webhook', () => {
  // A rejection that nobody handles ends the process, and fails a run of these tests.
  test.each([
    ['webhook(id: $id)', (id: string) => globalId('PERSONIO', id)],
    ['node(id: $id)', (id: string) => globalId('PERSONIO', id)],
    ['webhookByProviderId(provider: PERSONIO, providerId: $id)', (id: string) => id],
  ] as const)(
    'by %s is NOT_FOUND where there is none, also with a directive that has no value',
    async (field, idOf) => {
      const gateway = await openStubGateway({ personio: personioWith(personioWebhooks(2)) });
      const read = (id: string) =>
        gateway.query(
          `query ($id: ID!, $with: Boolean = true) { __typename found: ${field} { id @include(if: $with) } }`,
          { id: idOf(id), with: null },
        );
      const missing = await read('hook-9');
      expect(missing.data).toEqual({ __typename: 'Query', found: null });
      expect(summaryOf(missing.errors)).toEqual([['found', 'NOT_FOUND']]);
      const there = await read('hook-1');
      expect(summaryOf(there.errors)).toEqual([['found', 'BAD_USER_INPUT']]);
      expect(gateway.personioCalls()).toEqual(['GET /v2/webhooks/hook-9', 'GET /v2/webhooks/hook-1']);
    },
  );

  test.each([
    ['node', (id: string) => `{ found: node(id: "${id}") { id ... on Webhook { url } } }`],
    ['webhook', (id: string) => `{ found: webhook(id: "${id}") { id url } }`],
    [
      'webhookByProviderId',
      () => '{ found: webhookByProviderId(provider: PERSONIO, providerId: "hook-2") { id url } }',
    ],
    [
      '_entities by id',
      (id: string) =>
        `{ entities: _entities(representations: [{ __typename: "Webhook", id: "${id}" }]) { ... on Webhook { id url } } }`,
    ],
    [
      '_entities by providerKey',
      () =>
        '{ entities: _entities(representations: [{ __typename: "Webhook", providerKey: "personio:hook-2" }]) { ... on Webhook { id url } } }',
    ],
  ])('is read with one GET by %s', async (_field, document) => {
    const gateway = await openStubGateway({ personio: personioWith(personioWebhooks(3)), trulayer: trulayerWith(1) });
    const id = globalId('PERSONIO', 'hook-2');
    const { data, errors } = await gateway.query<{ found?: unknown; entities?: readonly unknown[] }>(document(id));
    expect(errors).toBeUndefined();
    expect(data.found ?? data.entities?.[0]).toEqual({ id, url: 'https://example.com/2' });
    expect(gateway.personioCalls()).toEqual(['GET /v2/webhooks/hook-2']);
    expect(gateway.trulayerCalls()).toEqual([]);
  });

  test('of TruLayer is read with one list call', async () => {
    const gateway = await openStubGateway({ trulayer: trulayerWith(3) });
    const { data, errors } = await gateway.query(
      `{ webhookByProviderId(provider: TRULAYER, providerId: "${trulayerId(2)}") { providerKey capabilities } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      webhookByProviderId: {
        providerKey: 'trulayer:018f1234-5678-7abc-def0-000000000002',
        capabilities: ['DELETE', 'PING'],
      },
    });
    expect(gateway.trulayerCalls()).toEqual(['GET /v1/webhooks']);
  });

  test('asked for in many ways in one operation is read once', async () => {
    const gateway = await openStubGateway({ personio: personioWith(personioWebhooks(1)) });
    const id = globalId('PERSONIO', 'hook-1');
    const { errors } = await gateway.query(`{
      a: webhook(id: "${id}") { id }
      b: node(id: "${id}") { id }
      c: nodes(ids: ["${id}", "${id}"]) { id }
      d: webhookByProviderId(provider: PERSONIO, providerId: "hook-1") { id }
      _entities(representations: [{ __typename: "Webhook", providerKey: "personio:hook-1" }]) { __typename }
    }`);
    expect(errors).toBeUndefined();
    expect(gateway.personioCalls()).toEqual(['GET /v2/webhooks/hook-1']);
  });

  test.each([
    ['webhook', `webhook(id: "${globalId('PERSONIO', 'gone')}") { id }`],
    ['node', `node(id: "${globalId('PERSONIO', 'gone')}") { id }`],
    ['webhookByProviderId', 'webhookByProviderId(provider: PERSONIO, providerId: "gone") { id }'],
  ])('that does not exist is null with NOT_FOUND by %s', async (field, selection) => {
    const gateway = await openStubGateway({ personio: () => NOT_FOUND });
    const { status, data, errors } = await gateway.query(`{ ${selection} }`);
    expect(status).toBe(200);
    expect(data).toEqual({ [field]: null });
    expect(errors).toMatchObject([
      {
        path: [field],
        message: 'No webhook found matching the given id',
        extensions: { code: 'NOT_FOUND', provider: 'PERSONIO', retryable: false, upstream: { status: 404 } },
      },
    ]);
  });

  test("that TruLayer's list does not hold is NOT_FOUND", async () => {
    const gateway = await openStubGateway({ trulayer: trulayerWith(1) });
    const { data, errors } = await gateway.query(`{ webhook(id: "${globalId('TRULAYER', trulayerId(9))}") { id } }`);
    expect(data).toEqual({ webhook: null });
    expect(errors).toMatchObject([{ path: ['webhook'], extensions: { code: 'NOT_FOUND', provider: 'TRULAYER' } }]);
  });

  test("that TruLayer's list holds, but not as the contract says, is UPSTREAM_INVALID_RESPONSE", async () => {
    const gateway = await openStubGateway({ trulayer: () => ({ body: { webhooks: [{ id: trulayerId(1) }] } }) });
    const { data, errors } = await gateway.query(`{ webhook(id: "${globalId('TRULAYER', trulayerId(1))}") { id } }`);
    expect(data).toEqual({ webhook: null });
    expect(summaryOf(errors)).toEqual([['webhook', 'UPSTREAM_INVALID_RESPONSE']]);
  });

  test('of a provider without credentials is PROVIDER_NOT_CONFIGURED', async () => {
    const gateway = await openStubGateway({ trulayer: trulayerWith(1) });
    const { data, errors } = await gateway.query(`{ webhook(id: "${globalId('PERSONIO', 'hook-1')}") { id } }`);
    expect(data).toEqual({ webhook: null });
    expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_NOT_CONFIGURED', provider: 'PERSONIO' } }]);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test('inside _data is read as well', async () => {
    const gateway = await openStubGateway({ personio: () => ({ body: { _data: personioWebhooks(1)[0] } }) });
    const { data } = await gateway.query(`{ webhook(id: "${globalId('PERSONIO', 'hook-1')}") { providerId } }`);
    expect(data).toEqual({ webhook: { providerId: 'hook-1' } });
  });

  test('that is not what the contract says is UPSTREAM_INVALID_RESPONSE', async () => {
    const gateway = await openStubGateway({ personio: () => ({ body: { id: 'hook-1' } }) });
    const { data, errors } = await gateway.query(`{ webhook(id: "${globalId('PERSONIO', 'hook-1')}") { providerId } }`);
    expect(data).toEqual({ webhook: null });
    expect(summaryOf(errors)).toEqual([['webhook', 'UPSTREAM_INVALID_RESPONSE']]);
  });
});

describe('many webhooks', () => {
  test('come in the order in which they were asked for, repeated ones too', async () => {
    const gateway = await openStubGateway({ personio: personioWith(personioWebhooks(3)), trulayer: trulayerWith(2) });
    const ids = [
      globalId('TRULAYER', trulayerId(2)),
      globalId('PERSONIO', 'hook-3'),
      globalId('TRULAYER', trulayerId(1)),
      globalId('PERSONIO', 'hook-1'),
      globalId('PERSONIO', 'hook-3'),
    ];
    const { data, errors } = await gateway.query<{ nodes: Slots }>(NODES, { ids });
    expect(errors).toBeUndefined();
    expect(idsOf(data.nodes)).toEqual([trulayerId(2), 'hook-3', trulayerId(1), 'hook-1', 'hook-3']);
    expect([...gateway.personioCalls()].sort()).toEqual(['GET /v2/webhooks/hook-1', 'GET /v2/webhooks/hook-3']);
    expect(gateway.trulayerCalls()).toEqual(['GET /v1/webhooks']);
  });

  test('of TruLayer cost one list call, however many', async () => {
    const gateway = await openStubGateway({ trulayer: trulayerWith(150) });
    const ids = Array.from({ length: 150 }, (_, index) => globalId('TRULAYER', trulayerId(index + 1)));
    const { data, errors } = await gateway.query<{ nodes: Slots }>(NODES, { ids });
    expect(errors).toBeUndefined();
    expect(idsOf(data.nodes)[149]).toBe(trulayerId(150));
    expect(gateway.trulayerCalls()).toEqual(['GET /v1/webhooks']);
  });

  test('up to ten of Personio are read one by one', async () => {
    const gateway = await openStubGateway({ personio: personioWith(personioWebhooks(10)) });
    const ids = personioWebhooks(10).map(({ id }) => globalId('PERSONIO', id));
    await gateway.query(NODES, { ids });
    expect(gateway.personioCalls()).toHaveLength(10);
    expect(gateway.personioCalls().some((call) => call.includes('?'))).toBe(false);
  });

  test('more than ten of Personio are read from list pages of 200', async () => {
    const gateway = await openStubGateway({ personio: personioWith(personioWebhooks(350)) });
    const ids = personioWebhooks(11).map(({ id }) => globalId('PERSONIO', id));
    const { errors } = await gateway.query(NODES, { ids });
    expect(errors).toBeUndefined();
    expect(gateway.personioCalls()).toEqual(['GET /v2/webhooks?limit=200']);
  });

  test('five hundred references, a few of them unknown, stay far from the fuse', async () => {
    const gateway = await openStubGateway({ personio: personioWith(personioWebhooks(495)) });
    const representations = Array.from({ length: 500 }, (_, index) => ({
      __typename: 'Webhook',
      providerKey: `personio:hook-${index + 1}`,
    }));
    const { data, errors } = await gateway.query<{ _entities: Slots }>(ENTITIES, { representations });
    expect(idsOf(data._entities).slice(0, 495)).toEqual(personioWebhooks(495).map(({ id }) => id));
    expect(idsOf(data._entities).slice(495)).toEqual([null, null, null, null, null]);
    expect(summaryOf(errors)).toEqual([495, 496, 497, 498, 499].map((slot) => [`_entities.${slot}`, 'NOT_FOUND']));
    expect(gateway.personioCalls().slice(0, 3)).toEqual([
      'GET /v2/webhooks?limit=200',
      'GET /v2/webhooks?limit=200&cursor=cur_200',
      'GET /v2/webhooks?limit=200&cursor=cur_400',
    ]);
    expect(gateway.personioCalls()).toHaveLength(8);
  });

  test('a list that fails is not followed by a call for each', async () => {
    const gateway = await openStubGateway({ personio: () => ({ status: 503, body: '' }) });
    const ids = personioWebhooks(11).map(({ id }) => globalId('PERSONIO', id));
    const { data, errors } = await gateway.query<{ nodes: Slots }>(NODES, { ids });
    expect(data.nodes).toEqual(Array(11).fill(null));
    expect(errors).toHaveLength(11);
    expect(gateway.personioCalls()).toHaveLength(1);
  });

  test('a list that fails at its second page takes only those that were not on its first', async () => {
    const list = pagedPersonio(personioWebhooks(250));
    const gateway = await openStubGateway({
      personio: (request) => (request.url.includes('cursor=') ? { status: 503, body: '' } : list(request)),
    });
    const ids = ['hook-1', ...personioWebhooks(250).slice(190)].map((hook) =>
      globalId('PERSONIO', typeof hook === 'string' ? hook : hook.id),
    );
    const { data, errors } = await gateway.query<{ nodes: Slots }>(NODES, { ids });
    const found = [
      'hook-1',
      ...personioWebhooks(200)
        .slice(190)
        .map(({ id }) => id),
    ];
    expect(idsOf(data.nodes)).toEqual([...found, ...Array(50).fill(null)]);
    expect(summaryOf(errors)).toEqual(
      Array.from({ length: 50 }, (_, index) => [`nodes.${found.length + index}`, 'UPSTREAM_UNAVAILABLE']),
    );
    expect(gateway.personioCalls()).toHaveLength(2);
  });

  test('one provider that is down takes only its own places', async () => {
    const gateway = await openStubGateway({ personio: () => ({ status: 503, body: '' }), trulayer: trulayerWith(1) });
    const representations = [
      { __typename: 'Webhook', providerKey: 'personio:hook-1' },
      { __typename: 'Webhook', providerKey: `trulayer:${trulayerId(1)}` },
    ];
    const { data, errors } = await gateway.query<{ _entities: Slots }>(ENTITIES, { representations });
    expect(idsOf(data._entities)).toEqual([null, trulayerId(1)]);
    expect(summaryOf(errors)).toEqual([['_entities.0', 'UPSTREAM_UNAVAILABLE']]);
  });

  test('one unknown or malformed id takes only its own place', async () => {
    const gateway = await openStubGateway({ personio: personioWith(personioWebhooks(1)) });
    const ids = ['garbage', globalId('PERSONIO', 'hook-1'), globalId('PERSONIO', 'gone'), ''];
    const { data, errors } = await gateway.query<{ nodes: Slots }>(NODES, { ids });
    expect(idsOf(data.nodes)).toEqual([null, 'hook-1', null, null]);
    expect(new Set(summaryOf(errors)?.map(String))).toEqual(
      new Set(['nodes.0,BAD_USER_INPUT', 'nodes.2,NOT_FOUND', 'nodes.3,BAD_USER_INPUT']),
    );
  });
});

describe('a malformed global id', () => {
  test.each(['533e7206-f4a3-11ed-9c8b-436fad0b82d1', 'personio:533e7206-f4a3-11ed-9c8b-436fad0b82d1'])(
    "that is the provider's own, %s, is told how that is read",
    async (id) => {
      const gateway = await openStubGateway({ personio: () => NOT_FOUND, trulayer: trulayerWith(1) });
      const { errors } = await gateway.query('query($id: ID!) { webhook(id: $id) { id } }', { id });
      expect(errors).toMatchObject([
        {
          message: expect.stringContaining('`webhookByProviderId` finds the webhook by it'),
          extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['id'] }] },
        },
      ]);
    },
  );

  test.each([
    ['empty', ''],
    ['blank', '   '],
    ['garbage', 'garbage'],
    ['of an unknown type', Buffer.from('Person:PERSONIO:1').toString('base64url')],
    ['of an unknown provider', Buffer.from('Webhook:ACME:1').toString('base64url')],
    ['of a provider in lower case', Buffer.from('Webhook:personio:1').toString('base64url')],
    ['without the provider', Buffer.from('Webhook').toString('base64url')],
    ['without the id', Buffer.from('Webhook:PERSONIO:').toString('base64url')],
    ['of a name that every object has', Buffer.from('Webhook:constructor:1').toString('base64url')],
    ['with padding', `${globalId('PERSONIO', 'hook-1')}=`],
    ['with a blank', ` ${globalId('PERSONIO', 'hook-1')}`],
    ['in the other base64', Buffer.from('Webhook:PERSONIO:??>').toString('base64')],
    ['10 kB long', globalId('PERSONIO', 'x'.repeat(10_000))],
    ['garbage of 10 kB', 'A'.repeat(10_000)],
    ['not UTF-8', Buffer.from([...Buffer.from('Webhook:PERSONIO:'), 0xff, 0xfe]).toString('base64url')],
    ['of a lone surrogate', '\ud800'],
  ])('that is %s is BAD_USER_INPUT, and nothing is asked upstream', async (_what, id) => {
    const gateway = await openStubGateway({ personio: () => NOT_FOUND, trulayer: trulayerWith(1) });
    const { status, data, errors } = await gateway.query(
      'query($id: ID!) { webhook(id: $id) { id } node(id: $id) { id } }',
      { id },
    );
    expect(status).toBe(200);
    expect(data).toEqual({ webhook: null, node: null });
    expect(errors).toMatchObject([
      { path: ['webhook'], extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['id'] }] } },
      { path: ['node'], extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['id'] }] } },
    ]);
    expect(gateway.personioCalls()).toEqual([]);
    expect(gateway.trulayerCalls()).toEqual([]);
  });
});

describe("a provider's own id", () => {
  const HOSTILE = [
    ['empty', ''],
    ['a dot', '.'],
    ['two dots', '..'],
    ['a line break', 'x\r\nhost: evil.example'],
    ['a NUL', 'x\0y'],
    ['a blank', 'a b'],
    ['a lone surrogate', 'x\ud800'],
    ['an invisible control', 'x\u202ey'],
    ['10 kB', 'x'.repeat(10_000)],
  ] as const;

  test.each(HOSTILE)('that is or holds %s is BAD_USER_INPUT', async (_what, providerId) => {
    const gateway = await openStubGateway({ personio: () => NOT_FOUND });
    const { errors } = await gateway.query(
      'query($providerId: ID!) { webhookByProviderId(provider: PERSONIO, providerId: $providerId) { id } }',
      { providerId },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['providerId'] }] } }]);
    expect(gateway.personioCalls()).toEqual([]);
  });

  // A global id is UTF-8, which has no lone surrogates.
  test.each(HOSTILE.filter(([what]) => what !== 'a lone surrogate'))(
    'that is or holds %s is refused inside a global id and a providerKey too',
    async (_what, providerId) => {
      const gateway = await openStubGateway({ personio: () => NOT_FOUND });
      const { errors } = await gateway.query(
        'query($id: ID!, $representations: [_Any!]!) { node(id: $id) { id } _entities(representations: $representations) { __typename } }',
        {
          id: globalId('PERSONIO', providerId),
          representations: [{ __typename: 'Webhook', providerKey: `personio:${providerId}` }],
        },
      );
      expect(new Set(summaryOf(errors)?.map(String))).toEqual(
        new Set(['node,BAD_USER_INPUT', '_entities.0,BAD_USER_INPUT']),
      );
      expect(gateway.personioCalls()).toEqual([]);
    },
  );

  test.each([
    ['a/b', 'a%2Fb'],
    ['../auth/token', '..%2Fauth%2Ftoken'],
    ['..%2f..%2fauth', '..%252f..%252fauth'],
    ['a?limit=1', 'a%3Flimit%3D1'],
    ['a#b', 'a%23b'],
    ['a:b', 'a%3Ab'],
    ['@evil.example', '%40evil.example'],
    ['ü💥', '%C3%BC%F0%9F%92%A5'],
    ['...', '...'],
    ['\\..\\x', '%5C..%5Cx'],
  ])('%s stays inside its segment of the path', async (providerId, segment) => {
    const gateway = await openStubGateway({ personio: () => NOT_FOUND });
    await gateway.query(
      'query($providerId: ID!) { webhookByProviderId(provider: PERSONIO, providerId: $providerId) { id } }',
      { providerId },
    );
    expect(gateway.personioCalls()).toEqual([`GET /v2/webhooks/${segment}`]);
  });
});

describe('_entities', () => {
  test('reads both keys in one batch', async () => {
    const gateway = await openStubGateway({ personio: personioWith(personioWebhooks(2)), trulayer: trulayerWith(1) });
    const representations = [
      { __typename: 'Webhook', id: globalId('PERSONIO', 'hook-2') },
      { __typename: 'Webhook', providerKey: `trulayer:${trulayerId(1)}` },
      { __typename: 'Webhook', providerKey: 'personio:hook-1', url: 'of another subgraph' },
    ];
    const { data, errors } = await gateway.query<{ _entities: Slots }>(ENTITIES, { representations });
    expect(errors).toBeUndefined();
    expect(idsOf(data._entities)).toEqual(['hook-2', trulayerId(1), 'hook-1']);
  });

  test.each([
    ['without any key', { __typename: 'Webhook' }],
    ['whose key is null', { __typename: 'Webhook', id: null }],
    ['whose key is a number', { __typename: 'Webhook', id: 7 }],
    ['whose key is an object', { __typename: 'Webhook', providerKey: { toString: 'x' } }],
    ['whose id is garbage', { __typename: 'Webhook', id: 'garbage' }],
    ['whose providerKey has no colon', { __typename: 'Webhook', providerKey: 'personio' }],
    ['whose providerKey names no provider', { __typename: 'Webhook', providerKey: 'acme:1' }],
    ['whose providerKey is in upper case', { __typename: 'Webhook', providerKey: 'PERSONIO:1' }],
    ['whose providerKey has no id', { __typename: 'Webhook', providerKey: 'personio:' }],
    ['of another type', { __typename: 'Person', id: '1' }],
    ['without a type', { id: globalId('PERSONIO', 'hook-1') }],
    ['that is a text', 'Webhook'],
    ['that is a list', []],
  ])('a representation %s takes only its own place', async (_what, bad) => {
    const gateway = await openStubGateway({ personio: personioWith(personioWebhooks(1)) });
    const representations = [bad, { __typename: 'Webhook', providerKey: 'personio:hook-1' }];
    const { status, data, errors } = await gateway.query<{ _entities: Slots }>(ENTITIES, { representations });
    expect(status).toBe(200);
    expect(idsOf(data._entities)).toEqual([null, 'hook-1']);
    expect(summaryOf(errors)).toEqual([['_entities.0', 'BAD_USER_INPUT']]);
  });

  test('takes references that are written into the document', async () => {
    const gateway = await openStubGateway({ personio: personioWith(personioWebhooks(1)) });
    const { data, errors } = await gateway.query(
      'query($key: String) { _entities(representations: [{ __typename: "Webhook", providerKey: $key }]) { __typename } }',
      { key: 'personio:hook-1' },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ _entities: [{ __typename: 'Webhook' }] });
  });

  test('answers an empty list of references', async () => {
    const gateway = await openStubGateway({ personio: () => personioPage([]) });
    const { data, errors } = await gateway.query(ENTITIES, { representations: [] });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ _entities: [] });
  });
});

describe('more than a thousand references', () => {
  const reference = { __typename: 'Webhook', providerKey: 'personio:hook-1' };
  const id = globalId('PERSONIO', 'hook-1');

  test.each([
    ['in one list', ENTITIES, { representations: Array(1_001).fill(reference) }, '_entities'],
    ['in one list of ids', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array(1_001).fill(id) }, 'nodes'],
    [
      // Each that fails has an error of its own, which costs the gateway a hundred times what a place in the answer does.
      'in all lists together',
      `query ($ids: [ID!]!, $representations: [_Any!]!) {
        a: nodes(ids: $ids) { id } b: _entities(representations: $representations) { __typename } c: nodes(ids: $ids) { id }
      }`,
      { ids: Array(400).fill('x'), representations: Array(400).fill({ __typename: 'Other' }) },
      'c',
    ],
  ])('are refused %s', async (_where, document, variables, path) => {
    const gateway = await openStubGateway({ personio: () => NOT_FOUND });
    const { data, errors } = await gateway.query(document, variables);
    expect(data).toBeNull();
    expect(errors).toContainEqual(
      expect.objectContaining({
        path: [path],
        message: 'At most 1000 ids and representations in one operation.',
        extensions: expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
      }),
    );
    expect(gateway.personioCalls()).toEqual([]);
  });
});

describe('_service', () => {
  test('shows the SDL with its federation directives, and without its own machinery', async () => {
    const gateway = await openStubGateway({});
    const { data } = await gateway.query<{ _service: { sdl: string } }>('{ _service { sdl } }');
    const { sdl } = data._service;
    expect(sdl.match(/type Webhook implements Node @key\(fields: "id"\) @key\(fields: "providerKey"\)/g)).toHaveLength(
      1,
    );
    expect(sdl).toContain('type PageInfo @shareable');
    expect(sdl).toMatch(
      /schema[^{]*@link\(url: "https:\/\/specs.apollo.dev\/federation\/v2.5", import: \["@key", "@shareable", "@tag"\]\)/,
    );
    expect(sdl).not.toMatch(/_entities|_service|_Any|_Entity/);
  });
});

describe('the fuse', () => {
  test('a field over it is null with LIMIT_EXCEEDED, and those under it stay', async () => {
    const gateway = await openStubGateway({
      personio: personioWith(personioWebhooks(5)),
      environment: { UPSTREAM_MAX_CALLS: '3' },
    });
    const ids = personioWebhooks(5).map(({ id }) => globalId('PERSONIO', id));
    const { data, errors } = await gateway.query<{ nodes: Slots }>(NODES, { ids });
    expect(idsOf(data.nodes).filter((id) => id !== null)).toHaveLength(3);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['LIMIT_EXCEEDED', 'LIMIT_EXCEEDED']);
    expect(gateway.personioCalls()).toHaveLength(3);
  });
});
