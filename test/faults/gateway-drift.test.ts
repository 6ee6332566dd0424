import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createDriftReporter, type DriftKind } from '../../src/telemetry/drift-reporter.ts';
import { globalId, openStubGateway } from '../support/stub-gateway.ts';
import { personioPage, personioWebhooks, trulayerId, trulayerWebhooks } from '../support/upstream-rows.ts';
import { codes } from './gateway.ts';

const ALL = `{
  webhooks(first: 50) {
    edges {
      cursor
      node { id url description status enabledEvents authentication { type headerNames } createdAt updatedAt }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;
const ACTIVITY = `query ($id: ID!) {
  webhook(id: $id) {
    activity(first: 50) { edges { node { completedAt eventName isDelivered attempts statusCode outcome redeliveryId } } }
  }
}`;

type Row = Readonly<Record<string, unknown>>;

const [PERSONIO_ROW = { id: '' }] = personioWebhooks(1);
const [TRULAYER_ROW = {}] = trulayerWebhooks(1);
const DELIVERY = {
  completed_at: '2026-01-01T00:00:00Z',
  event_name: 'person.updated',
  is_delivered: true,
  attempts: 1,
  status_code: 200,
  redelivery_id: null,
};

function driftLines(log: readonly Row[]): readonly unknown[] {
  return log
    .filter(({ msg }) => msg === 'an answer is not what the contract says')
    .map(({ level: _level, time: _time, msg: _msg, ...drift }) => drift);
}

/** A row, its first column, that is read between two good ones. */
const PERSONIO_DRIFT: readonly (readonly [string, unknown, Record<string, DriftKind>, Row | null])[] = [
  ['an unknown status', { ...PERSONIO_ROW, status: 'PAUSED' }, { status: 'unfit' }, { status: null }],
  [
    'an unknown way to authenticate',
    { ...PERSONIO_ROW, auth_type: 'MTLS' },
    { auth_type: 'unfit' },
    { authentication: { type: null, headerNames: [] } },
  ],
  [
    'a new event',
    { ...PERSONIO_ROW, enabled_events: ['payroll.closed'] },
    { enabled_events: 'unknown' },
    { enabledEvents: ['payroll.closed'] },
  ],
  [
    'events as a text',
    { ...PERSONIO_ROW, enabled_events: 'all' },
    { enabled_events: 'unfit' },
    { enabledEvents: null },
  ],
  ['a new member', { ...PERSONIO_ROW, region: 'eu' }, { region: 'unknown' }, { url: 'https://example.com/1' }],
  ['a time that is none', { ...PERSONIO_ROW, created_at: 1_700_000 }, { created_at: 'unfit' }, { createdAt: null }],
  ['headers as a list', { ...PERSONIO_ROW, custom_headers: [] }, { custom_headers: 'unfit' }, { status: null }],
  ['a number as its id', { ...PERSONIO_ROW, id: 17 }, { id: 'unfit' }, null],
  ['an id that is a path', { ...PERSONIO_ROW, id: '..' }, { id: 'unfit' }, null],
  ['no description', { ...PERSONIO_ROW, description: undefined }, { description: 'missing' }, null],
  ['null for its address', { ...PERSONIO_ROW, url: null }, { url: 'unfit' }, null],
  ['a list for a row', ['a'], { '(whole)': 'unfit' }, null],
  ['a text for a row', 'secret-value', { '(whole)': 'unfit' }, null],
];

describe('a Personio webhook with', () => {
  test.each(PERSONIO_DRIFT)('%s is honest, and the page goes on behind it', async (_what, row, members, shown) => {
    const [first, , third] = personioWebhooks(3);
    const { query, log } = await openStubGateway({ personio: () => personioPage([first, row, third], 'more') });
    const { data, errors, status } = await query<{ webhooks: { edges: { node: Row }[]; pageInfo: Row } }>(ALL);
    expect(status).toBe(200);
    const { edges, pageInfo } = data.webhooks;
    expect([edges[0]?.node.url, edges[2]?.node.url]).toEqual(['https://example.com/1', 'https://example.com/3']);
    expect(pageInfo.hasNextPage).toBe(true);
    if (shown) {
      expect(edges[1]?.node).toMatchObject(shown);
      expect(errors).toBeUndefined();
    } else {
      expect(edges[1]).toBeNull();
      expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
        [['webhooks', 'edges', 1], 'UPSTREAM_INVALID_RESPONSE'],
      ]);
    }
    expect(driftLines(log)).toEqual([{ provider: 'PERSONIO', operation: 'listWebhooks', members, rows: 1 }]);
    expect(JSON.stringify(log)).not.toMatch(/secret-value|payroll\.closed|PAUSED/);
  });
});

const TRULAYER_DRIFT: readonly (readonly [string, unknown, Record<string, DriftKind>, Row | null])[] = [
  ['a text for enabled', { ...TRULAYER_ROW, enabled: 'yes' }, { enabled: 'unfit' }, { status: null }],
  ['no events', { ...TRULAYER_ROW, events: undefined }, { events: 'missing' }, { enabledEvents: null }],
  [
    'a new event',
    { ...TRULAYER_ROW, events: ['drift.detected'] },
    { events: 'unknown' },
    { enabledEvents: ['drift.detected'] },
  ],
  ['a new member', { ...TRULAYER_ROW, team: 'x' }, { team: 'unknown' }, { url: 'https://example.com/trulayer/1' }],
  ['a number as its id', { ...TRULAYER_ROW, id: 17 }, { id: 'unfit' }, null],
  ['no address', { ...TRULAYER_ROW, url: undefined }, { url: 'missing' }, null],
  ['null for a row', null, { '(whole)': 'unfit' }, null],
];

describe('a TruLayer webhook with', () => {
  test.each(TRULAYER_DRIFT)('%s is honest, and the list goes on behind it', async (_what, row, members, shown) => {
    const [first, , third] = trulayerWebhooks(3);
    const { query, log } = await openStubGateway({ trulayer: () => ({ body: { webhooks: [first, row, third] } }) });
    const { data, errors } = await query<{ webhooks: { edges: { node: Row }[] } }>(ALL);
    const { edges } = data.webhooks;
    expect(edges[2]?.node.url).toBe('https://example.com/trulayer/3');
    if (shown) expect([edges[1]?.node, errors]).toMatchObject([shown, undefined]);
    else expect([edges[1], codes(errors)]).toEqual([null, ['UPSTREAM_INVALID_RESPONSE']]);
    expect(driftLines(log)).toEqual([{ provider: 'TRULAYER', operation: 'listWebhooks', members, rows: 1 }]);
  });

  test('no address is an invalid answer rather than not found where it is asked for by its id', async () => {
    const { query } = await openStubGateway({
      trulayer: () => ({ body: { webhooks: [{ ...TRULAYER_ROW, url: 7 }] } }),
    });
    const answers = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: [globalId('TRULAYER', trulayerId(1)), globalId('TRULAYER', trulayerId(2))],
    });
    expect(codes(answers.errors)).toEqual(['UPSTREAM_INVALID_RESPONSE', 'NOT_FOUND']);
  });
});

describe('an entry of the delivery log with', () => {
  test.each([
    ['a new event', { event_name: 'payroll.closed' }, { event_name: 'unknown' }, { eventName: 'payroll.closed' }],
    ['a text for attempts', { attempts: '3' }, { attempts: 'unfit' }, { attempts: null }],
    ['attempts beyond 32 bits', { attempts: 5e12 }, { attempts: 'unfit' }, { attempts: null }],
    ['a text for its status', { status_code: '200' }, { status_code: 'unfit' }, { statusCode: null }],
    ['a new member', { took_ms: 3 }, { took_ms: 'unknown' }, { attempts: 1 }],
    ['a text for is_delivered', { is_delivered: 'true' }, { is_delivered: 'unfit' }, null],
    ['no time', { completed_at: undefined }, { completed_at: 'missing' }, null],
    ['a time that is none', { completed_at: '2026-13-45T99:00:00Z' }, { completed_at: 'unfit' }, null],
  ])('%s is honest, and the log goes on behind it', async (_what, change, members, shown) => {
    const { query, log } = await openStubGateway({
      personio: ({ url }) =>
        url.includes('/activity') ? personioPage([{ ...DELIVERY, ...change }, DELIVERY]) : { body: PERSONIO_ROW },
    });
    const { data, errors } = await query<{ webhook: { activity: { edges: unknown[] } } }>(ACTIVITY, {
      id: globalId('PERSONIO', 'hook-1'),
    });
    const { edges } = data.webhook.activity;
    expect(edges).toHaveLength(2);
    if (shown) expect([edges[0], errors]).toMatchObject([{ node: shown }, undefined]);
    else expect([edges[0], codes(errors)]).toEqual([null, ['UPSTREAM_INVALID_RESPONSE']]);
    expect(driftLines(log)).toEqual([{ provider: 'PERSONIO', operation: 'listWebhookActivity', members, rows: 1 }]);
  });
});

test('an answer of two hundred bad rows is one line, which counts them', async () => {
  const rows = personioWebhooks(40).map((row) => ({ ...row, url: 5, mood: 'x' }));
  const { query, log } = await openStubGateway({ personio: () => personioPage(rows) });
  await query(ALL);
  expect(driftLines(log)).toEqual([
    { provider: 'PERSONIO', operation: 'listWebhooks', members: { mood: 'unknown', url: 'unfit' }, rows: 40 },
  ]);
});

test('names that an upstream makes up are bounded, and cannot forge the log', async () => {
  const strange = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`m${index}`, 1]));
  const row = { ...PERSONIO_ROW, 'a\n{"level":60}': 1, ['x'.repeat(10_000)]: 1, ...strange };
  const { query, log } = await openStubGateway({ personio: () => personioPage([row]) });
  await query(ALL);
  const [line] = driftLines(log);
  expect(JSON.stringify(line).length).toBeLessThan(800);
  expect(line).toMatchObject({ members: { '(other)': 'unknown', m0: 'unknown' }, rows: 1 });
});

test.each([
  ['a ping without any member', { body: {} }, { isDelivered: null, statusCode: null, outcome: 'UNKNOWN' }, []],
  [
    'a ping with texts for numbers',
    { body: { is_delivered: 1, status_code: '200', attempts: 'one' } },
    { isDelivered: null, statusCode: null, outcome: 'UNKNOWN' },
    [{ status_code: 'unfit', is_delivered: 'unfit', attempts: 'unfit' }],
  ],
])('%s is a delivery of which little is known', async (_what, reply, delivery, members) => {
  const { query, log } = await openStubGateway({ personio: () => reply });
  const { data, errors } = await query(
    'mutation ($id: ID!) { pingWebhook(input: { id: $id }) { delivery { isDelivered statusCode outcome } } }',
    { id: globalId('PERSONIO', 'hook-1') },
  );
  expect([data, errors]).toEqual([{ pingWebhook: { delivery } }, undefined]);
  expect(driftLines(log)).toEqual(
    members.map((names) => ({ provider: 'PERSONIO', operation: 'pingWebhook', members: names, rows: 1 })),
  );
});

test('a next link that cannot be read ends the list, and is told', async () => {
  const body = { _data: [PERSONIO_ROW], _meta: { links: { next: { href: 17 } } } };
  const { query, log } = await openStubGateway({ personio: () => ({ body }) });
  const { data } = await query<{ webhooks: { pageInfo: unknown } }>(ALL);
  expect(data.webhooks.pageInfo).toMatchObject({ hasNextPage: false });
  expect(driftLines(log)).toMatchObject([{ members: { href: 'unfit' } }]);
});

describe('the drift reporter', () => {
  const setUp = () => {
    const lines: unknown[] = [];
    const counted: unknown[] = [];
    let nowMs = 0;
    const logger = { warn: (fields: unknown) => void lines.push(fields) };
    const report = createDriftReporter({ logger, count: (labels) => void counted.push(labels), now: () => nowMs });
    const drift = {
      provider: 'PERSONIO',
      operation: 'listWebhooks',
      members: new Map([['a', 'unfit']] as const),
      rows: 1,
    };
    const later = (ms: number) => {
      nowMs += ms;
    };
    return { lines, counted, report: () => report(drift), later };
  };

  test('counts every answer', () => {
    const { counted, report } = setUp();
    for (let answer = 0; answer < 25; answer += 1) report();
    expect(counted).toEqual(
      Array.from({ length: 25 }, () => ({ provider: 'PERSONIO', operation: 'listWebhooks', kind: 'unfit' })),
    );
  });

  test('logs again a minute later although the clock was set back meanwhile', () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const lines: unknown[] = [];
    const report = createDriftReporter({ logger: { warn: (fields: unknown) => void lines.push(fields) } });
    const drift = { provider: 'PERSONIO', operation: 'listWebhooks', members: new Map(), rows: 1 };
    for (let answer = 0; answer < 25; answer += 1) report(drift);
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(60_000);
    report(drift);
    expect(lines).toHaveLength(11);
  });

  test('logs ten lines a minute, then says how many it left out', () => {
    const { lines, report, later } = setUp();
    for (let answer = 0; answer < 25; answer += 1) report();
    expect(lines).toHaveLength(10);
    later(60_000);
    report();
    expect(lines.at(-1)).toMatchObject({ rows: 1, leftOut: 15 });
  });
});
