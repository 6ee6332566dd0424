import { describe, expect, test } from 'vitest';
import { PERSONIO_WEBHOOK_IDS } from '../../src/sandbox/personio/seeded-webhooks.ts';
import { openSandboxGateway } from '../support/gateway.ts';
import {
  type ActivityRow,
  delivery,
  failure,
  HOOK_ID,
  largeActivity,
  NOW,
  openLogGateway,
  useFixedClock,
} from '../support/log-upstream.ts';
import { globalId, openStubGateway, type StubGateway } from '../support/stub-gateway.ts';
import { trulayerId, trulayerWebhooks } from '../support/upstream-rows.ts';

useFixedClock();

interface Outage {
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly failed: number;
  readonly outcome: string;
  readonly statusCode: number | null;
  readonly redeliverFrom: string;
  readonly redeliverTo: string;
}

const OUTAGES = `query Outages($id: ID!, $window: WebhookTimeRange) {
  webhook(id: $id) { outages(window: $window) { startedAt endedAt failed outcome statusCode redeliverFrom redeliverTo } }
}`;

async function readOutages(
  gateway: Pick<StubGateway, 'query'>,
  window?: Readonly<Record<string, string>>,
  id = globalId('PERSONIO', HOOK_ID),
) {
  const { data, errors } = await gateway.query<{ webhook: { outages: readonly Outage[] | null } }>(OUTAGES, {
    id,
    window,
  });
  return { outages: data.webhook.outages, errors };
}

describe('outages', () => {
  test('are the runs of failures, newest first', async () => {
    const gateway = await openLogGateway([
      {
        activity: [
          failure('11:30:00Z', { status_code: null }),
          failure('11:20:00Z', { status_code: null }),
          failure('11:10:00Z'),
          delivery('11:00:00Z'),
          delivery('10:00:00Z'),
          failure('09:30:00Z', { status_code: 404 }),
          delivery('09:00:00Z'),
        ],
      },
    ]);
    const { outages, errors } = await readOutages(gateway);
    expect(errors).toBeUndefined();
    expect(outages).toEqual([
      {
        startedAt: '2026-11-21T11:10:00Z',
        endedAt: null,
        failed: 3,
        outcome: 'NO_RESPONSE',
        statusCode: null,
        redeliverFrom: '2026-11-21T11:10:00Z',
        redeliverTo: '2026-11-21T11:30:00Z',
      },
      {
        startedAt: '2026-11-21T09:30:00Z',
        endedAt: '2026-11-21T10:00:00Z',
        failed: 1,
        outcome: 'CLIENT_ERROR',
        statusCode: 404,
        redeliverFrom: '2026-11-21T09:30:00Z',
        redeliverTo: '2026-11-21T09:30:00Z',
      },
    ]);
  });

  test('of a log without failures are none', async () => {
    const gateway = await openLogGateway([{ activity: [delivery('11:00:00Z')] }]);
    expect(await readOutages(gateway)).toEqual({ outages: [], errors: undefined });
  });

  test.each([
    ['one failure took several attempts', { attempts: 3 }, '2026-11-15T09:30:00.000Z'],
    ['the attempts are not told', { attempts: undefined }, '2026-11-15T09:30:00.000Z'],
    ['each took one attempt', { attempts: 1 }, '2026-11-21T09:30:00Z'],
  ])('reach back for their events as far as needed where %s', async (_, { attempts }, redeliverFrom) => {
    const { attempts: __, ...last } = failure('09:40:00Z');
    const gateway = await openLogGateway([
      { activity: [{ ...last, ...(attempts !== undefined && { attempts }) }, failure('09:30:00Z')] },
    ]);
    const { outages } = await readOutages(gateway);
    expect(outages).toMatchObject([{ redeliverFrom, redeliverTo: '2026-11-21T09:40:00Z' }]);
  });

  test('reach back no further than the provider keeps its events', async () => {
    const gateway = await openLogGateway([{ activity: [failure('2026-10-23T00:00:00Z', { attempts: 2 })] }]);
    const { outages } = await readOutages(gateway, { gte: '2026-10-01T00:00:00Z' });
    expect(outages).toMatchObject([{ redeliverFrom: '2026-10-22T12:00:00.000Z', redeliverTo: '2026-10-23T00:00:00Z' }]);
  });

  test('of thousands of entries are those found by walking through them', async () => {
    const activity = largeActivity(2_718);
    const gateway = await openLogGateway([{ activity }]);
    const window = { gte: '2026-11-15T01:02:03.004Z', lte: '2026-11-21T03:02:01.000Z' };
    const { outages } = await readOutages(gateway, window);
    const found = walk(activity.filter(({ completed_at: at }) => at >= window.gte && at <= window.lte));
    expect(
      outages?.map(({ startedAt, endedAt, failed, redeliverTo }) => ({ startedAt, endedAt, failed, redeliverTo })),
    ).toEqual(found);
  });

  test('with a gte after lte are BAD_USER_INPUT', async () => {
    const gateway = await openLogGateway([{}]);
    const { outages, errors } = await readOutages(gateway, { gte: NOW, lte: '2026-11-20T00:00:00Z' });
    expect(outages).toBeNull();
    expect(errors).toMatchObject([
      {
        path: ['webhook', 'outages'],
        extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['window', 'gte'] }] },
      },
    ]);
  });

  test('are null without an error or a call where the provider publishes no log', async () => {
    const gateway = await openStubGateway({ trulayer: () => ({ body: { webhooks: trulayerWebhooks(1) } }) });
    const answer = await readOutages(gateway, undefined, globalId('TRULAYER', trulayerId(1)));
    expect(answer).toEqual({ outages: null, errors: undefined });
    expect(gateway.trulayerCalls()).toHaveLength(1);
  });
});

test("the sandbox's outage of a week ago is found, with its end", async () => {
  const gateway = await openSandboxGateway({ sandbox: { now: () => Date.parse(NOW) } });
  const id = globalId('PERSONIO', PERSONIO_WEBHOOK_IDS.outage);
  const { outages } = await readOutages(gateway, { gte: '2026-11-14T12:00:00Z' }, id);
  await gateway.close();
  const longest = outages?.toSorted((a, b) => b.failed - a.failed)[0];
  expect(longest).toMatchObject({ outcome: 'SERVER_ERROR', statusCode: 503 });
  expect(longest?.endedAt).not.toBeNull();
  expect(longest?.failed).toBeGreaterThan(5);
});

/** The runs of failures, from the oldest entry on; entries of one moment in the order of their arrival. */
function walk(rows: readonly ActivityRow[]) {
  const oldestFirst = rows
    .map((row, sequence) => ({ row, sequence }))
    .sort((a, b) => Date.parse(a.row.completed_at) - Date.parse(b.row.completed_at) || a.sequence - b.sequence);
  const found: { startedAt: string; endedAt: string | null; failed: number; redeliverTo: string }[] = [];
  let isRunning = false;
  for (const { row } of oldestFirst) {
    const current = found[0];
    if (row.is_delivered) {
      if (isRunning && current) current.endedAt = row.completed_at;
      isRunning = false;
    } else if (isRunning && current) {
      current.failed += 1;
      current.redeliverTo = row.completed_at;
    } else {
      found.unshift({ startedAt: row.completed_at, endedAt: null, failed: 1, redeliverTo: row.completed_at });
      isRunning = true;
    }
  }
  return found;
}
