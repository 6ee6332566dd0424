import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logOfEvent } from '../../../src/domain/activity-log.ts';
import { deliveryStatsOf } from '../../../src/domain/delivery-stats.ts';
import { activitiesArbitrary, entry, failure, logOf } from './sample-log.ts';

describe('delivery stats', () => {
  test('of nothing have no rate and no last times', () => {
    expect(deliveryStatsOf(logOf([]))).toEqual({
      from: '2026-11-20T00:00:00Z',
      to: '2026-11-20T23:59:59.999Z',
      total: 0,
      delivered: 0,
      failed: 0,
      successRate: null,
      lastDeliveredAt: null,
      lastFailedAt: null,
      byStatusCode: [],
      byEventName: [],
      isComplete: true,
    });
  });

  test('count deliveries, failures, the rate and the last of each', () => {
    const log = logOf([
      failure('12:00:00Z'),
      entry('11:00:00.5+00:00'),
      entry('10:00:00Z'),
      entry('09:00:00Z', { redeliveryId: 'r1' }),
    ]);
    expect(deliveryStatsOf(log)).toMatchObject({
      total: 4,
      delivered: 3,
      failed: 1,
      successRate: 0.75,
      lastDeliveredAt: '2026-11-20T11:00:00.5+00:00',
      lastFailedAt: '2026-11-20T12:00:00Z',
    });
  });

  test('by status code list the most frequent first, then the lower code, then none', () => {
    const codes = [null, 503, 200, 503, 404, 410];
    const log = logOf(codes.map((statusCode, second) => failure(`10:00:0${second}Z`, { statusCode })));
    expect(deliveryStatsOf(log).byStatusCode).toEqual([
      { statusCode: 503, count: 2 },
      { statusCode: 200, count: 1 },
      { statusCode: 404, count: 1 },
      { statusCode: 410, count: 1 },
      { statusCode: null, count: 1 },
    ]);
  });

  test('by event name list the most deliveries first, then by name', () => {
    const log = logOf([
      entry('10:00:00Z', { eventName: 'b' }),
      failure('10:00:01Z', { eventName: 'c' }),
      entry('10:00:02Z', { eventName: 'c' }),
      entry('10:00:03Z', { eventName: 'a' }),
      failure('10:00:04Z', { eventName: '__proto__' }),
    ]);
    expect(deliveryStatsOf(log).byEventName).toEqual([
      { eventName: 'c', delivered: 1, failed: 1 },
      { eventName: '__proto__', delivered: 0, failed: 1 },
      { eventName: 'a', delivered: 1, failed: 0 },
      { eventName: 'b', delivered: 1, failed: 0 },
    ]);
  });

  test('of one event speak of that event alone', () => {
    const log = logOf([failure('10:00:00Z', { eventName: 'b' }), entry('09:00:00Z')]);
    expect(deliveryStatsOf(logOfEvent(log, 'b'))).toMatchObject({ total: 1, failed: 1, lastDeliveredAt: null });
  });

  test('are as complete as the log', () => {
    expect(deliveryStatsOf(logOf([], { isComplete: false })).isComplete).toBe(false);
  });

  test('agree with a naive recount', () => {
    fc.assert(
      fc.property(activitiesArbitrary, (activities) => {
        const stats = deliveryStatsOf(logOf(activities));
        const count = (is: (activity: (typeof activities)[number]) => boolean) => activities.filter(is).length;
        expect([stats.total, stats.delivered, stats.failed]).toEqual([
          activities.length,
          count((a) => a.isDelivered),
          count((a) => !a.isDelivered),
        ]);
        for (const { statusCode, count: counted } of stats.byStatusCode) {
          expect(counted).toBe(count((a) => a.statusCode === statusCode));
        }
        for (const { eventName, delivered, failed } of stats.byEventName) {
          expect(delivered).toBe(count((a) => a.eventName === eventName && a.isDelivered));
          expect(failed).toBe(count((a) => a.eventName === eventName && !a.isDelivered));
        }
        const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
        expect(sum(stats.byStatusCode.map((row) => row.count))).toBe(stats.total);
        expect(sum(stats.byEventName.map((row) => row.delivered + row.failed))).toBe(stats.total);
        const failedTimes = activities.filter((a) => !a.isDelivered).map((a) => a.completedAt);
        expect(stats.lastFailedAt).toBe(failedTimes.sort().at(-1) ?? null);
      }),
    );
  });
});
