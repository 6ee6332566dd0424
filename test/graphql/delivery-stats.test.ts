import { describe, expect, test } from 'vitest';
import {
  type ActivityRow,
  delivery,
  failure,
  HOOK_ID,
  largeActivity,
  logCalls,
  NOW,
  openLogGateway,
  useFixedClock,
} from '../support/log-upstream.ts';
import { globalId, openStubGateway, type StubGateway } from '../support/stub-gateway.ts';
import { trulayerId, trulayerWebhooks } from '../support/upstream-rows.ts';

useFixedClock();

interface Stats {
  readonly from: string;
  readonly to: string;
  readonly total: number;
  readonly delivered: number;
  readonly failed: number;
  readonly successRate: number | null;
  readonly lastDeliveredAt: string | null;
  readonly lastFailedAt: string | null;
  readonly byStatusCode: readonly { readonly statusCode: number | null; readonly count: number }[];
  readonly byEventName: readonly { readonly eventName: string; readonly delivered: number; readonly failed: number }[];
  readonly isComplete: boolean;
  readonly timeline:
    | readonly { readonly startsAt: string; readonly delivered: number; readonly failed: number }[]
    | null;
}

interface Arguments {
  readonly window?: { readonly gte?: string | null; readonly lte?: string | null } | null;
  readonly eventName?: string | null;
  readonly bucket?: string;
}

const STATS = `query Stats($id: ID!, $window: WebhookTimeRange, $eventName: String, $bucket: WebhookTimelineBucket! = HOUR) {
  webhook(id: $id) {
    deliveryStats(window: $window, eventName: $eventName) {
      from to total delivered failed successRate lastDeliveredAt lastFailedAt isComplete
      byStatusCode { statusCode count }
      byEventName { eventName delivered failed }
      timeline(bucket: $bucket) { startsAt delivered failed }
    }
  }
}`;

async function readStats(gateway: Pick<StubGateway, 'query'>, variables: Arguments = {}) {
  const { data, errors } = await gateway.query<{ webhook: { deliveryStats: Stats | null } }>(STATS, {
    id: globalId('PERSONIO', HOOK_ID),
    ...variables,
  });
  return { stats: data.webhook.deliveryStats, errors };
}

test('after a write counts what the write has delivered, also after the second write of one operation', async () => {
  const activity = [delivery('11:00:00Z')];
  const gateway = await openLogGateway([{ activity }], {
    before: ({ url }) => {
      if (!url.endsWith('/ping')) return undefined;
      const made = delivery('11:59:59Z', { event_name: 'ping' });
      activity.push(made);
      return { body: made };
    },
  });
  const ping = 'pingWebhook(input: { id: $id }) { webhook { deliveryStats { total } } }';
  const { data, errors } = await gateway.query(`mutation ($id: ID!) { first: ${ping} second: ${ping} }`, {
    id: globalId('PERSONIO', HOOK_ID),
  });
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    first: { webhook: { deliveryStats: { total: 2 } } },
    second: { webhook: { deliveryStats: { total: 3 } } },
  });
});

/** What the numbers have to be, computed in the plainest way from the upstream's own rows. */
function expectedStats(rows: readonly ActivityRow[], from: string, to: string, eventName?: string) {
  const inside = rows.filter(
    (row) =>
      Date.parse(row.completed_at) >= Date.parse(from) &&
      Date.parse(row.completed_at) <= Date.parse(to) &&
      (eventName === undefined || row.event_name === eventName),
  );
  const delivered = inside.filter((row) => row.is_delivered);
  const failed = inside.filter((row) => !row.is_delivered);
  const latest = (some: readonly ActivityRow[]) =>
    some
      .map((row) => row.completed_at)
      .sort()
      .at(-1) ?? null;
  const names = [...new Set(inside.map((row) => row.event_name))].sort();
  const codes = [...new Set(inside.map((row) => row.status_code ?? null))];
  return {
    from,
    to,
    total: inside.length,
    delivered: delivered.length,
    failed: failed.length,
    successRate: inside.length === 0 ? null : delivered.length / inside.length,
    lastDeliveredAt: latest(delivered),
    lastFailedAt: latest(failed),
    byStatusCode: new Set(
      codes.map((code) => `${code}: ${inside.filter((row) => (row.status_code ?? null) === code).length}`),
    ),
    byEventName: new Set(
      names.map(
        (name) =>
          `${name}: ${delivered.filter((row) => row.event_name === name).length}/${failed.filter((row) => row.event_name === name).length}`,
      ),
    ),
    isComplete: true,
  };
}

/** The same shape from an answer; the order of the groups is the domain's business. */
function shown(stats: Stats | null) {
  if (stats === null) return null;
  const { timeline: _, byStatusCode, byEventName, ...rest } = stats;
  return {
    ...rest,
    byStatusCode: new Set(byStatusCode.map(({ statusCode, count }) => `${statusCode}: ${count}`)),
    byEventName: new Set(byEventName.map((each) => `${each.eventName}: ${each.delivered}/${each.failed}`)),
  };
}

describe('the numbers', () => {
  test('of a small log, as literal values', async () => {
    const gateway = await openLogGateway([
      {
        activity: [
          delivery('11:59:00Z'),
          failure('11:30:00Z', { status_code: null, event_name: 'person.created' }),
          delivery('10:00:00.250Z', { status_code: 204 }),
          failure('09:00:00Z'),
          delivery('2026-11-20T11:59:59.999Z'),
        ],
      },
    ]);
    const { stats, errors } = await readStats(gateway);
    expect(errors).toBeUndefined();
    expect(stats).toEqual({
      from: '2026-11-20T12:00:00.000Z',
      to: '2026-11-21T12:00:00.000Z',
      total: 4,
      delivered: 2,
      failed: 2,
      successRate: 0.5,
      lastDeliveredAt: '2026-11-21T11:59:00Z',
      lastFailedAt: '2026-11-21T11:30:00Z',
      byStatusCode: [
        { statusCode: 200, count: 1 },
        { statusCode: 204, count: 1 },
        { statusCode: 503, count: 1 },
        { statusCode: null, count: 1 },
      ],
      byEventName: [
        { eventName: 'person.updated', delivered: 2, failed: 1 },
        { eventName: 'person.created', delivered: 0, failed: 1 },
      ],
      isComplete: true,
      timeline: expect.arrayContaining([
        { startsAt: '2026-11-21T09:00:00.000Z', delivered: 0, failed: 1 },
        { startsAt: '2026-11-21T10:00:00.000Z', delivered: 1, failed: 0 },
        { startsAt: '2026-11-21T11:00:00.000Z', delivered: 1, failed: 1 },
      ]),
    });
    expect(stats?.timeline).toHaveLength(25);
  });

  test('of a log without entries in the window are zeroes, and no rate', async () => {
    const gateway = await openLogGateway([{}]);
    const { stats } = await readStats(gateway, { bucket: 'DAY' });
    expect(stats).toEqual({
      from: '2026-11-20T12:00:00.000Z',
      to: NOW,
      total: 0,
      delivered: 0,
      failed: 0,
      successRate: null,
      lastDeliveredAt: null,
      lastFailedAt: null,
      byStatusCode: [],
      byEventName: [],
      isComplete: true,
      timeline: [
        { startsAt: '2026-11-20T00:00:00.000Z', delivered: 0, failed: 0 },
        { startsAt: '2026-11-21T00:00:00.000Z', delivered: 0, failed: 0 },
      ],
    });
  });

  test.each([
    ['a whole week', '2026-11-14T12:00:00.000Z', NOW],
    ['an odd window', '2026-11-16T03:17:42.123Z', '2026-11-20T22:01:09.777Z'],
    ['one moment that many entries share', '2026-11-18T06:00:00.000Z', '2026-11-18T06:00:00.000Z'],
    ['a window that ends in the future', '2026-11-21T01:00:00.000Z', '2026-11-25T00:00:00.000Z'],
    ['a window written with an offset', '2026-11-17T02:30:00+02:30', '2026-11-19T23:59:59.999-01:00'],
  ])('of a log of thousands over %s are those of its rows', async (_, gte, lte) => {
    const activity = largeActivity(3_210);
    const gateway = await openLogGateway([{ activity }]);
    const { stats, errors } = await readStats(gateway, { window: { gte, lte }, bucket: 'DAY' });
    expect(errors).toBeUndefined();
    expect(shown(stats)).toEqual(expectedStats(activity, gte, lte));
  });

  test('with an eventName are those of its rows', async () => {
    const activity = largeActivity(2_000);
    const gateway = await openLogGateway([{ activity }]);
    const [gte, lte] = ['2026-11-15T00:00:00.001Z', '2026-11-20T00:00:00.000Z'];
    const { stats } = await readStats(gateway, { window: { gte, lte }, eventName: 'person.created', bucket: 'DAY' });
    expect(shown(stats)).toEqual(expectedStats(activity, gte, lte, 'person.created'));
  });

  test.each([199, 200, 201, 400])('count each of %i entries of one moment once across pages', async (count) => {
    const activity = Array.from({ length: count }, () => delivery('08:00:00Z'));
    const gateway = await openLogGateway([{ activity }]);
    const { stats } = await readStats(gateway);
    expect(stats).toMatchObject({ total: count, delivered: count, isComplete: true });
    expect(logCalls(gateway, 'activity')).toHaveLength(Math.ceil(count / 200));
  });
});

describe('the timeline', () => {
  test.each(['HOUR', 'DAY'])('in buckets of one %s holds every entry, without gaps', async (bucket) => {
    const activity = largeActivity(2_500);
    const gateway = await openLogGateway([{ activity }]);
    const [gte, lte] = ['2026-11-15T05:15:00.000Z', '2026-11-21T10:45:00.000Z'];
    const { stats } = await readStats(gateway, { window: { gte, lte }, bucket });
    const lengthMs = bucket === 'HOUR' ? 3_600_000 : 86_400_000;
    const expected = [];
    for (
      let startMs = Date.parse(gte) - (Date.parse(gte) % lengthMs);
      startMs <= Date.parse(lte);
      startMs += lengthMs
    ) {
      const own = activity.filter(({ completed_at }) => {
        const atMs = Date.parse(completed_at);
        return atMs >= Math.max(startMs, Date.parse(gte)) && atMs < startMs + lengthMs && atMs <= Date.parse(lte);
      });
      const delivered = own.filter((row) => row.is_delivered).length;
      expected.push({ startsAt: new Date(startMs).toISOString(), delivered, failed: own.length - delivered });
    }
    expect(stats?.timeline).toEqual(expected);
  });

  test('in several buckets costs no further call', async () => {
    const gateway = await openLogGateway([{ activity: [delivery('11:00:00Z')] }]);
    const { errors } = await gateway.query(`{
      webhook(id: "${globalId('PERSONIO', HOOK_ID)}") {
        deliveryStats { minutes: timeline(bucket: MINUTE) { startsAt } hours: timeline { startsAt } days: timeline(bucket: DAY) { startsAt } }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(logCalls(gateway, 'activity')).toHaveLength(1);
  });

  test('of exactly 2,000 minutes is given', async () => {
    const gateway = await openLogGateway([{}]);
    const window = { gte: '2026-11-20T00:00:00Z', lte: '2026-11-21T09:19:59.999Z' };
    const { stats } = await readStats(gateway, { window, bucket: 'MINUTE' });
    expect(stats?.timeline).toHaveLength(2_000);
  });

  test('of more is BAD_USER_INPUT at its own path, and the numbers stay', async () => {
    const gateway = await openLogGateway([{ activity: [delivery('2026-11-20T05:00:00Z')] }]);
    const window = { gte: '2026-11-20T00:00:00Z', lte: '2026-11-21T09:20:00Z' };
    const { stats, errors } = await readStats(gateway, { window, bucket: 'MINUTE' });
    expect(stats).toMatchObject({ total: 1, timeline: null });
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('take a longer bucket or a shorter window'),
        path: ['webhook', 'deliveryStats', 'timeline'],
        extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['bucket'] }] },
      },
    ]);
  });
});

describe('the window', () => {
  test.each([
    ['left out', undefined, '2026-11-20T12:00:00.000Z', NOW],
    ['null', null, '2026-11-20T12:00:00.000Z', NOW],
    ['without lte', { gte: '2026-11-21T10:00:00+01:00' }, '2026-11-21T10:00:00+01:00', NOW],
    ['without gte', { lte: '2026-11-20T00:00:00Z' }, '2026-10-22T12:00:00.000Z', '2026-11-20T00:00:00Z'],
    ['with a null end', { gte: null, lte: '2026-11-20T00:00:00Z' }, '2026-10-22T12:00:00.000Z', '2026-11-20T00:00:00Z'],
    ['older than what is kept', { gte: '2026-01-01T00:00:00Z' }, '2026-10-22T12:00:00.000Z', NOW],
  ])('%s is filled in, cut, and sent upstream', async (_, window, from, to) => {
    const gateway = await openLogGateway([{}]);
    const { stats } = await readStats(gateway, { ...(window !== undefined && { window }), bucket: 'DAY' });
    expect(stats).toMatchObject({ from, to });
    expect(logCalls(gateway, 'activity')).toEqual([`completed_at.gte=${from}&completed_at.lte=${to}&limit=200`]);
  });

  test.each([
    ['gte after lte', { window: { gte: '2026-11-20T00:00:01Z', lte: '2026-11-20T00:00:00Z' } }, ['window', 'gte']],
    ['neither end', { window: {} }, ['window']],
    ['two null ends', { window: { gte: null, lte: null } }, ['window']],
    ['an empty eventName', { eventName: ' ' }, ['eventName']],
  ])('with %s is BAD_USER_INPUT, and nothing is asked upstream', async (_, variables, path) => {
    const gateway = await openLogGateway([{}]);
    const { stats, errors } = await readStats(gateway, variables);
    expect(stats).toBeNull();
    expect(errors).toMatchObject([
      { path: ['webhook', 'deliveryStats'], extensions: { code: 'BAD_USER_INPUT', violations: [{ path }] } },
    ]);
    expect(logCalls(gateway, 'activity')).toEqual([]);
  });
});

test('TruLayer publishes no log: null without an error or a call', async () => {
  const gateway = await openStubGateway({ trulayer: () => ({ body: { webhooks: trulayerWebhooks(1) } }) });
  const { data, errors } = await gateway.query(STATS, { id: globalId('TRULAYER', trulayerId(1)) });
  expect(errors).toBeUndefined();
  expect(data).toEqual({ webhook: { deliveryStats: null } });
  expect(gateway.trulayerCalls()).toHaveLength(1);
});
