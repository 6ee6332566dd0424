import { readdirSync, readFileSync } from 'node:fs';
import { type DocumentNode, Kind, parse } from 'graphql';
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest';
import * as client from '../../src/client/index.ts';
import { openSandboxGateway } from '../support/gateway.ts';
import { globalId } from '../support/stub-gateway.ts';
import { startStubUpstream } from '../support/stub-upstream.ts';

const PEOPLE_SYNC = globalId('PERSONIO', '533e7206-f4a3-11ed-9c8b-436fad0b82d1');
const ABSENT = globalId('PERSONIO', '00000000-0000-4000-8000-000000000000');

let url = '';
let close = async () => {};
beforeAll(async () => {
  const opened = await openSandboxGateway();
  url = `${await opened.gateway.listen()}/graphql`;
  close = opened.close;
});
afterAll(() => close());

/** The root fields of Query and Mutation, or those that a document asks for. */
function rootFields(document: DocumentNode): readonly string[] {
  return document.definitions.flatMap((definition) => {
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION && /^(Query|Mutation)$/.test(definition.name.value)) {
      return (definition.fields ?? []).map(({ name }) => name.value);
    }
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    return definition.selectionSet.selections.flatMap((field) => (field.kind === Kind.FIELD ? [field.name.value] : []));
  });
}

test('every root field has an operation, but those that ask for any node', () => {
  const operations = readdirSync('src/client/operations').map((file) =>
    parse(readFileSync(`src/client/operations/${file}`, 'utf8')),
  );
  const offered = rootFields(parse(readFileSync('schema/schema.graphql', 'utf8')));
  const used = new Set(operations.flatMap(rootFields));
  expect(offered.filter((name) => !used.has(name))).toEqual(['node', 'nodes']);
});

test('each query of one webhook runs on the sandbox without an error', async () => {
  const window = { gte: new Date(Date.now() - 3_600_000).toISOString() };
  const answers = await Promise.all([
    client.sendOperation({ url, document: client.WebhookDocument, variables: { id: PEOPLE_SYNC } }),
    client.sendOperation({ url, document: client.WebhookActivityDocument, variables: { id: PEOPLE_SYNC, first: 2 } }),
    client.sendOperation({ url, document: client.WebhookEventsDocument, variables: { id: PEOPLE_SYNC, first: 2 } }),
    client.sendOperation({ url, document: client.WebhookDeliveriesDocument, variables: { id: PEOPLE_SYNC } }),
    client.sendOperation({ url, document: client.WebhookFindingsDocument, variables: { id: PEOPLE_SYNC } }),
    client.sendOperation({
      url,
      document: client.RedeliveryPreviewDocument,
      variables: { id: PEOPLE_SYNC, occurredAt: window },
    }),
  ]);
  expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
  expect(answers.map(({ data }) => data?.webhook?.id)).toEqual(answers.map(() => PEOPLE_SYNC));
});

test('data has the type of its document', async () => {
  const { data, errors } = await client.sendOperation({
    url,
    document: client.WebhooksDocument,
    variables: { first: 1 },
  });
  expect(errors).toEqual([]);
  expectTypeOf(data).toEqualTypeOf<client.WebhooksQuery | null>();
  expectTypeOf<NonNullable<client.WebhooksQuery['webhooks']>['unavailableProviders']>().toEqualTypeOf<
    client.WebhookProvider[]
  >();
  expect(data?.webhooks?.edges[0]?.node.url).toBe('https://ok.receiver.example/hr-sync/people');
});

test('a webhook is registered, pinged, changed and removed by the typed mutations', async () => {
  const input = { trulayer: { url: 'https://ok.receiver.example/typed', secret: 'a-secret-of-sixteen' } };
  const created = await client.sendOperation({ url, document: client.CreateWebhookDocument, variables: { input } });
  expect(created.errors).toEqual([]);
  const id = created.data?.createWebhook?.webhookId ?? '';
  const pinged = await client.sendOperation({
    url,
    document: client.PingWebhookDocument,
    variables: { input: { id } },
  });
  expect(pinged.data?.pingWebhook?.delivery.outcome).toBe('DELIVERED');
  const changed = await client.sendOperation({
    url,
    document: client.UpdateWebhookDocument,
    variables: { input: { id, status: 'DISABLED' } },
  });
  expect(changed.errors).toMatchObject([{ code: 'UNSUPPORTED_BY_PROVIDER', provider: 'TRULAYER' }]);
  const removed = await client.sendOperation({
    url,
    document: client.DeleteWebhookDocument,
    variables: { input: { id } },
  });
  expect(removed.data).toEqual({ deleteWebhook: { deletedWebhookId: id } });
});

test('an error of a field stands beside the data', async () => {
  const answer = await client.sendOperation({ url, document: client.WebhookDocument, variables: { id: ABSENT } });
  expect(answer).toMatchObject({
    data: { webhook: null },
    errors: [{ code: 'NOT_FOUND', provider: 'PERSONIO', path: ['webhook'], upstream: { status: 404 } }],
  });
});

test('an operation that requires no variable is sent without any', async () => {
  const webhooks = await client.sendOperation({ url, document: client.WebhooksDocument });
  const providers = await client.sendOperation({ url, document: client.WebhookProvidersDocument });
  expect([...webhooks.errors, ...providers.errors]).toEqual([]);
  expectTypeOf(webhooks.data).toEqualTypeOf<client.WebhooksQuery | null>();
  expect(webhooks.data?.webhooks?.edges).not.toHaveLength(0);
  expect(providers.data?.webhookProviders.map(({ name }) => name)).toEqual(['PERSONIO', 'TRULAYER']);
});

test('a refused request has no data', async () => {
  const answer = await client.sendOperation({ url, document: parse('{ nothingOfTheKind }') });
  expect(answer).toMatchObject({ data: null, errors: [{ code: 'GRAPHQL_VALIDATION_FAILED', path: [] }] });
});

test.each([
  ['a page', 502, '<h1>Bad Gateway</h1>'],
  ['JSON of something in between', 502, { message: 'no healthy upstream' }],
  ['nothing', 502, undefined],
])('%s is no GraphQL answer, but an Error', async (_what, status, body) => {
  const proxy = await startStubUpstream(() => ({ status, body }));
  const sending = client.sendOperation({
    url: proxy.baseUrl,
    document: client.WebhookDocument,
    variables: { id: ABSENT },
  });
  await expect(sending).rejects.toThrow('No GraphQL answer: HTTP 502');
  await proxy.close();
});
