import { describe, expect, test } from 'vitest';
import { PERSONIO_WEBHOOK_IDS } from '../../src/sandbox/personio/seeded-webhooks.ts';
import { openSandboxGateway } from '../support/gateway.ts';
import {
  createNumbers,
  delivery,
  type EventRow,
  event,
  failure,
  HOOK_ID,
  logCalls,
  NOW,
  openLogGateway,
  useFixedClock,
} from '../support/log-upstream.ts';
import { globalId, openStubGateway, type StubGateway } from '../support/stub-gateway.ts';
import { trulayerId, trulayerWebhooks } from '../support/upstream-rows.ts';

useFixedClock();

interface Batch {
  readonly from: string;
  readonly to: string;
  readonly eventCount: number;
}

interface Preview {
  readonly eventCount: number;
  readonly byEventName: readonly { readonly eventName: string; readonly count: number }[];
  readonly batches: readonly Batch[];
  readonly isComplete: boolean;
}

const PREVIEW = `query Preview($id: ID!, $occurredAt: WebhookTimeRange!) {
  webhook(id: $id) {
    redeliveryPreview(occurredAt: $occurredAt) {
      eventCount byEventName { eventName count } batches { from to eventCount } isComplete
    }
  }
}`;

const REDELIVERY = `query Redelivery($id: ID!, $redeliveryId: ID!) {
  webhook(id: $id) { redelivery(redeliveryId: $redeliveryId) { redeliveryId delivered failed isCountComplete } }
}`;

const ID = globalId('PERSONIO', HOOK_ID);

async function preview(gateway: Pick<StubGateway, 'query'>, occurredAt: Readonly<Record<string, unknown>>, id = ID) {
  const { data, errors } = await gateway.query<{ webhook: { redeliveryPreview: Preview | null } }>(PREVIEW, {
    id,
    occurredAt,
  });
  return { preview: data.webhook.redeliveryPreview, errors };
}

async function follow(gateway: Pick<StubGateway, 'query'>, redeliveryId: string, id = ID) {
  const { data, errors } = await gateway.query<{ webhook: { redelivery: Readonly<Record<string, unknown>> | null } }>(
    REDELIVERY,
    { id, redeliveryId },
  );
  return { redelivery: data.webhook.redelivery, errors };
}

describe('redeliveryPreview', () => {
  test('counts the events of the window by name, in one batch', async () => {
    const gateway = await openLogGateway([
      {
        events: [
          event('11:00:00Z'),
          event('10:00:00Z', { event_name: 'person.created' }),
          event('09:00:00Z'),
          event('08:59:59.999Z'),
        ],
      },
    ]);
    const answer = await preview(gateway, { gte: '2026-11-21T09:00:00Z', lte: '2026-11-21T11:30:00Z' });
    expect(answer).toEqual({
      preview: {
        eventCount: 3,
        byEventName: [
          { eventName: 'person.updated', count: 2 },
          { eventName: 'person.created', count: 1 },
        ],
        batches: [{ from: '2026-11-21T09:00:00Z', to: '2026-11-21T11:30:00Z', eventCount: 3 }],
        isComplete: true,
      },
      errors: undefined,
    });
    expect(logCalls(gateway, 'events')).toEqual([
      'occurred_at.gte=2026-11-21T09:00:00Z&occurred_at.lte=2026-11-21T11:30:00Z&limit=200',
    ]);
  });

  test('of thousands of events has batches of at most a hundred that hold each event once', async () => {
    const next = createNumbers(3);
    const events: readonly EventRow[] = Array.from({ length: 1_234 }, () =>
      event(new Date(Math.floor((Date.parse(NOW) - next() * 86_400_000) / 20_000) * 20_000).toISOString(), {
        event_name: next() < 0.5 ? 'person.created' : 'person.updated',
      }),
    );
    const gateway = await openLogGateway([{ events }]);
    const [gte, lte] = ['2026-11-20T15:00:00.000Z', '2026-11-21T11:11:11.111Z'];
    const { preview: plan, errors } = await preview(gateway, { gte, lte });
    const inside = events.filter(({ occurred_at: at }) => at >= gte && at <= lte);
    expect(errors).toBeUndefined();
    expect(plan?.eventCount).toBe(inside.length);
    expect(plan?.isComplete).toBe(true);
    for (const { eventName, count } of plan?.byEventName ?? []) {
      expect(count).toBe(inside.filter((row) => row.event_name === eventName).length);
    }
    const batches = plan?.batches ?? [];
    const held = (at: string) =>
      batches.filter(({ from, to }) => Date.parse(from) <= Date.parse(at) && Date.parse(at) <= Date.parse(to));
    expect(inside.every(({ occurred_at: at }) => held(at).length === 1)).toBe(true);
    expect(batches.every(({ eventCount }) => eventCount <= 100)).toBe(true);
    expect(batches.map(({ eventCount }) => eventCount).reduce((sum, count) => sum + count, 0)).toBe(inside.length);
    expect(batches.at(0)?.from).toBe(gte);
    expect(batches.at(-1)?.to).toBe(lte);
    expect(logCalls(gateway, 'events')).toHaveLength(Math.ceil(inside.length / 200));
  });

  test('is not complete where the page budget ends it, and plans only what it read', async () => {
    const events = Array.from({ length: 350 }, (_, index) =>
      event(new Date(Date.parse(NOW) - (index + 1) * 1_000).toISOString()),
    );
    const gateway = await openLogGateway([{ events }], { environment: { SCAN_MAX_PAGES: '1' } });
    const { preview: plan } = await preview(gateway, { gte: '2026-11-21T00:00:00Z' });
    expect(plan).toMatchObject({ eventCount: 200, isComplete: false });
    // The first by itself: more may have occurred in the moment in which the reading ended.
    expect(plan?.batches.map(({ eventCount }) => eventCount)).toEqual([1, 100, 99]);
    expect(plan?.batches[0]?.from).toBe('2026-11-21T11:56:40.000Z');
  });

  test('has no batch of more events than fit one call, although the page budget ends among those of one moment', async () => {
    const before = Array.from({ length: 5 }, () => event('11:00:00Z'));
    const after = Array.from({ length: 198 }, (_, index) =>
      event(new Date(Date.parse(NOW) - (index + 1) * 1_000).toISOString()),
    );
    const events = [...before, ...after];
    const gateway = await openLogGateway([{ events }], { environment: { SCAN_MAX_PAGES: '1' } });
    const { preview: plan } = await preview(gateway, { gte: '2026-11-21T00:00:00Z' });
    const sent = plan?.batches.map(({ from, to }) => {
      const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
      return events.filter(({ occurred_at: at }) => fromMs <= Date.parse(at) && Date.parse(at) <= toMs).length;
    });
    expect(sent).toEqual([5, 100, 98]);
  });

  test('of a window that ends later holds each event once, although others occur while they are read', async () => {
    const events = Array.from({ length: 450 }, (_, index) => event('11:00:00Z', { company_id: String(index) }));
    let hasBegun = false;
    const gateway = await openLogGateway([{ events }], {
      cursors: 'offsets',
      before: ({ url }) => {
        if (!url.includes('/events')) return undefined;
        if (hasBegun) events.push(event('12:00:01Z'), event('12:00:01Z'));
        hasBegun = true;
        return undefined;
      },
    });
    const { preview: plan } = await preview(gateway, { gte: '2026-11-21T00:00:00Z', lte: '2026-11-22T00:00:00Z' });
    expect(plan?.eventCount).toBe(450);
  });

  test('skips an event that cannot be read, and is not complete', async () => {
    const gateway = await openLogGateway([
      { events: [event('11:00:00Z'), { broken: 'nonsense', at: '2026-11-21T10:00:00Z' }] },
    ]);
    const { preview: plan, errors } = await preview(gateway, { gte: '2026-11-21T00:00:00Z' });
    expect(errors).toBeUndefined();
    expect(plan).toMatchObject({ eventCount: 1, isComplete: false });
  });

  test('cuts the window to what the provider keeps', async () => {
    const gateway = await openLogGateway([{ events: [event('2026-10-22T12:00:00.000Z')] }]);
    const { preview: plan } = await preview(gateway, { lte: '2026-11-01T00:00:00Z' });
    expect(plan?.batches).toEqual([{ from: '2026-10-22T12:00:00.000Z', to: '2026-11-01T00:00:00Z', eventCount: 1 }]);
  });

  test.each([
    ['gte after lte', { gte: NOW, lte: '2026-11-20T00:00:00Z' }, ['occurredAt', 'gte']],
    ['neither end', {}, ['occurredAt']],
  ])('with %s is BAD_USER_INPUT, and nothing is asked upstream', async (_, occurredAt, path) => {
    const gateway = await openLogGateway([{}]);
    const { preview: plan, errors } = await preview(gateway, occurredAt);
    expect(plan).toBeNull();
    expect(errors).toMatchObject([
      { path: ['webhook', 'redeliveryPreview'], extensions: { code: 'BAD_USER_INPUT', violations: [{ path }] } },
    ]);
    expect(logCalls(gateway, 'events')).toEqual([]);
  });
});

describe('redelivery', () => {
  test('counts the entries of its id over the whole log, and no others', async () => {
    const activity = [
      ...Array.from({ length: 230 }, (_, index) =>
        delivery('2026-11-01T10:00:00Z', { redelivery_id: 'r-1', attempts: index }),
      ),
      ...Array.from({ length: 20 }, () => failure('2026-11-01T10:00:00Z', { redelivery_id: 'r-1' })),
      delivery('11:00:00Z', { redelivery_id: 'r-2' }),
      failure('11:00:00Z'),
    ];
    const gateway = await openLogGateway([{ activity }]);
    expect(await follow(gateway, 'r-1')).toEqual({
      redelivery: { redeliveryId: 'r-1', delivered: 230, failed: 20, isCountComplete: true },
      errors: undefined,
    });
    const calls = logCalls(gateway, 'activity');
    expect(calls[0]).toBe('redelivery_id=r-1&limit=200');
    expect(calls).toHaveLength(2);
  });

  test('that nothing bears yet is zeroes, never «finished»', async () => {
    const gateway = await openLogGateway([{ activity: [delivery('11:00:00Z')] }]);
    expect((await follow(gateway, 'r-9')).redelivery).toEqual({
      redeliveryId: 'r-9',
      delivered: 0,
      failed: 0,
      isCountComplete: true,
    });
  });

  test('counts entries that were completed after the operation began', async () => {
    const gateway = await openLogGateway([{ activity: [delivery('12:00:05Z', { redelivery_id: 'r-1' })] }]);
    expect((await follow(gateway, 'r-1')).redelivery).toMatchObject({ delivered: 1 });
  });

  test('counts each entry once, although others arrive while they are read', async () => {
    const run = { redelivery_id: 'r-1' };
    const activity = [
      ...Array.from({ length: 300 }, (_, index) => delivery('11:00:00Z', { ...run, event_name: `event.${index}` })),
      // These say the same, and are twenty.
      ...Array.from({ length: 20 }, () => failure('10:00:00Z', run)),
    ];
    let hasBegun = false;
    const gateway = await openLogGateway([{ activity }], {
      cursors: 'offsets',
      before: ({ url }) => {
        if (!url.includes('/activity')) return undefined;
        if (hasBegun) activity.push(delivery('12:00:01Z', run), delivery('12:00:01Z', run), failure('12:00:01Z', run));
        hasBegun = true;
        return undefined;
      },
    });
    expect((await follow(gateway, 'r-1')).redelivery).toEqual({
      redeliveryId: 'r-1',
      delivered: 300,
      failed: 20,
      isCountComplete: true,
    });
  });

  test('is not counted completely where the page budget ends the scan', async () => {
    const activity = Array.from({ length: 201 }, () => delivery('11:00:00Z', { redelivery_id: 'r-1' }));
    const gateway = await openLogGateway([{ activity }], { environment: { SCAN_MAX_PAGES: '1' } });
    expect((await follow(gateway, 'r-1')).redelivery).toMatchObject({ delivered: 200, isCountComplete: false });
  });

  test.each(['', '  '])('with the id %j is BAD_USER_INPUT', async (redeliveryId) => {
    const gateway = await openLogGateway([{}]);
    const { redelivery, errors } = await follow(gateway, redeliveryId);
    expect(redelivery).toBeNull();
    expect(errors).toMatchObject([
      {
        path: ['webhook', 'redelivery'],
        extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['redeliveryId'] }] },
      },
    ]);
    expect(gateway.personioCalls()).toHaveLength(1);
  });

  test('that the upstream refuses is null with the error', async () => {
    const gateway = await openLogGateway([{}], {
      before: ({ url }) =>
        url.includes('/activity') ? { status: 429, body: {}, headers: { 'retry-after': '7' } } : undefined,
    });
    const { redelivery, errors } = await follow(gateway, 'r-1');
    expect(redelivery).toBeNull();
    expect(errors).toMatchObject([
      { path: ['webhook', 'redelivery'], extensions: { code: 'RATE_LIMITED', upstream: { retryAfter: 7 } } },
    ]);
  });
});

test('TruLayer redelivers nothing: both are null without an error or a call', async () => {
  const gateway = await openStubGateway({ trulayer: () => ({ body: { webhooks: trulayerWebhooks(1) } }) });
  const id = globalId('TRULAYER', trulayerId(1));
  expect(await preview(gateway, { gte: '2026-11-20T00:00:00Z' }, id)).toEqual({ preview: null, errors: undefined });
  expect(await follow(gateway, 'r-1', id)).toEqual({ redelivery: null, errors: undefined });
  expect(gateway.trulayerCalls()).toHaveLength(2);
});

test("the sandbox's past redelivery is counted as its log has it", async () => {
  const gateway = await openSandboxGateway({ sandbox: { now: () => Date.parse(NOW) } });
  const id = globalId('PERSONIO', PERSONIO_WEBHOOK_IDS.healthy);
  const { redelivery, errors } = await follow(gateway, '2da86fee-6e01-488b-9071-e6ad49a33c80', id);
  const { data } = await gateway.query<{ webhook: { activity: { nodes: readonly { isDelivered: boolean }[] } } }>(
    `{ webhook(id: "${id}") { activity(first: 200, filter: {redeliveryId: "2da86fee-6e01-488b-9071-e6ad49a33c80"}) { nodes { isDelivered } } } }`,
  );
  await gateway.close();
  const { nodes } = data.webhook.activity;
  expect(errors).toBeUndefined();
  expect(nodes.length).toBeGreaterThan(1);
  expect(redelivery).toEqual({
    redeliveryId: '2da86fee-6e01-488b-9071-e6ad49a33c80',
    delivered: nodes.filter(({ isDelivered }) => isDelivered).length,
    failed: 1,
    isCountComplete: true,
  });
});

const REDELIVER = `mutation Redeliver($id: ID!, $occurredAt: WebhookTimeRange!) {
  redeliverWebhookEvents(input: { webhookId: $id, occurredAt: $occurredAt }) { redeliveryId }
}`;

test('a redelivery is known by the id of its run, also where the answer has an id of its own', async () => {
  const gateway = await openLogGateway([{}], {
    before: ({ method }) => (method === 'POST' ? { body: { id: 'answer-1', redelivery_id: 'r-1' } } : undefined),
  });
  const { data } = await gateway.query(REDELIVER, { id: ID, occurredAt: { gte: '2026-11-21T00:00:00Z' } });
  expect(data).toEqual({ redeliverWebhookEvents: { redeliveryId: 'r-1' } });
});

test.each([
  ['is the one under the other name', { redelivery_id: '', id: 'r-1' }, 'r-1'],
  ['is none where there is no other', { redelivery_id: ' ' }, null],
])('the id of a run whose name is blank %s', async (_what, accepted, redeliveryId) => {
  const gateway = await openLogGateway([{}], {
    before: ({ method }) => (method === 'POST' ? { body: accepted } : undefined),
  });
  const { data } = await gateway.query(REDELIVER, { id: ID, occurredAt: { gte: '2026-11-21T00:00:00Z' } });
  expect(data).toEqual({ redeliverWebhookEvents: { redeliveryId } });
});

describe('a window that begins where the memory of the provider ends', () => {
  const redeliver = async (occurredAt: Readonly<Record<string, unknown>>) => {
    const gateway = await openLogGateway([{}], {
      before: ({ method }) => (method === 'POST' ? { body: { redelivery_id: 'r-1' } } : undefined),
    });
    const { data, errors } = await gateway.query(REDELIVER, { id: ID, occurredAt });
    const sent = gateway.personio.requests.flatMap(({ method, body }) => (method === 'POST' ? JSON.parse(body) : []));
    return { data, errors, sent };
  };

  test('is redelivered although that end has moved on since it was told', async () => {
    // Thirty days and half a second before now.
    const { data, errors, sent } = await redeliver({ gte: '2026-10-22T11:59:59.500Z', lte: '2026-10-23T00:00:00Z' });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ redeliverWebhookEvents: { redeliveryId: 'r-1' } });
    expect(sent).toEqual([{ 'occurred_at.lte': '2026-10-23T00:00:00Z' }]);
  });

  test('and has no other end reaches to now', async () => {
    const { sent } = await redeliver({ gte: '2026-10-22T11:59:59.500Z' });
    expect(sent).toEqual([{ 'occurred_at.lte': NOW }]);
  });

  test('and so is one without a beginning that has just ended there', async () => {
    const { errors, sent } = await redeliver({ lte: '2026-10-22T11:59:59.500Z' });
    expect(errors).toBeUndefined();
    expect(sent).toEqual([{ 'occurred_at.lte': '2026-10-22T11:59:59.500Z' }]);
  });

  test('but not one that ended a day before it', async () => {
    const { errors, sent } = await redeliver({ lte: '2026-10-21T12:00:00Z' });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      violations: [{ path: ['input', 'occurredAt', 'lte'], message: 'lte must be at most 30 days back.' }],
    });
    expect(sent).toEqual([]);
  });

  test('nor one that began a day before it', async () => {
    const { errors, sent } = await redeliver({ gte: '2026-10-21T12:00:00Z', lte: '2026-10-23T00:00:00Z' });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      violations: [{ path: ['input', 'occurredAt', 'gte'] }],
    });
    expect(sent).toEqual([]);
  });
});
