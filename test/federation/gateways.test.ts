import { expect, onTestFinished, test } from 'vitest';
import { schemaText } from '../../src/commands/print-schema.ts';
import { newApiKey } from '../../src/config/api-key.ts';
import { numbersOf, openTail } from '../graphql/subscriptions/live-tail.ts';
import type { ClientAnswer } from '../support/gateway.ts';
import { type ListeningGateway, listenWithStubs } from '../support/listening-gateway.ts';
import { globalId } from '../support/stub-gateway.ts';
import type { UpstreamReply, UpstreamRequest } from '../support/stub-upstream.ts';
import { createTailLog } from '../support/tail-log.ts';
import { pagedPersonio, personioWebhooks, trulayerId, trulayerWebhooks } from '../support/upstream-rows.ts';
import type { ComposerName, GatewayName } from './support/gateways.js';
import { describeWithGateways } from './support/installed.ts';
import { type Key, type OwnersSubgraph, startOwnersSubgraph } from './support/owners-subgraph.ts';

const STACKS: readonly (readonly [GatewayName, ComposerName])[] = [
  ['@apollo/gateway', '@apollo/composition'],
  ['Hive Gateway', '@theguild/federation-composition'],
];
const KEYS: readonly Key[] = ['id', 'providerKey'];

interface Supergraph {
  readonly hookgraph: ListeningGateway;
  readonly owners: OwnersSubgraph;
  readonly url: string;
  query<Data>(query: string, headers?: Readonly<Record<string, string>>): Promise<ClientAnswer<Data>>;
}

const PERSONIO = pagedPersonio(personioWebhooks(600));

/** Personio's 600 webhooks by page or id; there is no `hook-gone`. */
function personio(request: UpstreamRequest): UpstreamReply {
  if (request.url.startsWith('/v2/webhooks?')) return PERSONIO(request);
  const row = personioWebhooks(600).find(({ id }) => request.url === `/v2/webhooks/${id}`);
  return row
    ? { body: row }
    : {
        status: 404,
        body: { errors: [{ title: 'Webhook not found', detail: 'No webhook has this id' }] },
      };
}

function reference(key: Key, provider: 'PERSONIO' | 'TRULAYER', providerId: string): string {
  return key === 'id' ? globalId(provider, providerId) : `${provider.toLowerCase()}:${providerId}`;
}

async function openSupergraph(
  [gatewayName, composerName]: readonly [GatewayName, ComposerName],
  options: {
    readonly key: Key;
    readonly references?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
    readonly upstream?: (request: UpstreamRequest) => UpstreamReply;
  },
): Promise<Supergraph> {
  const { COMPOSERS, GATEWAYS } = await import('./support/gateways.js');
  const { key, references = [], environment = {}, upstream = personio } = options;
  const trulayer = (): UpstreamReply => ({ body: { webhooks: trulayerWebhooks(3) } });
  const hookgraph = await listenWithStubs({
    personio: upstream,
    trulayer,
    environment: { ...environment, DRAIN_TIMEOUT_MS: '0' },
  });
  const owners = await startOwnersSubgraph(key, references);
  const ours = {
    name: 'hookgraph',
    url: `${hookgraph.url}/graphql`,
    sdl: schemaText({ isSubgraph: true, environment: {} }),
  };
  const { supergraph, errors } = COMPOSERS[composerName]([ours, owners]);
  if (supergraph === undefined) throw new Error(JSON.stringify(errors));
  const gateway = await GATEWAYS[gatewayName](supergraph);
  onTestFinished(gateway.close);
  return {
    hookgraph,
    owners,
    url: gateway.url,
    query: async (query, headers = {}) => {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      });
      return { status: response.status, ...(await response.json()) };
    },
  };
}

describeWithGateways('a supergraph', () => {
  const cases = STACKS.flatMap((stack) => KEYS.map((key) => [stack[0], key, stack] as const));

  test.each(cases)('of %s leads from their entity to our fields by %s', async (_name, key, stack) => {
    const references = [reference(key, 'PERSONIO', 'hook-2'), reference(key, 'TRULAYER', trulayerId(1))];
    const { query } = await openSupergraph(stack, { key, references });
    const { data, errors } = await query('{ owners { team webhook { ownedBy provider url } } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      owners: [
        {
          team: 'team-1',
          webhook: { ownedBy: `owner of ${references[0]}`, provider: 'PERSONIO', url: 'https://example.com/2' },
        },
        {
          team: 'team-2',
          webhook: {
            ownedBy: `owner of ${references[1]}`,
            provider: 'TRULAYER',
            url: 'https://example.com/trulayer/1',
          },
        },
      ],
    });
  });

  test.each(cases)('of %s leads from our list to their field by %s', async (_name, key, stack) => {
    const { query } = await openSupergraph(stack, { key });
    const { data, errors } = await query(
      '{ webhooks(first: 2) { nodes { providerId ownedBy } pageInfo { hasNextPage } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      webhooks: {
        nodes: [
          { providerId: 'hook-1', ownedBy: `owner of ${reference(key, 'PERSONIO', 'hook-1')}` },
          { providerId: 'hook-2', ownedBy: `owner of ${reference(key, 'PERSONIO', 'hook-2')}` },
        ],
        pageInfo: { hasNextPage: true },
      },
    });
  });

  test.each(cases)('of %s reads 500 of their references by %s in one batch', async (_name, key, stack) => {
    const references = personioWebhooks(500).map(({ id }) => reference(key, 'PERSONIO', id));
    const { hookgraph, query } = await openSupergraph(stack, { key, references });
    const { data, errors } = await query<{ owners: readonly { webhook: { url: string } }[] }>(
      '{ owners { webhook { url } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.owners.map(({ webhook }) => webhook.url)).toEqual(personioWebhooks(500).map(({ url }) => url));
    expect(hookgraph.personioCalls()).toEqual([
      'GET /v2/webhooks?limit=200',
      'GET /v2/webhooks?limit=200&cursor=cur_200',
      'GET /v2/webhooks?limit=200&cursor=cur_400',
    ]);
    expect(hookgraph.trulayerCalls()).toEqual([]);
  });

  test.each(cases)(
    'of %s shows a bad reference by %s as null with its error, and all others',
    async (_name, key, stack) => {
      const references = [
        reference(key, 'PERSONIO', 'hook-1'),
        reference(key, 'PERSONIO', 'hook-gone'),
        'no reference at all',
        reference(key, 'TRULAYER', trulayerId(2)),
      ];
      const { query } = await openSupergraph(stack, { key, references });
      const { data, errors } = await query<{ owners: unknown }>('{ owners { team webhook { url } } }');
      expect(data).toEqual({
        owners: [
          { team: 'team-1', webhook: { url: 'https://example.com/1' } },
          { team: 'team-2', webhook: null },
          { team: 'team-3', webhook: null },
          { team: 'team-4', webhook: { url: 'https://example.com/trulayer/2' } },
        ],
      });
      // Each gateway has an order of its own.
      const byCode = new Map(errors?.map((error) => [error.extensions.code, error]));
      expect(errors).toHaveLength(2);
      expect(byCode.get('BAD_USER_INPUT')?.path?.slice(0, 3)).toEqual(['owners', 2, 'webhook']);
      expect(byCode.get('NOT_FOUND')?.path?.slice(0, 3)).toEqual(['owners', 1, 'webhook']);
      expect(byCode.get('BAD_USER_INPUT')).toMatchObject({
        extensions: { violations: [{ path: ['representations', 2, key] }] },
      });
      expect(byCode.get('NOT_FOUND')).toMatchObject({
        message: 'No webhook has this id',
        extensions: {
          provider: 'PERSONIO',
          retryable: false,
          upstream: { status: 404, problems: [{ title: 'Webhook not found' }] },
          requestId: expect.any(String),
        },
      });
    },
  );

  test.each(STACKS)('of %s passes the errors of a mutation on with all they say', async (...stack) => {
    const { query } = await openSupergraph(stack, { key: 'id' });
    const { data, errors } = await query(
      `mutation { deleteWebhook(input: { id: "${globalId('PERSONIO', 'hook-gone')}" }) { deletedWebhookId } }`,
    );
    expect(data).toEqual({ deleteWebhook: null });
    expect(errors).toMatchObject([
      { path: ['deleteWebhook'], extensions: { code: 'NOT_FOUND', provider: 'PERSONIO', upstream: { status: 404 } } },
    ]);
  });

  test.each(STACKS)('of %s passes on why a request was refused as a whole', async (...stack) => {
    const references = personioWebhooks(100).map(({ id }) => globalId('PERSONIO', id));
    const { hookgraph, query } = await openSupergraph(stack, {
      key: 'id',
      references,
      environment: { LIMIT_COST: '100' },
    });
    const { data, errors } = await query('{ owners { webhook { url } } }');
    expect(data).toEqual({ owners: references.map(() => ({ webhook: null })) });
    expect(hookgraph.personioCalls()).toEqual([]);
    // Hive Gateway repeats it for each reference.
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^The operation costs \d+, at most 100 is accepted/),
      extensions: { code: 'LIMIT_EXCEEDED', retryable: false, requestId: expect.any(String) },
    });
  });

  test.each(STACKS)('of %s forwards the caller’s authorization', async (...stack) => {
    const { key, entry } = newApiKey({ name: 'gateway', scopes: ['webhooks:read'] });
    const { owners, query } = await openSupergraph(stack, {
      key: 'id',
      references: [globalId('PERSONIO', 'hook-1')],
      environment: { GATEWAY_API_KEYS: entry },
    });
    const { data, errors } = await query('{ owners { webhook { url } } }', { authorization: `Bearer ${key}` });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ owners: [{ webhook: { url: 'https://example.com/1' } }] });
    expect(owners.authorizations).toEqual([`Bearer ${key}`]);
  });

  test.each(STACKS)(
    'of %s gives a caller without a key what other subgraphs have, and UNAUTHENTICATED',
    async (...stack) => {
      const { entry } = newApiKey({ name: 'gateway', scopes: ['webhooks:read'] });
      const { hookgraph, query } = await openSupergraph(stack, {
        key: 'id',
        references: [globalId('PERSONIO', 'hook-1')],
        environment: { GATEWAY_API_KEYS: entry },
      });
      const { data, errors } = await query('{ owners { team webhook { url } } }');
      expect(data).toEqual({ owners: [{ team: 'team-1', webhook: null }] });
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      expect(hookgraph.personioCalls()).toEqual([]);
    },
  );

  test('of Hive Gateway hands on a live tail, the authorization with it, and why there is none', async () => {
    const { key, entry } = newApiKey({ name: 'gateway', scopes: ['webhooks:read'] });
    const log = createTailLog();
    const { url } = await openSupergraph(['Hive Gateway', '@theguild/federation-composition'], {
      key: 'id',
      environment: { GATEWAY_API_KEYS: entry, TAIL_POLL_MS: '20' },
      upstream: log.answer,
    });
    const { origin } = new URL(url);
    const headers = { authorization: `Bearer ${key}` };
    log.add(Date.now(), 1);
    const tail = await openTail(origin, { since: new Date(Date.now() - 60_000).toISOString() }, headers);
    expect(numbersOf(await tail.received(1))).toEqual([1]);
    log.add(Date.now(), 2);
    expect(numbersOf(await tail.received(2))).toEqual([1, 2]);
    tail.leave();

    const ofTruLayer = await openTail(origin, { id: globalId('TRULAYER', trulayerId(1)) }, headers);
    const [refusal] = await ofTruLayer.received(1);
    expect(refusal?.errors).toMatchObject([
      { path: ['webhookActivity'], extensions: { code: 'UNSUPPORTED_BY_PROVIDER', provider: 'TRULAYER' } },
    ]);
  });
});
