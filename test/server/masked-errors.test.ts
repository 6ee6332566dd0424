import { expect, onTestFinished, test } from 'vitest';
import { loadSettings } from '../../src/config/load-config.ts';
import type { WebhookProvider } from '../../src/domain/webhook-provider.ts';
import { createGateway } from '../../src/gateway.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';
import { createLogger } from '../../src/telemetry/logger.ts';

const SECRET = 'papi-secret-of-this-call';

/** A gateway whose Personio is an implementation of the port with a bug in it. */
function openFaultyGateway() {
  const log: Record<string, unknown>[] = [];
  const facts = { eventTypes: [], isEventListClosed: false, eventCatalogUrl: null, retentionDays: null } as const;
  const provider: WebhookProvider = {
    name: 'PERSONIO',
    facts: { ...facts, maxEventsPerRedelivery: null, signing: null, retryPolicy: null },
    hasCredentials: () => true,
    listWebhooks: async (_filter, _page, scope) => {
      scope.keepSecret(SECRET);
      throw new TypeError(`cannot read the row with ${SECRET}`);
    },
    getWebhooks: () => Promise.reject(new RangeError('a bug in the loader')),
    close: () => Promise.resolve(),
  };
  const gateway = createGateway({
    directAfter: process.env.DIRECT_WAY === 'true' ? 'once' : 'twice',
    settings: loadSettings({}),
    providers: PROVIDERS.map((definition) => {
      const configured = definition.configure({});
      return configured.name === 'PERSONIO' ? { ...configured, create: () => provider } : configured;
    }),
    isSandbox: false,
    logger: createLogger({ destination: { write: (line) => void log.push(JSON.parse(line)) } }),
  });
  onTestFinished(gateway.close);
  const query = async (document: string) => {
    const response = await gateway.fetch(
      new Request('http://localhost/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', host: 'localhost', 'x-request-id': 'request-1' },
        body: JSON.stringify({ query: document }),
      }),
    );
    return { status: response.status, answer: await response.json() };
  };
  return { query, log };
}

test('a fault of ours is masked, and its cause is in the log under the request id, without its secrets', async () => {
  const { query, log } = openFaultyGateway();
  const { status, answer } = await query('{ webhooks { edges { cursor } } webhookProviders { name } }');
  expect(status).toBe(200);
  expect(answer).toEqual({
    data: { webhooks: null, webhookProviders: [{ name: 'PERSONIO' }, { name: 'TRULAYER' }] },
    errors: [
      {
        message: 'Internal server error.',
        path: ['webhooks'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId: 'request-1' },
      },
    ],
  });
  expect(log).toMatchObject([{ requestId: 'request-1', path: ['webhooks'], msg: 'a resolver failed' }]);
  expect(log[0]?.cause).toMatch(/^TypeError: cannot read the row with \[redacted\]\n +at /);
});

test('a fault of the loader takes only the places that it concerns', async () => {
  const { query } = openFaultyGateway();
  const { answer } = await query(
    '{ _entities(representations: [{ __typename: "Webhook", providerKey: "personio:1" }, { __typename: "Webhook", id: "garbage" }]) { __typename } }',
  );
  expect(answer.data).toEqual({ _entities: [null, null] });
  const codes = answer.errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code);
  expect(new Set(codes)).toEqual(new Set(['INTERNAL_SERVER_ERROR', 'BAD_USER_INPUT']));
});
