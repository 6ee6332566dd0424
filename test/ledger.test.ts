import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSandboxGateway } from './support/gateway.ts';
import { CORPUS } from './support/operation-corpus.ts';

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
