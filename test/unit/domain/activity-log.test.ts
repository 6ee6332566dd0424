import { describe, expect, test } from 'vitest';
import { logOfEvent, readActivityLog } from '../../../src/domain/activity-log.ts';
import { entry, failure, logOf, windowOf } from './sample-log.ts';

describe('an activity log', () => {
  test('is newest first, whatever the offsets and the digits', () => {
    const activities = [entry('10:00:00.1Z'), entry('11:00:00.1001+01:00'), entry('10:00:00.10009Z')];
    expect(logOf(activities).deliveries.map(({ activity }) => activity.completedAt)).toEqual([
      '2026-11-20T11:00:00.1001+01:00',
      '2026-11-20T10:00:00.10009Z',
      '2026-11-20T10:00:00.1Z',
    ]);
  });

  test('keeps the order of the provider for entries of the same moment', () => {
    const activities = [failure('10:00:00Z'), entry('10:00:00.000Z'), failure('11:00:00+01:00')];
    expect(logOf(activities).deliveries.map(({ activity }) => activity)).toEqual(activities);
  });

  test('holds what lies in its window, both ends included', () => {
    const log = readActivityLog({
      window: windowOf('10:00:00Z', '11:00:00Z'),
      activities: [entry('11:00:00.001Z'), entry('11:00:00Z'), entry('10:00:00Z'), entry('09:59:59.999Z')],
      isComplete: true,
    });
    expect(log.deliveries.map(({ activity }) => activity.completedAt)).toEqual([
      '2026-11-20T11:00:00Z',
      '2026-11-20T10:00:00Z',
    ]);
    expect(log.isComplete).toBe(true);
  });

  test('is not complete where the scan was not, or the time of an entry cannot be read', () => {
    expect(logOf([entry('10:00:00Z')], { isComplete: false }).isComplete).toBe(false);
    const log = logOf([entry('10:00:00Z'), entry('25:00:00Z')]);
    expect([log.isComplete, log.deliveries.length]).toEqual([false, 1]);
  });

  test('of one event holds nothing else', () => {
    const log = logOf([entry('11:00:00Z', { eventName: 'person.created' }), entry('10:00:00Z')]);
    expect(logOfEvent(log, 'person.created').deliveries).toHaveLength(1);
    expect(logOfEvent(log, 'Person.created').deliveries).toHaveLength(0);
    expect(logOfEvent(log, undefined)).toBe(log);
  });
});
