import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphiqlExamples } from '../src/server/graphiql/examples.ts';
import { documentedOperations } from './support/documented-operations.ts';
import { openSandboxGateway } from './support/gateway.ts';

const PEOPLE_SYNC = 'V2ViaG9vazpQRVJTT05JTzo1MzNlNzIwNi1mNGEzLTExZWQtOWM4Yi00MzZmYWQwYjgyZDE';
const PAYROLL_CHANGES = 'V2ViaG9vazpQRVJTT05JTzo4OTgyMWUyNC0xYjE1LTExZWUtOGY4ZS00MzBmNjYwZTJmOWU';
const ACCESS_BADGES = 'V2ViaG9vazpQRVJTT05JTzpmNDExMTE5Ni0zYzVhLTRmMGUtOGE1MS01MDAwNTAwMDUwYzM';

interface Entry {
  readonly name: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** References by provider keys of webhooks, none of which there is. */
const strangers = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ __typename: 'Webhook', providerKey: `personio:stranger-${index}` }));

const CORPUS: readonly Entry[] = [
  {
    name: 'nothing of an upstream',
    query: '{ webhookProviders { name capabilities eventTypes { name } } __typename }',
  },
  { name: 'one webhook', query: `{ webhook(id: "${PEOPLE_SYNC}") { url status } }` },
  {
    name: 'one webhook under five names',
    query: `{
      a: webhook(id: "${PEOPLE_SYNC}") { url } b: webhook(id: "${PEOPLE_SYNC}") { status }
      c: node(id: "${PEOPLE_SYNC}") { id ... on Webhook { url } } d: node(id: "${PEOPLE_SYNC}") { id }
      e: nodes(ids: ["${PEOPLE_SYNC}", "${PEOPLE_SYNC}"]) { ... on Webhook { description } }
    }`,
  },
  {
    name: 'three webhooks by nodes',
    query: `{ nodes(ids: ["${PEOPLE_SYNC}", "${PAYROLL_CHANGES}", "${ACCESS_BADGES}"]) { ... on Webhook { url } } }`,
  },
  {
    name: 'the list under three names',
    query: '{ a: webhooks { nodes { id } } b: webhooks { edges { cursor } } c: webhooks { nodes { url } } }',
  },
  { name: 'one page of one', query: '{ webhooks(first: 1) { nodes { id } pageInfo { hasNextPage endCursor } } }' },
  { name: 'TruLayer alone', query: '{ webhooks(filter: { providers: [TRULAYER] }) { nodes { id status } } }' },
  {
    name: 'the log of every webhook',
    query: '{ webhooks(first: 50) { nodes { activity(first: 5) { nodes { outcome } } } } }',
  },
  {
    name: 'the same log under two names',
    query: `{ webhook(id: "${ACCESS_BADGES}") {
      a: activity(first: 5) { nodes { outcome } } b: activity(first: 5) { edges { cursor } }
    } }`,
  },
  {
    name: 'all that is computed from the log of one webhook',
    query: `{ webhook(id: "${ACCESS_BADGES}") {
      health { state } deliveryStats { total } outages { startedAt } again: deliveryStats { failed }
    } }`,
  },
  {
    name: 'an event is sent and the webhook read',
    query: `mutation { sendTestEvent(input: {
      webhookId: "${PEOPLE_SYNC}", eventName: "person.updated", payload: { person: { id: "1" } }
    }) { webhook { url status } } }`,
  },
  {
    name: 'two pings that read nothing',
    query: `mutation {
      a: pingWebhook(input: { id: "${PEOPLE_SYNC}" }) { delivery { outcome } }
      b: pingWebhook(input: { id: "${PEOPLE_SYNC}" }) { webhookId webhook { id capabilities } }
    }`,
  },
  {
    name: '_entities by both keys of the same webhook',
    query: 'query ($all: [_Any!]!) { _entities(representations: $all) { ... on Webhook { url } } }',
    variables: {
      all: [
        { __typename: 'Webhook', id: PEOPLE_SYNC },
        { __typename: 'Webhook', providerKey: 'personio:533e7206-f4a3-11ed-9c8b-436fad0b82d1' },
      ],
    },
  },
  {
    name: '_entities, ten of them',
    query: 'query ($all: [_Any!]!) { _entities(representations: $all) { ... on Webhook { url } } }',
    variables: { all: strangers(10) },
  },
  {
    name: '_entities, 500 of one webhook',
    query: 'query ($all: [_Any!]!) { _entities(representations: $all) { ... on Webhook { url } } }',
    variables: { all: Array.from({ length: 500 }, () => ({ __typename: 'Webhook', id: PEOPLE_SYNC })) },
  },
  ...documentedOperations('README.md').map(({ name, query }) => ({ name: `README: ${name}`, query })),
  // A stream asks for as long as it goes on.
  ...graphiqlExamples({ startedMs: Date.now() })
    .filter(({ name }) => name !== 'LiveTail')
    .map(({ name, query }) => ({ name: `GraphiQL: ${name}`, query })),
];

/** Upstream calls of each, with tokens at hand: Personio's, TruLayer's. A change of any is a decision. */
const LEDGER: Readonly<Record<string, readonly [number, number]>> = {
  'nothing of an upstream': [0, 0],
  'one webhook': [1, 0],
  'one webhook under five names': [1, 0],
  'three webhooks by nodes': [3, 0],
  'the list under three names': [1, 1],
  'one page of one': [1, 1],
  'TruLayer alone': [0, 1],
  'the log of every webhook': [17, 1],
  'the same log under two names': [2, 0],
  'all that is computed from the log of one webhook': [2, 0],
  'an event is sent and the webhook read': [2, 0],
  'two pings that read nothing': [2, 0],
  '_entities by both keys of the same webhook': [1, 0],
  '_entities, ten of them': [10, 0],
  '_entities, 500 of one webhook': [1, 0],
  'README: LastFailures': [2, 0],
  'README: WhatIsThere': [1, 1],
  'README: ChangeTheToken': [2, 0],
  'README: PingIt': [1, 0],
  'README: SendAnEvent': [1, 0],
  'README: ARefusedUpdate': [1, 0],
  'GraphiQL: AllWebhooks': [1, 1],
  'GraphiQL: DeliveryLog': [2, 0],
  'GraphiQL: Providers': [0, 0],
  'GraphiQL: AnError': [1, 0],
  'GraphiQL: PingAWebhook': [2, 0],
  'GraphiQL: SendATestEvent': [2, 0],
  'GraphiQL: UpdateAWebhook': [2, 0],
  'GraphiQL: ARefusedUpdate': [1, 0],
  'GraphiQL: HealthOfAllWebhooks': [19, 1],
  'GraphiQL: FindTheOutage': [4, 0],
  'GraphiQL: ReadinessCheck': [4, 0],
  'GraphiQL: RedeliverTheOutage': [3, 0],
};

describe('what an operation costs upstream', () => {
  let opened: Awaited<ReturnType<typeof openSandboxGateway>>;
  beforeAll(async () => {
    opened = await openSandboxGateway();
    await opened.query('{ webhooks(first: 1) { nodes { id } } }');
  });
  afterAll(() => opened.close());

  test.each(CORPUS)('$name', async ({ name, query, variables }) => {
    const before = opened.sandbox.requests.length;
    const { status } = await opened.query(query, variables);
    expect(status).toBe(200);
    const providers = opened.sandbox.requests.slice(before).map(({ provider }) => provider);
    const calls = ['PERSONIO', 'TRULAYER'].map((wanted) => providers.filter((provider) => provider === wanted).length);
    expect(calls).toEqual(LEDGER[name]);
  });

  test('has a line for each, and no other', () => {
    expect(CORPUS.map(({ name }) => name)).toEqual(Object.keys(LEDGER));
  });
});
