import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ActivityLog, readActivityLog } from '../../../src/domain/activity-log.ts';
import { deliveryStatsOf } from '../../../src/domain/delivery-stats.ts';
import { deliveryTimelineOf, type TimelineBucket } from '../../../src/domain/delivery-timeline.ts';
import { activitiesArbitrary, entry, failure, refusal, windowOf } from './sample-log.ts';

function logOver(gte: string, lte: string, activities: ActivityLog['deliveries'][number]['activity'][] = []) {
  return readActivityLog({ window: windowOf(gte, lte), activities, isComplete: true });
}

describe('a delivery timeline', () => {
  test('has a bucket for each hour that the window touches, zeroes included', () => {
    const log = logOver('09:30:00Z', '12:00:00Z', [
      entry('12:00:00Z'),
      failure('10:59:59.999Z'),
      entry('10:00:00Z'),
      entry('11:45:00+02:00'),
    ]);
    expect(deliveryTimelineOf(log, 'HOUR')).toEqual([
      { startsAt: '2026-11-20T09:00:00.000Z', delivered: 1, failed: 0 },
      { startsAt: '2026-11-20T10:00:00.000Z', delivered: 1, failed: 1 },
      { startsAt: '2026-11-20T11:00:00.000Z', delivered: 0, failed: 0 },
      { startsAt: '2026-11-20T12:00:00.000Z', delivered: 1, failed: 0 },
    ]);
  });

  test('has UTC days, whatever the offset of the window', () => {
    const log = logOver('2026-11-20T00:30:00+02:00', '2026-11-20T23:30:00-02:00');
    expect(deliveryTimelineOf(log, 'DAY').map(({ startsAt }) => startsAt)).toEqual([
      '2026-11-19T00:00:00.000Z',
      '2026-11-20T00:00:00.000Z',
      '2026-11-21T00:00:00.000Z',
    ]);
  });

  test('of one moment is one bucket', () => {
    expect(deliveryTimelineOf(logOver('10:00:00Z', '10:00:00Z'), 'MINUTE')).toEqual([
      { startsAt: '2026-11-20T10:00:00.000Z', delivered: 0, failed: 0 },
    ]);
  });

  test('holds 2,000 buckets and refuses one more', () => {
    const from = '2026-11-19T00:00:00Z';
    expect(deliveryTimelineOf(logOver(from, '2026-11-20T09:19:59.999Z'), 'MINUTE')).toHaveLength(2000);
    expect(refusal(() => deliveryTimelineOf(logOver(from, '2026-11-20T09:20:00Z'), 'MINUTE'))).toEqual({
      code: 'BAD_USER_INPUT',
      paths: [['bucket']],
    });
    expect(refusal(() => deliveryTimelineOf(logOver(from, '9999-12-31T23:59:59Z'), 'DAY'))).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  test('has no gaps, and sums to the totals', () => {
    const minute = fc.integer({ min: 0, max: 20 });
    const clock = (minutes: number) => new Date(Date.UTC(2026, 10, 20, 9, 55 + minutes, 17)).toISOString();
    fc.assert(
      fc.property(
        activitiesArbitrary,
        fc.constantFrom<TimelineBucket>('MINUTE', 'HOUR', 'DAY'),
        minute,
        minute,
        (activities, unit, a, b) => {
          const log = logOver(clock(Math.min(a, b)), clock(Math.max(a, b)), activities);
          const buckets = deliveryTimelineOf(log, unit);
          const stats = deliveryStatsOf(log);
          expect(buckets.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(stats.delivered);
          expect(buckets.reduce((sum, { failed }) => sum + failed, 0)).toBe(stats.failed);
          const unitMs = { MINUTE: 60_000, HOUR: 3_600_000, DAY: 86_400_000 }[unit];
          const starts = buckets.map(({ startsAt }) => Date.parse(startsAt));
          expect(starts).toEqual(starts.map((_, index) => (starts[0] ?? 0) + index * unitMs));
          expect(starts[0]).toBeLessThanOrEqual(log.window.fromMs);
          expect((starts[0] ?? 0) + unitMs).toBeGreaterThan(log.window.fromMs);
          expect(starts.at(-1)).toBeLessThanOrEqual(log.window.toMs);
          expect((starts.at(-1) ?? 0) + unitMs).toBeGreaterThan(log.window.toMs);
        },
      ),
    );
  });
});
