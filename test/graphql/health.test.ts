import { describe, expect, test } from 'vitest';
import { PERSONIO_WEBHOOK_IDS } from '../../src/sandbox/personio/seeded-webhooks.ts';
import { openSandboxGateway } from '../support/gateway.ts';
import {
  type ActivityRow,
  delivery,
  event,
  failure,
  HOOK_ID,
  type LoggedWebhook,
  largeActivity,
  logCalls,
  NOW,
  openLogGateway,
  useFixedClock,
} from '../support/log-upstream.ts';
import { globalId, openStubGateway, type StubGateway } from '../support/stub-gateway.ts';
import { trulayerId, trulayerWebhooks } from '../support/upstream-rows.ts';

useFixedClock();

const HEALTH = `query Health($id: ID!, $window: WebhookTimeRange) {
  webhook(id: $id) { health(window: $window) { state since consecutiveFailures isComplete } }
}`;

interface Health {
  readonly state: string;
  readonly since: string | null;
  readonly consecutiveFailures: number | null;
  readonly isComplete: boolean;
}

async function readHealth(
  gateway: Pick<StubGateway, 'query'>,
  window?: Readonly<Record<string, string>>,
  id = globalId('PERSONIO', HOOK_ID),
) {
  const { data, errors } = await gateway.query<{ webhook: { health: Health | null } }>(HEALTH, { id, window });
  return { health: data.webhook.health, errors };
}

/** `count` entries, one each minute up to `until` (of 2026-11-21). */
function everyMinute(count: number, until: string, make: (time: string) => ActivityRow): readonly ActivityRow[] {
  const untilMs = Date.parse(`2026-11-21T${until}`);
  return Array.from({ length: count }, (_, index) => make(new Date(untilMs - index * 60_000).toISOString()));
}

describe('the rules', () => {
  test.each<[string, LoggedWebhook, Health]>([
    [
      'HEALTHY where all were delivered',
      { activity: everyMinute(3, '11:00:00Z', delivery) },
      { state: 'HEALTHY', since: '2026-11-21T10:58:00.000Z', consecutiveFailures: 0, isComplete: true },
    ],
    [
      'HEALTHY at exactly 95 %, since the last failure was over',
      { activity: [...everyMinute(19, '11:00:00Z', delivery), failure('10:00:00Z')] },
      { state: 'HEALTHY', since: '2026-11-21T10:42:00.000Z', consecutiveFailures: 0, isComplete: true },
    ],
    [
      'DEGRADED under 95 %, since the failure that took it there',
      { activity: [...everyMinute(18, '11:00:00Z', delivery), failure('10:00:00Z')] },
      { state: 'DEGRADED', since: '2026-11-21T10:00:00Z', consecutiveFailures: 0, isComplete: true },
    ],
    [
      'DEGRADED where the last one failed',
      { activity: [failure('11:01:00Z'), ...everyMinute(50, '11:00:00Z', delivery)] },
      { state: 'DEGRADED', since: '2026-11-21T11:01:00Z', consecutiveFailures: 1, isComplete: true },
    ],
    [
      'DEGRADED where the last four failed',
      { activity: [...everyMinute(4, '11:00:00Z', failure), delivery('10:00:00Z')] },
      { state: 'DEGRADED', since: '2026-11-21T10:57:00.000Z', consecutiveFailures: 4, isComplete: true },
    ],
    [
      'FAILING where the last five failed',
      { activity: [...everyMinute(5, '11:00:00Z', failure), delivery('10:00:00Z')] },
      { state: 'FAILING', since: '2026-11-21T10:56:00.000Z', consecutiveFailures: 5, isComplete: true },
    ],
    [
      'FAILING where three failed and none was delivered',
      { activity: everyMinute(3, '11:00:00Z', failure) },
      { state: 'FAILING', since: '2026-11-21T10:58:00.000Z', consecutiveFailures: 3, isComplete: true },
    ],
    [
      'DEGRADED where two failed and none was delivered',
      { activity: everyMinute(2, '11:00:00Z', failure) },
      { state: 'DEGRADED', since: '2026-11-21T10:59:00.000Z', consecutiveFailures: 2, isComplete: true },
    ],
    [
      'SILENT where events occurred and nothing was tried',
      { events: [event('11:00:00Z')] },
      { state: 'SILENT', since: null, consecutiveFailures: 0, isComplete: true },
    ],
    [
      'IDLE where neither happened in the window',
      { events: [event('2026-11-20T11:59:59Z')], activity: [delivery('2026-11-20T11:59:59Z')] },
      { state: 'IDLE', since: null, consecutiveFailures: 0, isComplete: true },
    ],
    [
      'DISABLED by status, whatever was delivered before',
      { row: { status: 'DISABLED' }, activity: everyMinute(6, '11:00:00Z', failure) },
      { state: 'DISABLED', since: null, consecutiveFailures: 6, isComplete: true },
    ],
    [
      'HEALTHY where the provider does not say whether it is enabled',
      { row: { status: undefined }, activity: [delivery('11:00:00Z')] },
      { state: 'HEALTHY', since: '2026-11-21T11:00:00Z', consecutiveFailures: 0, isComplete: true },
    ],
    [
      'UNKNOWN where the only entry cannot be read',
      { activity: [{ broken: null, at: '2026-11-21T11:00:00Z' }], events: [event('11:00:00Z')] },
      { state: 'UNKNOWN', since: null, consecutiveFailures: null, isComplete: false },
    ],
    [
      'UNKNOWN where the only event cannot be read',
      { events: [{ broken: 7, at: '2026-11-21T11:00:00Z' }] },
      { state: 'UNKNOWN', since: null, consecutiveFailures: 0, isComplete: false },
    ],
  ])('%s', async (_, webhook, expected) => {
    const gateway = await openLogGateway([webhook]);
    expect(await readHealth(gateway)).toEqual({ health: expected, errors: undefined });
  });

  test('entries of one moment are judged in the order of the upstream', async () => {
    const gateway = await openLogGateway([{ activity: [failure('11:00:00Z'), delivery('11:00:00Z')] }]);
    expect((await readHealth(gateway)).health).toMatchObject({ state: 'DEGRADED', consecutiveFailures: 0 });
  });

  test('over thousands of entries the state follows from counting them', async () => {
    const activity = largeActivity(2_345);
    const gateway = await openLogGateway([{ activity }]);
    const window = { gte: '2026-11-15T10:11:12Z', lte: '2026-11-20T09:08:07Z' };
    const inside = activity
      .filter(({ completed_at: at }) => at >= '2026-11-15T10:11:12.000Z' && at <= '2026-11-20T09:08:07.000Z')
      .map((row, sequence) => ({ row, sequence }))
      .sort((a, b) =>
        a.row.completed_at === b.row.completed_at
          ? b.sequence - a.sequence
          : a.row.completed_at < b.row.completed_at
            ? 1
            : -1,
      );
    const consecutiveFailures = inside.findIndex(({ row }) => row.is_delivered);
    const { health } = await readHealth(gateway, window);
    expect(health).toMatchObject({
      state: consecutiveFailures >= 5 ? 'FAILING' : 'DEGRADED',
      consecutiveFailures,
      isComplete: true,
    });
  });
});

describe('calls upstream', () => {
  test('a webhook with deliveries is judged without its events', async () => {
    const gateway = await openLogGateway([{ activity: [delivery('11:00:00Z')], events: [event('11:00:00Z')] }]);
    await readHealth(gateway);
    expect(logCalls(gateway, 'events')).toEqual([]);
  });

  test('where nothing was tried, one event of the same window is asked for', async () => {
    const gateway = await openLogGateway([{ events: [event('11:00:00Z'), event('10:00:00Z')] }]);
    await readHealth(gateway, { gte: '2026-11-21T00:00:00Z', lte: '2026-11-21T11:30:00Z' });
    expect(logCalls(gateway, 'activity')).toEqual([
      'completed_at.gte=2026-11-21T00:00:00Z&completed_at.lte=2026-11-21T11:30:00Z&limit=200',
    ]);
    expect(logCalls(gateway, 'events')).toEqual([
      'occurred_at.gte=2026-11-21T00:00:00Z&occurred_at.lte=2026-11-21T11:30:00Z&limit=1',
    ]);
  });

  test.each([
    ['leads on', { href: 'https://api.personio.de/v2/any?cursor=next' }],
    ['breaks off', { href: 'https://api.personio.de/v2/any?page_token=abc' }],
  ])('an empty page of events that %s does not say that there was none', async (_how, next) => {
    const gateway = await openLogGateway([{}], {
      before: ({ url }) => (url.includes('/events') ? { body: { _data: [], _meta: { links: { next } } } } : undefined),
    });
    const { health } = await readHealth(gateway);
    expect(health).toMatchObject({ state: 'UNKNOWN', isComplete: false });
    expect(logCalls(gateway, 'events')).toHaveLength(1);
  });

  test('events that cannot be read are an error of the health alone', async () => {
    const gateway = await openLogGateway([{}], {
      before: ({ url }) => (url.includes('/events') ? { status: 500, body: 'down' } : undefined),
    });
    const { data, errors } = await gateway.query(
      `{ webhook(id: "${globalId('PERSONIO', HOOK_ID)}") { health { state } deliveryStats { total } } }`,
    );
    expect(data).toEqual({ webhook: { health: null, deliveryStats: { total: 0 } } });
    expect(errors).toMatchObject([{ path: ['webhook', 'health'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  });

  test('an impossible window is BAD_USER_INPUT and asks nothing', async () => {
    const gateway = await openLogGateway([{}]);
    const { health, errors } = await readHealth(gateway, { gte: NOW, lte: '2026-11-21T11:59:59.999Z' });
    expect(health).toBeNull();
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['window', 'gte'] }] } },
    ]);
    expect(gateway.personioCalls()).toHaveLength(1);
  });
});

test('TruLayer publishes no log: DISABLED by status, else UNKNOWN, without a call', async () => {
  const gateway = await openStubGateway({ trulayer: () => ({ body: { webhooks: trulayerWebhooks(2) } }) });
  const { data, errors } = await gateway.query(
    '{ webhooks { nodes { health { state since consecutiveFailures isComplete } } } }',
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    webhooks: {
      nodes: [
        { health: { state: 'UNKNOWN', since: null, consecutiveFailures: null, isComplete: true } },
        { health: { state: 'DISABLED', since: null, consecutiveFailures: null, isComplete: true } },
      ],
    },
  });
  expect(gateway.trulayerCalls()).toHaveLength(1);
  expect((await readHealth(gateway, undefined, globalId('TRULAYER', trulayerId(1)))).health?.state).toBe('UNKNOWN');
});

test("the sandbox's webhooks are what they are meant to show", async () => {
  const gateway = await openSandboxGateway({ sandbox: { now: () => Date.parse(NOW) } });
  const { data, errors } = await gateway.query<{
    webhooks: { nodes: readonly { providerId: string; health: { state: string } }[] };
  }>('{ webhooks(filter: {providers: [PERSONIO]}) { nodes { providerId health { state } } } }');
  await gateway.close();
  expect(errors).toBeUndefined();
  const states = new Map(data.webhooks.nodes.map(({ providerId, health }) => [providerId, health.state]));
  expect(states.get(PERSONIO_WEBHOOK_IDS.healthy)).toBe('HEALTHY');
  expect(states.get(PERSONIO_WEBHOOK_IDS.failing)).toBe('FAILING');
  expect(states.get(PERSONIO_WEBHOOK_IDS.degraded)).toBe('DEGRADED');
  expect(states.get(PERSONIO_WEBHOOK_IDS.disabled)).toBe('DISABLED');
  expect(states.get(PERSONIO_WEBHOOK_IDS.silent)).toBe('SILENT');
  expect(states.get(PERSONIO_WEBHOOK_IDS.idle)).toBe('IDLE');
});
