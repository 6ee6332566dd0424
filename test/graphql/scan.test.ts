import { describe, expect, test } from 'vitest';
import { openSandboxGateway } from '../support/gateway.ts';
import {
  delivery,
  event,
  failure,
  HOOK_ID,
  largeActivity,
  logCalls,
  NOW,
  openLogGateway,
  useFixedClock,
} from '../support/log-upstream.ts';
import { globalId, type StubGateway } from '../support/stub-gateway.ts';
import { personioPage } from '../support/upstream-rows.ts';

useFixedClock();

const ID = globalId('PERSONIO', HOOK_ID);
const OTHER_ID = '89821e24-1b15-11ee-8f8e-430f660e2f9e';
const WEEK = '{gte: "2026-11-14T12:00:00Z", lte: "2026-11-21T12:00:00Z"}';

interface Answered {
  readonly webhook: {
    readonly deliveryStats?: { readonly total: number; readonly isComplete: boolean } | null;
    readonly created?: { readonly total: number; readonly isComplete?: boolean } | null;
    readonly health?: Readonly<Record<string, unknown>> | null;
    readonly outages?: readonly Readonly<Record<string, unknown>>[] | null;
    readonly redeliveryPreview?: Readonly<Record<string, unknown>> | null;
    readonly redelivery?: Readonly<Record<string, unknown>> | null;
  };
}

function ask(gateway: Pick<StubGateway, 'query'>, fields: string) {
  return gateway.query<Answered>(`{ webhook(id: "${ID}") { ${fields} } }`);
}

const ALL = 'deliveryStats { total isComplete } health { state isComplete } outages { failed }';

describe('one scan feeds every field of the same window', () => {
  test('stats, health and outages together cost the calls of one', async () => {
    const activity = largeActivity(1_001);
    const alone = await openLogGateway([{ activity }]);
    await ask(alone, `deliveryStats(window: ${WEEK}) { total }`);
    const together = await openLogGateway([{ activity }]);
    const { data, errors } = await ask(
      together,
      `deliveryStats(window: ${WEEK}) { total isComplete timeline(bucket: DAY) { delivered } }
       health(window: ${WEEK}) { state }
       outages(window: ${WEEK}) { failed }`,
    );
    expect(errors).toBeUndefined();
    expect(data.webhook.deliveryStats).toMatchObject({ total: 1_001 });
    expect(together.personioCalls()).toEqual(alone.personioCalls());
    expect(together.personioCalls()).toHaveLength(1 + 6);
  });

  test('without a window all of them look at the same last 24 hours', async () => {
    const gateway = await openLogGateway([{ activity: [failure('11:00:00Z')] }]);
    const { data } = await ask(gateway, ALL);
    expect(data.webhook).toEqual({
      deliveryStats: { total: 1, isComplete: true },
      health: { state: 'DEGRADED', isComplete: true },
      outages: [{ failed: 1 }],
    });
    expect(logCalls(gateway, 'activity')).toEqual([
      `completed_at.gte=2026-11-20T12:00:00.000Z&completed_at.lte=${NOW}&limit=200`,
    ]);
  });

  test('the stats of one event are computed from the scan of all', async () => {
    const gateway = await openLogGateway([
      { activity: [delivery('11:00:00Z'), delivery('10:00:00Z', { event_name: 'person.created' })] },
    ]);
    const { data } = await ask(
      gateway,
      'created: deliveryStats(eventName: "person.created") { total } health { state } deliveryStats { total isComplete }',
    );
    expect(data.webhook).toMatchObject({ created: { total: 1 }, deliveryStats: { total: 2 } });
    expect(logCalls(gateway, 'activity')).toHaveLength(1);
  });

  test('alone, the event goes upstream as a filter', async () => {
    const gateway = await openLogGateway([
      { activity: [delivery('11:00:00Z'), delivery('10:00:00Z', { event_name: 'person.created' })] },
    ]);
    const { data } = await ask(gateway, 'created: deliveryStats(eventName: "person.created") { total }');
    expect(data.webhook.created).toEqual({ total: 1 });
    expect(logCalls(gateway, 'activity')).toEqual([
      `completed_at.gte=2026-11-20T12:00:00.000Z&completed_at.lte=${NOW}&event_name=person.created&limit=200`,
    ]);
  });

  test('the same window asked for under several names is read once, another one by itself', async () => {
    const gateway = await openLogGateway([{ activity: largeActivity(100) }]);
    await ask(
      gateway,
      `a: deliveryStats { total } b: deliveryStats { failed } c: health { state } d: health(window: ${WEEK}) { state }`,
    );
    expect(logCalls(gateway, 'activity')).toHaveLength(2);
  });

  test('each webhook of a list is scanned once', async () => {
    const gateway = await openLogGateway([
      { activity: [delivery('11:00:00Z')] },
      { id: OTHER_ID, activity: [failure('11:00:00Z'), failure('10:00:00Z')] },
    ]);
    const { data, errors } = await gateway.query(`{
      webhooks { nodes { ${ALL} } edges { node { health { state } } } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      webhooks: {
        nodes: [
          { deliveryStats: { total: 1 }, health: { state: 'HEALTHY' }, outages: [] },
          { deliveryStats: { total: 2 }, health: { state: 'DEGRADED' }, outages: [{ failed: 2 }] },
        ],
      },
    });
    expect(gateway.personioCalls()).toHaveLength(1 + 2);
  });
});

describe('activity that arrives during the scan', () => {
  test('behind the end of the window does not count', async () => {
    const activity = Array.from({ length: 450 }, () => delivery('11:00:00Z'));
    const gateway = await openLogGateway([{ activity }], {
      before: ({ url }) => {
        if (url.includes('/activity')) activity.push(failure('12:00:00.001Z'));
        return undefined;
      },
    });
    const { data } = await ask(gateway, ALL);
    expect(data.webhook).toEqual({
      deliveryStats: { total: 450, isComplete: true },
      health: { state: 'HEALTHY', isComplete: true },
      outages: [],
    });
    expect(logCalls(gateway, 'activity')).toHaveLength(3);
  });

  test('inside the window neither repeats nor loses an entry that was there before', async () => {
    const activity = Array.from({ length: 450 }, (_, index) => delivery('11:00:00Z', { event_name: `event.${index}` }));
    const gateway = await openLogGateway([{ activity }], {
      before: ({ url }) => {
        if (url.includes('cursor=')) activity.push(delivery('11:30:00Z', { event_name: 'event.new' }));
        return undefined;
      },
    });
    const { data } = await gateway.query<{
      webhook: { deliveryStats: { total: number; byEventName: { eventName: string; delivered: number }[] } };
    }>(`{ webhook(id: "${ID}") { deliveryStats { total byEventName { eventName delivered } } } }`);
    const { total, byEventName } = data.webhook.deliveryStats;
    expect(total).toBe(450);
    expect(new Set(byEventName.map(({ eventName }) => eventName)).size).toBe(450);
    expect(byEventName.every(({ delivered }) => delivered === 1)).toBe(true);
  });
});

const TODAY = '{gte: "2026-11-21T00:00:00Z", lte: "2026-11-21T23:59:59.999Z"}';

/** Of 450 deliveries; with each page that is asked for, `added` more are in the log. */
async function statsOf({
  added,
  addedAt = '12:00:01Z',
  nameOf = (index) => `event.${index}`,
  timeOf = () => '11:00:00Z',
  window = TODAY,
  ...options
}: {
  readonly added: number;
  readonly addedAt?: string;
  readonly nameOf?: (index: number) => string;
  readonly timeOf?: (index: number) => string;
  readonly window?: string;
  readonly cursors?: 'entries' | 'offsets' | 'sealed offsets';
  readonly environment?: Readonly<Record<string, string>>;
}) {
  const activity = Array.from({ length: 450 }, (_, index) => delivery(timeOf(index), { event_name: nameOf(index) }));
  let hasBegun = false;
  const gateway = await openLogGateway([{ activity }], {
    cursors: 'offsets',
    ...options,
    before: ({ url }) => {
      if (!url.includes('/activity')) return undefined;
      const news = hasBegun ? added : 0;
      hasBegun = true;
      activity.push(...Array.from({ length: news }, () => failure(addedAt, { event_name: 'event.new' })));
      return undefined;
    },
  });
  const { data, errors } = await gateway.query<{
    webhook: {
      deliveryStats: {
        total: number;
        isComplete: boolean;
        byEventName: { eventName: string; delivered: number }[];
      };
    };
  }>(`{ webhook(id: "${ID}") {
    deliveryStats(window: ${window}) { total isComplete byEventName { eventName delivered } }
  } }`);
  expect(errors).toBeUndefined();
  return { ...data.webhook.deliveryStats, calls: logCalls(gateway, 'activity') };
}

describe('activity that stands late in the log of a window that ends now', () => {
  const window = '{gte: "2026-11-21T00:00:00Z"}';

  test.each([1, 7])('repeats nothing, although %s a page push rows onto the next one', async (added) => {
    const { total, isComplete, byEventName, calls } = await statsOf({ added, addedAt: '11:59:59.999Z', window });
    expect({ total, isComplete, calls: calls.length }).toEqual({ total: 450, isComplete: true, calls: 4 });
    expect(byEventName.every(({ delivered }) => delivered === 1)).toBe(true);
  });

  test('repeats nothing either where it is not the newest, and the numbers are not complete', async () => {
    const noon = Date.parse(NOW);
    const timeOf = (index: number) => new Date(noon - (index + 1) * 1_000).toISOString();
    const { total, isComplete } = await statsOf({ added: 2, addedAt: '11:59:57.500Z', timeOf, window });
    expect({ total, isComplete }).toEqual({ total: 450, isComplete: false });
  });

  test('is not looked for where nothing moves but many entries say the same', async () => {
    const { total, isComplete, calls } = await statsOf({ added: 0, nameOf: (index) => `event.${index % 150}`, window });
    expect({ total, isComplete, calls: calls.length }).toEqual({ total: 450, isComplete: true, calls: 3 });
  });
});

describe('activity that arrives during the scan of a window that ends later', () => {
  test.each([1, 7])('repeats nothing, although %s a page push rows onto the next one', async (added) => {
    const { total, isComplete, byEventName, calls } = await statsOf({ added });
    expect({ total, isComplete }).toEqual({ total: 450, isComplete: true });
    expect(byEventName.every(({ delivered }) => delivered === 1)).toBe(true);
    // Three pages, and the first once more.
    expect(calls).toHaveLength(4);
  });

  test.each([1, 7])(
    'repeats nothing and says that it guessed, where cursors do not tell and %s a page are new',
    async (added) => {
      const { total, isComplete, byEventName } = await statsOf({ added, cursors: 'sealed offsets' });
      expect({ total, isComplete }).toEqual({ total: 450, isComplete: false });
      expect(byEventName.every(({ delivered }) => delivered === 1)).toBe(true);
    },
  );

  test('leaves entries alone that say the same, where a cursor is behind an entry', async () => {
    const { total, isComplete } = await statsOf({ added: 7, nameOf: () => 'event.same', cursors: 'entries' });
    expect({ total, isComplete }).toEqual({ total: 450, isComplete: true });
  });

  test('leaves the numbers lower bounds, and says so, where entries say the same and have moved', async () => {
    const { total, isComplete } = await statsOf({ added: 7, nameOf: () => 'event.same' });
    expect(isComplete).toBe(false);
    // Not certain are as many as have arrived until the first page was read once more.
    expect(total).toBeGreaterThan(450 - 3 * 7);
    expect(total).toBeLessThanOrEqual(450);
  });

  test('costs no further call where nothing arrives', async () => {
    const { total, isComplete, calls } = await statsOf({ added: 0 });
    expect({ total, isComplete, calls: calls.length }).toEqual({ total: 450, isComplete: true, calls: 3 });
  });

  test('leaves the numbers incomplete where it is more than a page', async () => {
    const { total, isComplete } = await statsOf({ added: 110 });
    expect({ total, isComplete }).toEqual({ total: 450, isComplete: false });
  });

  test('leaves them incomplete where the fuse does not let the first page be read once more', async () => {
    const { total, isComplete, calls } = await statsOf({ added: 1, environment: { UPSTREAM_MAX_CALLS: '4' } });
    expect({ total, isComplete, calls: calls.length }).toEqual({ total: 450, isComplete: false, calls: 3 });
  });
});

describe('a scan that is not complete', () => {
  test('ends at the page budget with the newest part', async () => {
    const activity = Array.from({ length: 401 }, (_, index) =>
      delivery(new Date(Date.parse(NOW) - (index + 1) * 1_000).toISOString()),
    );
    const gateway = await openLogGateway([{ activity }], { environment: { SCAN_MAX_PAGES: '2' } });
    const { data, errors } = await ask(gateway, ALL);
    expect(errors).toBeUndefined();
    expect(data.webhook).toEqual({
      deliveryStats: { total: 400, isComplete: false },
      health: { state: 'HEALTHY', isComplete: false },
      outages: [],
    });
    expect(logCalls(gateway, 'activity')).toHaveLength(2);
  });

  test('is complete where the last page of the budget is the last of the log', async () => {
    const activity = Array.from({ length: 400 }, () => delivery('11:00:00Z'));
    const gateway = await openLogGateway([{ activity }], { environment: { SCAN_MAX_PAGES: '2' } });
    const { data } = await ask(gateway, ALL);
    expect(data.webhook.deliveryStats).toEqual({ total: 400, isComplete: true });
  });

  test.each([
    ['no object', 'nonsense'],
    ['without completed_at', { event_name: 'person.updated', is_delivered: false }],
    ['with an is_delivered that is no boolean', { ...failure('10:00:00Z'), is_delivered: 'false' }],
    ['with a date that does not exist', { ...failure('10:00:00Z'), completed_at: '2026-11-31T10:00:00Z' }],
  ])('skips an entry that is %s', async (_, broken) => {
    const gateway = await openLogGateway([
      { activity: [delivery('11:00:00Z'), { broken, at: '2026-11-21T10:00:00Z' }, delivery('09:00:00Z')] },
    ]);
    const { data, errors } = await ask(gateway, ALL);
    expect(errors).toBeUndefined();
    expect(data.webhook).toEqual({
      deliveryStats: { total: 2, isComplete: false },
      health: { state: 'HEALTHY', isComplete: false },
      outages: [],
    });
  });

  test('stops where cursors go in circles', async () => {
    const gateway = await openLogGateway([{}], {
      before: ({ url }) =>
        url.includes('/activity')
          ? personioPage([delivery('11:00:00Z')], url.includes('cursor=one') ? 'two' : 'one')
          : undefined,
    });
    const { data } = await ask(gateway, ALL);
    expect(data.webhook.deliveryStats).toEqual({ total: 3, isComplete: false });
    expect(logCalls(gateway, 'activity')).toHaveLength(3);
  });

  test('has no more pages where the last cursor leads to itself', async () => {
    const gateway = await openLogGateway([{}], {
      before: ({ url }) => (url.includes('/activity') ? personioPage([delivery('11:00:00Z')], 'same') : undefined),
    });
    const { data } = await ask(gateway, ALL);
    expect(data.webhook.deliveryStats).toEqual({ total: 2, isComplete: false });
    expect(logCalls(gateway, 'activity')).toHaveLength(2);
  });

  test('is complete where the last page has a link that leads nowhere', async () => {
    const gateway = await openLogGateway([{}], {
      before: ({ url }) =>
        url.includes('/activity')
          ? { body: { _data: [delivery('11:00:00Z')], _meta: { links: { next: { href: null } } } } }
          : undefined,
    });
    const { data } = await ask(gateway, ALL);
    expect(data.webhook.deliveryStats).toEqual({ total: 1, isComplete: true });
  });

  test('does not take a page for the last one whose link leads on without a cursor', async () => {
    const next = { href: 'https://api.personio.de/v2/any?page_token=abc' };
    const gateway = await openLogGateway([{}], {
      before: ({ url }) =>
        url.includes('/activity')
          ? { body: { _data: [delivery('11:00:00Z')], _meta: { links: { next } } } }
          : undefined,
    });
    const { data } = await ask(gateway, ALL);
    expect(data.webhook.deliveryStats).toEqual({ total: 1, isComplete: false });
  });

  const HREF = 'https://api.personio.de/v2/any?cursor=next';

  test.each([
    ['a link that is no object', { _meta: { links: { next: HREF } } }],
    ['a list of links', { _meta: { links: [{ rel: 'next', href: HREF }] } }],
    ['a text for links', { _meta: { links: HREF } }],
    ['a text for _meta', { _meta: HREF }],
  ])('does not take a page for the last one that has %s', async (_what, unfit) => {
    const gateway = await openLogGateway([{}], {
      before: ({ url }) =>
        url.includes('/activity') ? { body: { _data: [delivery('11:00:00Z')], ...unfit } } : undefined,
    });
    const { data } = await ask(gateway, ALL);
    expect(data.webhook.deliveryStats).toEqual({ total: 1, isComplete: false });
  });
});

describe('the fuse', () => {
  const activity = Array.from({ length: 1_000 }, () => delivery('11:00:00Z'));

  test('met in mid-scan ends it with what was read', async () => {
    const gateway = await openLogGateway([{ activity }], { environment: { UPSTREAM_MAX_CALLS: '3' } });
    const { data, errors } = await ask(gateway, ALL);
    expect(errors).toBeUndefined();
    expect(data.webhook).toEqual({
      deliveryStats: { total: 400, isComplete: false },
      health: { state: 'HEALTHY', isComplete: false },
      outages: [],
    });
    expect(gateway.personioCalls()).toHaveLength(3);
  });

  test('met before the first page says so, and a list that cannot say so is LIMIT_EXCEEDED', async () => {
    const gateway = await openLogGateway([{ activity }], { environment: { UPSTREAM_MAX_CALLS: '1' } });
    const { data, errors } = await ask(
      gateway,
      `${ALL}
       redeliveryPreview(occurredAt: {gte: "2026-11-20T00:00:00Z"}) { eventCount batches { eventCount } isComplete }
       redelivery(redeliveryId: "r-1") { delivered failed isCountComplete }`,
    );
    expect(data.webhook).toEqual({
      deliveryStats: { total: 0, isComplete: false },
      health: { state: 'UNKNOWN', isComplete: false },
      outages: null,
      redeliveryPreview: { eventCount: 0, batches: [], isComplete: false },
      redelivery: { delivered: 0, failed: 0, isCountComplete: false },
    });
    expect(errors).toMatchObject([{ path: ['webhook', 'outages'], extensions: { code: 'LIMIT_EXCEEDED' } }]);
    expect(gateway.personioCalls()).toHaveLength(1);
  });

  test('met at the events leaves the health UNKNOWN and not complete', async () => {
    const gateway = await openLogGateway([{ events: [event('11:00:00Z')] }], {
      environment: { UPSTREAM_MAX_CALLS: '2' },
    });
    const { data, errors } = await ask(gateway, 'health { state consecutiveFailures isComplete }');
    expect(errors).toBeUndefined();
    expect(data.webhook.health).toEqual({ state: 'UNKNOWN', consecutiveFailures: 0, isComplete: false });
  });
});

describe('an upstream that fails', () => {
  test('gives each field its own error, and the scan is not made again for each', async () => {
    const gateway = await openLogGateway([{}], {
      before: ({ url }) =>
        url.includes('/activity')
          ? { status: 403, body: { errors: [{ title: 'Forbidden', detail: 'No.' }] } }
          : undefined,
    });
    const { data, errors } = await ask(gateway, ALL);
    expect(data.webhook).toEqual({ deliveryStats: null, health: null, outages: null });
    expect(errors?.map(({ path, extensions }) => [path?.at(-1), extensions.code]).sort()).toEqual([
      ['deliveryStats', 'FORBIDDEN'],
      ['health', 'FORBIDDEN'],
      ['outages', 'FORBIDDEN'],
    ]);
    expect(logCalls(gateway, 'activity')).toHaveLength(1);
  });

  test('on a later page makes no numbers out of the earlier ones', async () => {
    const gateway = await openLogGateway([{ activity: largeActivity(500) }], {
      before: ({ url }) => (url.includes('cursor=') ? { status: 500, body: 'down' } : undefined),
    });
    const { data, errors } = await ask(gateway, `deliveryStats(window: ${WEEK}) { total isComplete }`);
    expect(data.webhook.deliveryStats).toBeNull();
    expect(errors).toMatchObject([
      { path: ['webhook', 'deliveryStats'], extensions: { code: 'UPSTREAM_UNAVAILABLE', provider: 'PERSONIO' } },
    ]);
  });

  test('for one webhook leaves the others of the list alone', async () => {
    const gateway = await openLogGateway([{ id: OTHER_ID }, { activity: [delivery('11:00:00Z')] }], {
      before: ({ url }) => (url.includes(`${OTHER_ID}/activity`) ? { status: 404, body: { errors: [] } } : undefined),
    });
    const { data, errors } = await gateway.query('{ webhooks { nodes { health { state } } } }');
    expect(data).toEqual({ webhooks: { nodes: [{ health: null }, { health: { state: 'HEALTHY' } }] } });
    expect(errors).toMatchObject([{ path: ['webhooks', 'nodes', 0, 'health'], extensions: { code: 'NOT_FOUND' } }]);
  });
});

test("the sandbox's busiest log of a month is scanned to its end", async () => {
  const gateway = await openSandboxGateway({ sandbox: { now: () => Date.parse(NOW) } });
  const { data, errors } = await ask(
    gateway,
    `deliveryStats(window: {gte: "2026-10-22T12:00:00Z"}) { total isComplete }
     health(window: {gte: "2026-10-22T12:00:00Z"}) { state isComplete }
     outages(window: {gte: "2026-10-22T12:00:00Z"}) { failed endedAt }`,
  );
  const scans = gateway.sandbox.requests.filter(({ path }) => path.includes('/activity'));
  await gateway.close();
  expect(errors).toBeUndefined();
  expect(data.webhook.deliveryStats?.isComplete).toBe(true);
  expect(data.webhook.deliveryStats?.total).toBeGreaterThan(3_000);
  expect(scans).toHaveLength(Math.ceil(Number(data.webhook.deliveryStats?.total) / 200));
});
