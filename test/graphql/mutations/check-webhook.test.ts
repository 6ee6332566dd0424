import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGate } from '../../support/gate.ts';
import { openSandboxGateway } from '../../support/gateway.ts';
import { type Answer, globalId, openStubGateway } from '../../support/stub-gateway.ts';
import type { UpstreamReply } from '../../support/stub-upstream.ts';
import { trulayerId, trulayerWebhooks } from '../../support/upstream-rows.ts';
import { PINGED_ID, personioRefusal, sentTo } from './written-requests.ts';

const ID = globalId('PERSONIO', PINGED_ID);
const WEBHOOK_PATH = `/v2/webhooks/${PINGED_ID}`;

const CHECK = `mutation Check($input: CheckWebhookInput!) {
  checkWebhook(input: $input) {
    isReady
    checks { eventName status reason delivery { eventName isDelivered statusCode outcome } }
  }
}`;

interface CheckData {
  readonly checkWebhook: {
    readonly isReady: boolean;
    readonly checks: readonly {
      readonly eventName: string;
      readonly status: string;
      readonly reason: string | null;
      readonly delivery: Readonly<Record<string, unknown>> | null;
    }[];
  };
}

const DELIVERED: UpstreamReply = { body: { is_delivered: true, attempts: 1, status_code: 200 } };

/** A Personio with one webhook for these events; `answerWrite` decides pings and test events. */
function webhookFor(events: readonly string[] | undefined, answerWrite: Answer = () => DELIVERED): Answer {
  const row = { id: PINGED_ID, url: 'https://example.com/a', description: 'A', enabled_events: events };
  return (request) => (request.method === 'GET' ? { body: row } : answerWrite(request));
}

const testEvent = (eventName: string, payload: Readonly<Record<string, string>>) => [
  'POST',
  `${WEBHOOK_PATH}/test-event`,
  JSON.stringify({ event_name: eventName, payload_data: payload }),
];
const passed = (eventName: string) => ({
  eventName,
  status: 'PASSED',
  reason: null,
  delivery: { eventName, isDelivered: true, statusCode: 200, outcome: 'DELIVERED' },
});

describe('which deliveries are made', () => {
  test('the ping, then every enabled event but those that say something ended, with ids that no record has', async () => {
    const gateway = await openStubGateway({
      personio: webhookFor([
        'person.updated',
        'person.deleted',
        'employment.created',
        'employment.terminated',
        'document.signed',
        'person.updated',
      ]),
    });
    const { data, errors } = await gateway.query<CheckData>(CHECK, { input: { id: ID } });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      checkWebhook: {
        isReady: true,
        checks: [passed('ping'), passed('person.updated'), passed('employment.created'), passed('document.signed')],
      },
    });
    const [read, ping, ...events] = sentTo(gateway.personio);
    expect([read, ping]).toEqual([
      ['GET', WEBHOOK_PATH, ''],
      ['POST', `${WEBHOOK_PATH}/ping`, ''],
    ]);
    const byBody = (a: readonly unknown[], b: readonly unknown[]) => String(a[2]).localeCompare(String(b[2]));
    expect(events.toSorted(byBody)).toEqual(
      [
        testEvent('person.updated', { 'person.id': 'hookgraph-check-person-id' }),
        testEvent('employment.created', {
          'employment.id': 'hookgraph-check-employment-id',
          'person.id': 'hookgraph-check-person-id',
        }),
        testEvent('document.signed', {
          'document.id': 'hookgraph-check-document-id',
          'document.owner.id': 'hookgraph-check-document-owner-id',
        }),
      ].toSorted(byBody),
    );
  });

  test('exactly the named ones, in the order of their names, ended ones too', async () => {
    const gateway = await openStubGateway({
      personio: webhookFor(['person.created', 'person.updated', 'person.deleted']),
    });
    const { data } = await gateway.query<CheckData>(CHECK, {
      input: { id: ID, eventNames: ['person.deleted', 'person.created'] },
    });
    expect(data.checkWebhook.checks).toEqual([passed('ping'), passed('person.deleted'), passed('person.created')]);
    expect(gateway.personioCalls()).toHaveLength(4);
  });

  test('the ping alone where no events are named, or none are enabled', async () => {
    const gateway = await openStubGateway({ personio: webhookFor([]) });
    for (const eventNames of [[], undefined, null]) {
      const { data } = await gateway.query<CheckData>(CHECK, { input: { id: ID, eventNames } });
      expect(data.checkWebhook).toEqual({ isReady: true, checks: [passed('ping')] });
    }
  });

  test('any named one where the provider does not say what is enabled', async () => {
    const gateway = await openStubGateway({ personio: webhookFor(undefined) });
    const { data } = await gateway.query<CheckData>(CHECK, { input: { id: ID, eventNames: ['person.created'] } });
    expect(data.checkWebhook.checks).toEqual([passed('ping'), passed('person.created')]);
  });

  test.each([
    ['that is not enabled', ['person.updated', 'person.created'], 1],
    ['that is named twice', ['person.updated', 'person.updated'], 1],
    ['that is empty', ['', 'person.updated'], 0],
  ])('none where a name is given %s', async (_what, eventNames, index) => {
    const gateway = await openStubGateway({ personio: webhookFor(['person.updated']) });
    const { data, errors } = await gateway.query(CHECK, { input: { id: ID, eventNames } });
    expect(data).toEqual({ checkWebhook: null });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      {
        code: 'BAD_USER_INPUT',
        retryable: false,
        violations: [{ path: ['input', 'eventNames', index], message: errors?.[0]?.message }],
        requestId: expect.any(String),
      },
    ]);
    expect(gateway.personioCalls()).toEqual([`GET ${WEBHOOK_PATH}`]);
  });

  test('none where the webhook does not exist', async () => {
    const gateway = await openStubGateway({ personio: () => personioRefusal(404, { title: 'Webhook not found' }) });
    const { data, errors } = await gateway.query(CHECK, { input: { id: ID } });
    expect(data).toEqual({ checkWebhook: null });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['checkWebhook'], 'NOT_FOUND']]);
    expect(gateway.personioCalls()).toEqual([`GET ${WEBHOOK_PATH}`]);
  });

  test('no more than four at once, and no event before the ping is done', async () => {
    const fourArrived = createGate();
    const release = createGate();
    const seen = { inFlight: 0, most: 0, events: 0, pingIsDone: false, early: 0 };
    const gateway = await openStubGateway({
      personio: webhookFor(
        [
          'person.created',
          'person.updated',
          'employment.created',
          'employment.updated',
          'employment.started',
          'document.created',
          'document.updated',
          'document.signed',
          'attendance-period.created',
        ],
        async ({ url }) => {
          seen.inFlight += 1;
          seen.most = Math.max(seen.most, seen.inFlight);
          if (url.endsWith('/ping')) seen.pingIsDone = true;
          else {
            if (!seen.pingIsDone) seen.early += 1;
            seen.events += 1;
            if (seen.events === 4) fourArrived.open();
            await release.opened;
          }
          seen.inFlight -= 1;
          return DELIVERED;
        },
      ),
    });
    const check = gateway.query<CheckData>(CHECK, { input: { id: ID } });
    await fourArrived.opened;
    // Time enough for a fifth to arrive: whole reads through the same stub.
    for (let reads = 0; reads < 5; reads += 1) {
      await gateway.query('query ($id: ID!) { webhook(id: $id) { url } }', { id: ID });
    }
    expect(seen.events).toBe(4);
    release.open();
    const { data } = await check;
    expect(data.checkWebhook.checks).toHaveLength(10);
    expect(seen).toMatchObject({ most: 4, events: 9, early: 0, inFlight: 0 });
  });
});

describe('how they end', () => {
  test('a receiver that fails one event is not ready', async () => {
    const gateway = await openStubGateway({
      personio: webhookFor(['person.created', 'person.updated'], ({ body }) =>
        body.includes('person.updated') ? { body: { is_delivered: false, status_code: 500, attempts: 1 } } : DELIVERED,
      ),
    });
    const { data, errors } = await gateway.query<CheckData>(CHECK, { input: { id: ID } });
    expect(errors).toBeUndefined();
    expect(data.checkWebhook).toEqual({
      isReady: false,
      checks: [
        passed('ping'),
        passed('person.created'),
        {
          eventName: 'person.updated',
          status: 'FAILED',
          reason: 'The receiver answered 500.',
          delivery: { eventName: 'person.updated', isDelivered: false, statusCode: 500, outcome: 'SERVER_ERROR' },
        },
      ],
    });
  });

  test.each([
    [{ is_delivered: false, status_code: null }, 'The receiver gave no answer.'],
    [{ is_delivered: false, status_code: 302 }, 'The receiver answered 302; redirects are not followed.'],
    [{ is_delivered: false, status_code: 401 }, 'The receiver answered 401.'],
    [{}, 'The provider does not say how it ended.'],
  ])('a ping with %j fails the check: %s', async (body, reason) => {
    const gateway = await openStubGateway({ personio: webhookFor([], () => ({ body })) });
    const { data } = await gateway.query<CheckData>(CHECK, { input: { id: ID } });
    expect(data.checkWebhook.isReady).toBe(false);
    expect(data.checkWebhook.checks.map(({ status, reason: why }) => [status, why])).toEqual([['FAILED', reason]]);
  });

  test('an event that the provider refuses is a row, and the others go on', async () => {
    const gateway = await openStubGateway({
      personio: webhookFor(
        ['person.created', 'absence-period.created', 'payroll-run.closed', 'person.updated'],
        ({ body }) => {
          if (body.includes('absence-period')) return personioRefusal(400, { detail: "requires field 'absence.id'" });
          if (body.includes('person.created')) return personioRefusal(403, { detail: 'Access denied' });
          return DELIVERED;
        },
      ),
    });
    const { data, errors } = await gateway.query<CheckData>(CHECK, { input: { id: ID } });
    expect(errors).toBeUndefined();
    expect(data.checkWebhook).toEqual({
      isReady: false,
      checks: [
        passed('ping'),
        { eventName: 'person.created', status: 'FAILED', reason: 'Access denied', delivery: null },
        {
          eventName: 'absence-period.created',
          status: 'SKIPPED',
          reason:
            "The provider does not document what payload it needs, and refused the sample: requires field 'absence.id'",
          delivery: null,
        },
        {
          eventName: 'payroll-run.closed',
          status: 'SKIPPED',
          reason: 'The event is not in the catalogue: no sample payload is known for it.',
          delivery: null,
        },
        passed('person.updated'),
      ],
    });
    expect(gateway.personioCalls()).toHaveLength(5);
  });

  test.each<readonly [what: string, reply: UpstreamReply, reason: string]>([
    [
      'busy and says how long',
      { status: 429, headers: { 'retry-after': '3' }, body: '' },
      'Not tried: the provider is busy, wait 3 s.',
    ],
    ['busy', { status: 429, body: '' }, 'Not tried: the provider is busy, check again later.'],
    ['away', { status: 503, body: '' }, 'Not tried: the provider cannot be reached, check again later.'],
    [
      'away in the middle of its answer',
      { status: 500, body: '' },
      "The provider's answer is lost: whether the receiver got the event is not known.",
    ],
    [
      'not understood',
      { body: 'is_delivered' },
      "The provider's answer is lost: whether the receiver got the event is not known.",
    ],
    ['refusing without a word', { status: 403, body: '' }, 'The provider refused to deliver it (403).'],
  ])('a provider that is %s is not taken for the receiver', async (_what, reply, reason) => {
    const gateway = await openStubGateway({
      personio: webhookFor(['person.created'], ({ url }) => (url.endsWith('/ping') ? DELIVERED : reply)),
    });
    const { data, errors } = await gateway.query<CheckData>(CHECK, { input: { id: ID } });
    expect(errors).toBeUndefined();
    expect(data.checkWebhook).toEqual({
      isReady: false,
      checks: [passed('ping'), { eventName: 'person.created', status: 'FAILED', reason, delivery: null }],
    });
  });

  test('an event for which a slow provider leaves no time does not say that the provider is away', async () => {
    const events = ['person.created', 'person.updated', 'employment.created', 'employment.updated', 'document.signed'];
    const gateway = await openStubGateway({
      personio: webhookFor(events, ({ url }) => (url.endsWith('/ping') ? DELIVERED : new Promise(() => {}))),
      environment: { OPERATION_TIMEOUT_MS: '2000' },
    });
    const { data } = await gateway.query<CheckData>(CHECK, { input: { id: ID } });
    const lost = "The provider's answer is lost: whether the receiver got the event is not known.";
    expect(data.checkWebhook.checks.map(({ status, reason }) => [status, reason])).toEqual([
      ['PASSED', null],
      ...events.slice(0, 4).map(() => ['FAILED', lost]),
      ['FAILED', 'Not tried: the provider took too long, check again later.'],
    ]);
    // The webhook, the ping, and the four that were under way.
    expect(gateway.personioCalls()).toHaveLength(6);
  });

  test('a check that needs more upstream calls than one operation may make is LIMIT_EXCEEDED, whoever is ready', async () => {
    const gateway = await openStubGateway({
      personio: webhookFor(['person.created']),
      environment: { UPSTREAM_MAX_CALLS: '2' },
    });
    const { data, errors } = await gateway.query(CHECK, { input: { id: ID } });
    expect(data).toEqual({ checkWebhook: null });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['checkWebhook'], 'LIMIT_EXCEEDED'],
    ]);
    expect(gateway.personioCalls()).toEqual([`GET ${WEBHOOK_PATH}`, `POST ${WEBHOOK_PATH}/ping`]);
  });

  test('events that are skipped leave a webhook ready', async () => {
    const gateway = await openStubGateway({ personio: webhookFor(['payroll-run.closed']) });
    const { data } = await gateway.query<CheckData>(CHECK, { input: { id: ID } });
    expect(data.checkWebhook.isReady).toBe(true);
  });

  test('a ping that cannot be asked for is the error of the check, and no event is tried', async () => {
    const gateway = await openStubGateway({
      personio: webhookFor(['person.created'], () => ({ status: 500, body: 'oops' })),
      environment: { RETRY_MAX: '5' },
    });
    const { data, errors } = await gateway.query(CHECK, { input: { id: ID } });
    expect(data).toEqual({ checkWebhook: null });
    expect(errors?.map(({ extensions: { code, retryable } }) => ({ code, retryable }))).toEqual([
      { code: 'UPSTREAM_UNAVAILABLE', retryable: false },
    ]);
    expect(gateway.personioCalls()).toEqual([`GET ${WEBHOOK_PATH}`, `POST ${WEBHOOK_PATH}/ping`]);
  });

  test('a reason quotes no credential, even if the upstream does', async () => {
    const gateway = await openStubGateway({
      personio: webhookFor(['person.created'], ({ url, headers }) =>
        url.endsWith('/ping') ? DELIVERED : personioRefusal(403, { detail: `Refused: ${headers.authorization}` }),
      ),
    });
    const answered = await gateway.query<CheckData>(CHECK, { input: { id: ID } });
    expect(answered.data.checkWebhook.checks[1]?.reason).toBe('Refused: [redacted]');
    expect(JSON.stringify([answered, gateway.log])).not.toContain('papi-test-token');
  });
});

test('an event whose documented payload is refused has FAILED: the receiver is not known to be ready', async () => {
  const gateway = await openStubGateway({
    personio: webhookFor(['person.updated'], ({ url }) =>
      url.endsWith('/ping') ? DELIVERED : personioRefusal(400, { detail: 'The payload is not accepted' }),
    ),
  });
  const { data } = await gateway.query<CheckData>(CHECK, { input: { id: ID } });
  expect(data.checkWebhook).toMatchObject({
    isReady: false,
    checks: [
      { eventName: 'ping' },
      { eventName: 'person.updated', status: 'FAILED', reason: 'The payload is not accepted', delivery: null },
    ],
  });
});

test('a check whose webhook could not be read does not keep the next one in the operation from reading it', async () => {
  let reads = 0;
  const readable = webhookFor([]);
  const gateway = await openStubGateway({
    personio: (request) => {
      if (request.method === 'GET') reads += 1;
      return request.method === 'GET' && reads === 1 ? { status: 503, body: 'down' } : readable(request);
    },
  });
  const { data, errors } = await gateway.query(
    `mutation ($id: ID!) {
      first: checkWebhook(input: { id: $id }) { isReady }
      second: checkWebhook(input: { id: $id }) { isReady }
    }`,
    { id: ID },
  );
  expect(data).toEqual({ first: null, second: { isReady: true } });
  expect(errors?.map(({ path }) => path)).toEqual([['first']]);
});

test('the webhook in the payload is as it is after the deliveries, which may have made the provider disable it', async () => {
  const written: string[] = [];
  const row = { id: PINGED_ID, url: 'https://example.com/a', description: 'A', enabled_events: [] };
  const gateway = await openStubGateway({
    personio: ({ method, url }) => {
      if (method === 'GET') return { body: { ...row, status: written.length > 0 ? 'DISABLED' : 'ENABLED' } };
      written.push(url);
      return { body: { is_delivered: false, status_code: 410 } };
    },
  });
  const { data } = await gateway.query(
    'mutation ($id: ID!) { checkWebhook(input: { id: $id }) { webhookId webhook { status } isReady } }',
    { id: ID },
  );
  expect(data).toEqual({ checkWebhook: { webhookId: ID, webhook: { status: 'DISABLED' }, isReady: false } });
  expect(gateway.personioCalls()).toEqual([`GET ${WEBHOOK_PATH}`, `POST ${WEBHOOK_PATH}/ping`, `GET ${WEBHOOK_PATH}`]);
});

describe('at TruLayer', () => {
  const TRULAYER_ID = globalId('TRULAYER', trulayerId(1));
  const trulayer: Answer = ({ method }) =>
    method === 'GET' ? { body: { webhooks: trulayerWebhooks(1) } } : { body: { status: 200, body: '' } };

  test('events are SKIPPED with the reason, and the ping decides', async () => {
    const gateway = await openStubGateway({ trulayer });
    const { data, errors } = await gateway.query<CheckData>(CHECK, { input: { id: TRULAYER_ID } });
    expect(errors).toBeUndefined();
    expect(data.checkWebhook).toEqual({
      isReady: true,
      checks: [
        passed('ping'),
        {
          eventName: 'failure.detected',
          status: 'SKIPPED',
          reason: 'The API of TRULAYER cannot deliver test events.',
          delivery: null,
        },
      ],
    });
    expect(gateway.trulayerCalls()).toEqual(['GET /v1/webhooks', `POST /v1/webhooks/${trulayerId(1)}/test`]);
  });

  test('a receiver that is not reached is not ready', async () => {
    const gateway = await openStubGateway({
      trulayer: (request) => (request.method === 'GET' ? trulayer(request) : { body: { status: 0, body: '' } }),
    });
    const { data } = await gateway.query<CheckData>(CHECK, { input: { id: TRULAYER_ID, eventNames: [] } });
    expect(data.checkWebhook).toEqual({
      isReady: false,
      checks: [
        {
          eventName: 'ping',
          status: 'FAILED',
          reason: 'The receiver gave no answer.',
          delivery: { eventName: 'ping', isDelivered: false, statusCode: null, outcome: 'NO_RESPONSE' },
        },
      ],
    });
  });
});

describe('in the sandbox', () => {
  let gateway: Awaited<ReturnType<typeof openSandboxGateway>>;
  beforeAll(async () => {
    gateway = await openSandboxGateway();
  });
  afterAll(() => gateway.close());

  test('a healthy receiver gets each sample once, and is ready', async () => {
    const before = { requests: gateway.sandbox.requests.length };
    const { data, errors } = await gateway.query<CheckData>(CHECK, { input: { id: ID } });
    expect(errors).toBeUndefined();
    expect(data.checkWebhook.isReady).toBe(true);
    expect(data.checkWebhook.checks.map(({ eventName, status }) => [eventName, status])).toEqual([
      ['ping', 'PASSED'],
      ['person.created', 'PASSED'],
      ['person.updated', 'PASSED'],
      ['employment.created', 'PASSED'],
      ['employment.updated', 'PASSED'],
    ]);
    const sent = gateway.sandbox.requests.slice(before.requests).filter(({ path }) => path.startsWith(WEBHOOK_PATH));
    expect(sent.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      `GET ${WEBHOOK_PATH}`,
      `POST ${WEBHOOK_PATH}/ping`,
      ...Array.from({ length: 4 }, () => `POST ${WEBHOOK_PATH}/test-event`),
    ]);
    const received = gateway.sandbox.receiver.deliveries.map(({ body }) => {
      const { event_name: eventName, payload } = JSON.parse(body);
      return [eventName, payload];
    });
    const employment = {
      employment: { id: 'hookgraph-check-employment-id' },
      person: { id: 'hookgraph-check-person-id' },
    };
    expect(Object.fromEntries(received)).toMatchObject({
      ping: expect.anything(),
      'person.created': { person: { id: 'hookgraph-check-person-id' } },
      'person.updated': { person: { id: 'hookgraph-check-person-id' } },
      'employment.created': employment,
      'employment.updated': employment,
    });
    expect(received).toHaveLength(5);
  });

  test('a failing receiver is not ready, row by row', async () => {
    const id = globalId('PERSONIO', 'f4111196-3c5a-4f0e-8a51-5000500050c3');
    const { data } = await gateway.query<CheckData>(CHECK, { input: { id } });
    expect(data.checkWebhook.isReady).toBe(false);
    expect(data.checkWebhook.checks.map(({ eventName, status, reason }) => [eventName, status, reason])).toEqual([
      ['ping', 'FAILED', 'The receiver answered 500.'],
      ['person.created', 'FAILED', 'The receiver answered 500.'],
      ['employment.started', 'FAILED', 'The receiver answered 500.'],
    ]);
  });
});
