import { getOperationAST, Kind, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { graphiqlExamples } from '../../src/server/graphiql/examples.ts';
import { until } from '../support/fault-upstream.ts';
import { openSandboxGateway } from '../support/gateway.ts';
import { subscribe } from '../support/sse-stream.ts';

const WEBHOOK_ID = /"(V2ViaG9vaz[\w-]+)"/g;
const COMMENT = /^# .*$/gm;

/** What each one answers on the sandbox: its data in part, and the codes of its errors. */
const ANSWERS: Readonly<Record<string, { readonly data: unknown; readonly codes?: readonly string[] }>> = {
  AllWebhooks: {
    data: { webhooks: { nodes: expect.objectContaining({ length: 22 }), unavailableProviders: [] } },
  },
  DeliveryLog: {
    data: {
      webhook: {
        description: 'Payroll changes',
        activity: { nodes: expect.arrayContaining([expect.objectContaining({ outcome: 'SERVER_ERROR' })]) },
      },
    },
  },
  Providers: {
    data: {
      webhookProviders: [
        { name: 'PERSONIO', isSandbox: true, signing: null },
        { name: 'TRULAYER', isSandbox: true, signing: { header: 'X-TruLayer-Signature' } },
      ],
    },
  },
  AnError: { data: { notThere: null, tooMany: null }, codes: ['BAD_USER_INPUT', 'NOT_FOUND'] },
  PingAWebhook: { data: { pingWebhook: { delivery: { isDelivered: true, statusCode: 200 } } } },
  LiveTail: { data: { webhookActivity: { node: { eventName: 'ping', outcome: 'DELIVERED', statusCode: 200 } } } },
  SendATestEvent: { data: { sendTestEvent: { delivery: { eventName: 'person.updated', isDelivered: true } } } },
  UpdateAWebhook: { data: { updateWebhook: { webhook: { status: 'DISABLED' } } } },
  ARefusedUpdate: { data: { updateWebhook: null }, codes: ['UNPROCESSABLE'] },
  HealthOfAllWebhooks: {
    data: {
      webhooks: {
        nodes: expect.arrayContaining([
          expect.objectContaining({
            description: 'Access badges',
            health: expect.objectContaining({ state: 'FAILING', consecutiveFailures: 42 }),
          }),
        ]),
        unavailableProviders: [],
      },
    },
  },
  FindTheOutage: {
    data: {
      webhook: {
        outages: [{ statusCode: 503, endedAt: expect.any(String) }],
        redeliveryPreview: { batches: [{ eventCount: expect.any(Number) }] },
      },
    },
  },
  RedeliverTheOutage: {
    data: {
      redeliverWebhookEvents: {
        redeliveryId: expect.any(String),
        redelivery: { isCountComplete: true },
        webhook: { description: 'Payroll changes' },
      },
    },
  },
  ReadinessCheck: {
    data: {
      checkWebhook: {
        isReady: false,
        checks: [
          { eventName: 'ping', status: 'FAILED', delivery: { statusCode: 500 } },
          { eventName: 'person.created', status: 'FAILED' },
          { eventName: 'employment.started', status: 'FAILED' },
        ],
      },
    },
  },
};

describe.each(graphiqlExamples({ startedMs: Date.now() }))('$name', ({ name, query }) => {
  let opened: Awaited<ReturnType<typeof openSandboxGateway>>;
  beforeAll(async () => {
    opened = await openSandboxGateway({ environment: { TAIL_POLL_MS: '20' } });
  });
  afterAll(() => opened.close());

  test('is one operation of that name, valid against the schema', () => {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    expect(document.definitions.map((each) => each.kind === Kind.OPERATION_DEFINITION && each.name?.value)).toEqual([
      name,
    ]);
  });

  test('starts with a comment of lines that a small screen shows whole', () => {
    expect(query).toMatch(/^# /);
    expect(query.match(COMMENT)?.filter((line) => line.length > 50)).toEqual([]);
  });

  test('says of each id which webhook it is', async () => {
    for (const [, id] of query.matchAll(WEBHOOK_ID)) {
      const { data } = await opened.query<{ webhook: { description: string } | null }>(
        'query ($id: ID!) { webhook(id: $id) { description } }',
        { id },
      );
      expect(query).toContain(data.webhook ? `# Webhook: "${data.webhook.description}"` : '# id of no webhook');
    }
  });

  const isStream = getOperationAST(parse(query))?.operation === 'subscription';

  if (!isStream) {
    test('answers on the sandbox as it stands', async () => {
      const { status, data, errors = [] } = await opened.query(query);
      expect({ status, data, codes: errors.map(({ extensions }) => extensions.code).sort() }).toMatchObject({
        status: 200,
        codes: [],
        ...ANSWERS[name],
      });
      expect(ANSWERS).toHaveProperty(name);
    });
    return;
  }

  test('tells on the sandbox of what happens while it runs', async () => {
    const stream = await subscribe(await opened.gateway.listen(), { query });
    const polls = () => opened.sandbox.requests.filter(({ path }) => path.includes('/activity?')).length;
    await until(() => polls() >= 2);
    const ping = graphiqlExamples({ startedMs: Date.now() }).find((example) => example.name === 'PingAWebhook');
    await opened.query(ping?.query ?? '');
    expect(await stream.received(1)).toMatchObject([ANSWERS[name]]);
    expect(ANSWERS).toHaveProperty(name);
  });
});
