import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WebhookActivity } from '../../../src/domain/activity.ts';
import { outagesOf } from '../../../src/domain/outages.ts';
import { activitiesArbitrary, entry, failure, logOf } from './sample-log.ts';

const KEPT_FROM_MS = Date.parse('2026-10-22T12:00:00.000Z');

function outages(activities: readonly WebhookActivity[], keptFromMs: number | null = KEPT_FROM_MS) {
  return outagesOf(logOf(activities), { keptFromMs });
}

describe('outages', () => {
  test('are none where nothing failed', () => {
    expect(outages([])).toEqual([]);
    expect(outages([entry('10:00:00Z')])).toEqual([]);
  });

  test('are runs of failures, newest first, each ended by the next delivery', () => {
    expect(
      outages([
        failure('14:00:00Z', { statusCode: 404 }),
        entry('13:00:00Z'),
        entry('12:30:00+00:00'),
        failure('12:00:00Z'),
        failure('11:00:00Z'),
        entry('10:00:00Z'),
      ]),
    ).toEqual([
      {
        startedAt: '2026-11-20T14:00:00Z',
        endedAt: null,
        failed: 1,
        outcome: 'CLIENT_ERROR',
        statusCode: 404,
        redeliverFrom: '2026-11-20T14:00:00Z',
        redeliverTo: '2026-11-20T14:00:00Z',
      },
      {
        startedAt: '2026-11-20T11:00:00Z',
        endedAt: '2026-11-20T12:30:00+00:00',
        failed: 2,
        outcome: 'SERVER_ERROR',
        statusCode: 503,
        redeliverFrom: '2026-11-20T11:00:00Z',
        redeliverTo: '2026-11-20T12:00:00Z',
      },
    ]);
  });

  test('name the most frequent outcome and the most frequent status of that outcome', () => {
    const codes = [404, 404, 404, 500, 503, 502, 503];
    const [outage] = outages(codes.map((statusCode, second) => failure(`10:00:0${9 - second}Z`, { statusCode })));
    expect(outage).toMatchObject({ failed: 7, outcome: 'SERVER_ERROR', statusCode: 503 });
  });

  test('name the most recent of several equally frequent outcomes and statuses', () => {
    const codes = [500, 404, 503, 400];
    const [outage] = outages(codes.map((statusCode, second) => failure(`10:00:0${9 - second}Z`, { statusCode })));
    expect(outage).toMatchObject({ outcome: 'SERVER_ERROR', statusCode: 500 });
  });

  test('have no status where the receiver gave none', () => {
    const activities = [failure('10:00:02Z', { statusCode: null }), failure('10:00:01Z', { statusCode: null })];
    expect(outages([...activities, failure('10:00:00Z')])[0]).toMatchObject({
      outcome: 'NO_RESPONSE',
      statusCode: null,
    });
  });

  test.each([1, 0])('are redelivered from their start where each failure took %s attempt', (attempts) => {
    expect(outages([failure('10:00:00Z', { attempts })])[0]?.redeliverFrom).toBe('2026-11-20T10:00:00Z');
  });

  test.each([2, null])('are redelivered from 144 hours earlier where one failure took %s attempts', (attempts) => {
    const activities = [failure('11:00:00Z'), failure('10:30:00Z', { attempts }), failure('10:00:00.5+00:00')];
    expect(outages(activities)[0]).toMatchObject({
      redeliverFrom: '2026-11-14T10:00:00.500Z',
      redeliverTo: '2026-11-20T11:00:00Z',
    });
  });

  test('are redelivered from no earlier than the provider keeps', () => {
    const keptFromMs = Date.parse('2026-11-18T00:00:00Z');
    const activities = [failure('10:00:00Z', { attempts: 3 })];
    expect(outages(activities, keptFromMs)[0]?.redeliverFrom).toBe('2026-11-18T00:00:00.000Z');
    expect(outages(activities, null)[0]?.redeliverFrom).toBe('2026-11-14T10:00:00.000Z');
  });

  test('that the provider has just ceased to keep give no window that ends before it begins', () => {
    const keptFromMs = Date.parse('2026-11-20T10:00:01Z');
    expect(outages([failure('10:00:00Z')], keptFromMs)[0]).toMatchObject({
      redeliverFrom: '2026-11-20T10:00:00Z',
      redeliverTo: '2026-11-20T10:00:00Z',
    });
  });

  test('take entries of the same moment in the order of the provider', () => {
    const at = '10:00:00Z';
    expect(outages([failure(at), entry(at), failure(at), failure(at)]).map(({ failed }) => failed)).toEqual([1, 2]);
  });

  test('hold every failure once and follow each other', () => {
    fc.assert(
      fc.property(activitiesArbitrary, (activities) => {
        const found = outages(activities);
        const failed = activities.filter((activity) => !activity.isDelivered);
        expect(found.reduce((sum, outage) => sum + outage.failed, 0)).toBe(failed.length);
        expect(found.filter(({ endedAt }) => endedAt === null).length).toBe(
          activities[0]?.isDelivered === false ? 1 : 0,
        );
        found.forEach((outage, index) => {
          expect(outage.redeliverFrom <= outage.startedAt).toBe(true);
          expect(outage.startedAt <= outage.redeliverTo).toBe(true);
          expect(outage.redeliverTo <= (outage.endedAt ?? outage.redeliverTo)).toBe(true);
          const newer = found[index - 1];
          if (newer !== undefined) expect((outage.endedAt ?? '9') <= newer.startedAt).toBe(true);
        });
      }),
    );
  });
});
