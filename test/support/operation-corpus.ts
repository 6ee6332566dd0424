import { graphiqlExamples } from '../../src/server/graphiql/examples.ts';
import { documentedOperations } from './documented-operations.ts';

const PEOPLE_SYNC = 'V2ViaG9vazpQRVJTT05JTzo1MzNlNzIwNi1mNGEzLTExZWQtOWM4Yi00MzZmYWQwYjgyZDE';
const PAYROLL_CHANGES = 'V2ViaG9vazpQRVJTT05JTzo4OTgyMWUyNC0xYjE1LTExZWUtOGY4ZS00MzBmNjYwZTJmOWU';
const ACCESS_BADGES = 'V2ViaG9vazpQRVJTT05JTzpmNDExMTE5Ni0zYzVhLTRmMGUtOGE1MS01MDAwNTAwMDUwYzM';

/** An operation of the corpus. */
export interface CorpusEntry {
  readonly name: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** References by provider keys of webhooks, none of which there is. */
const strangers = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ __typename: 'Webhook', providerKey: `personio:stranger-${index}` }));

/** Operations of every kind over the sandbox's webhooks: those of the ledger, of the README and of GraphiQL. */
export const CORPUS: readonly CorpusEntry[] = [
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
  ...graphiqlExamples({ startedMs: Date.now() })
    // A subscription has no one answer.
    .filter(({ query }) => !/^subscription/m.test(query))
    .map(({ name, query }) => ({ name: `GraphiQL: ${name}`, query })),
];
