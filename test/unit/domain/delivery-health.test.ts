import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeHealth, type WebhookHealth } from '../../../src/domain/delivery-health.ts';
import type { WebhookStatus } from '../../../src/domain/webhook.ts';
import { activitiesArbitrary, entry, failure, logOf } from './sample-log.ts';

/** `+` is a delivery and `-` a failure, oldest first, one each minute from 10:00. */
function logOfRuns(runs: string, rest: { isComplete?: boolean } = {}) {
  const activities = [...runs].map((sign, index) => {
    const time = new Date(Date.UTC(2026, 10, 20, 10, index)).toISOString();
    return sign === '+' ? entry(time) : failure(time);
  });
  return logOf(activities.reverse(), rest);
}

function healthOf(runs: string, status: WebhookStatus | null = 'ENABLED'): WebhookHealth {
  const verdict = judgeHealth({ status, log: logOfRuns(runs) });
  return verdict.type === 'settled' ? verdict.health : verdict.settle(true);
}

describe('health', () => {
  test.each([
    ['+', 'HEALTHY', '10:00', 0],
    ['+++', 'HEALTHY', '10:00', 0],
    [`-${'+'.repeat(19)}`, 'HEALTHY', '10:01', 0],
    [`-${'+'.repeat(18)}`, 'DEGRADED', '10:00', 0],
    [`${'+'.repeat(19)}-`, 'DEGRADED', '10:19', 1],
    [`${'+'.repeat(40)}--+`, 'HEALTHY', '10:42', 0],
    [`${'+'.repeat(40)}--++--++`, 'DEGRADED', '10:44', 0],
    ['-', 'DEGRADED', '10:00', 1],
    ['--', 'DEGRADED', '10:00', 2],
    ['---', 'FAILING', '10:00', 3],
    ['----', 'FAILING', '10:00', 4],
    ['+---', 'DEGRADED', '10:01', 3],
    ['+----', 'DEGRADED', '10:01', 4],
    ['+-----', 'FAILING', '10:01', 5],
    [`${'+'.repeat(30)}------`, 'FAILING', '10:30', 6],
    ['-----+', 'DEGRADED', '10:00', 0],
    ['-+-', 'DEGRADED', '10:02', 1],
  ])('of %s is %s', (runs, state, since, consecutiveFailures) => {
    expect(healthOf(runs)).toEqual({
      state,
      since: `2026-11-20T${since}:00.000Z`,
      consecutiveFailures,
      isComplete: true,
    });
  });

  test('is DISABLED by status, whatever the log says', () => {
    expect(healthOf('+------', 'DISABLED')).toEqual({
      state: 'DISABLED',
      since: null,
      consecutiveFailures: 6,
      isComplete: true,
    });
    expect(judgeHealth({ status: 'DISABLED', log: null })).toEqual({
      type: 'settled',
      health: { state: 'DISABLED', since: null, consecutiveFailures: null, isComplete: true },
    });
  });

  test('is UNKNOWN without a log', () => {
    expect(judgeHealth({ status: 'ENABLED', log: null })).toEqual({
      type: 'settled',
      health: { state: 'UNKNOWN', since: null, consecutiveFailures: null, isComplete: true },
    });
  });

  test('is judged by its log where the status is not known', () => {
    expect(healthOf('---', null).state).toBe('FAILING');
  });

  test('without deliveries needs to know of events: SILENT with them, IDLE without, UNKNOWN where they are not', () => {
    const verdict = judgeHealth({ status: 'ENABLED', log: logOf([]) });
    if (verdict.type !== 'needs-events') throw new Error('settled too early');
    const rest = { since: null, consecutiveFailures: 0 };
    expect(verdict.settle(true)).toEqual({ state: 'SILENT', isComplete: true, ...rest });
    expect(verdict.settle(false)).toEqual({ state: 'IDLE', isComplete: true, ...rest });
    expect(verdict.settle(null)).toEqual({ state: 'UNKNOWN', isComplete: false, ...rest });
  });

  test('of a log of which nothing could be read is UNKNOWN', () => {
    expect(judgeHealth({ status: 'ENABLED', log: logOf([], { isComplete: false }) })).toEqual({
      type: 'settled',
      health: { state: 'UNKNOWN', since: null, consecutiveFailures: null, isComplete: false },
    });
  });

  test('of a log that was read in part says so', () => {
    expect(judgeHealth({ status: 'ENABLED', log: logOfRuns('+', { isComplete: false }) })).toMatchObject({
      health: { state: 'HEALTHY', isComplete: false },
    });
  });

  test('takes entries of the same moment in the order of the provider', () => {
    const verdict = judgeHealth({ status: 'ENABLED', log: logOf([failure('10:00:00Z'), entry('10:00:00Z')]) });
    expect(verdict).toMatchObject({ health: { state: 'DEGRADED', consecutiveFailures: 1 } });
  });

  test('is exactly one state, the one that the rules written out anew name', () => {
    const status = fc.constantFrom<WebhookStatus | null>('ENABLED', 'DISABLED', null);
    const short = fc.oneof(
      activitiesArbitrary,
      activitiesArbitrary.map((activities) => activities.slice(0, 6)),
    );
    fc.assert(
      fc.property(short, status, fc.boolean(), fc.boolean(), (activities, status, hasLog, hasEvents) => {
        const verdict = judgeHealth({ status, log: hasLog ? logOf(activities) : null });
        const health = verdict.type === 'settled' ? verdict.health : verdict.settle(hasEvents);
        const firstDelivered = activities.findIndex((activity) => activity.isDelivered);
        const inARow = firstDelivered === -1 ? activities.length : firstDelivered;
        const delivered = activities.filter((activity) => activity.isDelivered).length;
        const rules = [
          ['DISABLED', status === 'DISABLED'],
          ['UNKNOWN', !hasLog],
          ['FAILING', inARow >= 5 || (activities.length >= 3 && delivered === 0)],
          ['DEGRADED', inARow > 0 || delivered / activities.length < 0.95],
          ['HEALTHY', delivered > 0],
          ['SILENT', hasEvents],
          ['IDLE', true],
        ] as const;
        expect(health.state).toBe(rules.find(([, isSo]) => isSo)?.[0]);
        expect(health.consecutiveFailures).toBe(hasLog ? inARow : null);
        const isMadeByDeliveries = ['FAILING', 'DEGRADED', 'HEALTHY'].includes(health.state);
        const times = activities
          .filter((activity) => activity.isDelivered === (health.state === 'HEALTHY'))
          .map((activity) => activity.completedAt);
        if (isMadeByDeliveries) expect(times).toContain(health.since);
        else expect(health.since).toBeNull();
        expect(verdict.type === 'needs-events').toBe(['SILENT', 'IDLE'].includes(health.state));
      }),
    );
  });
});
