import fc from 'fast-check';
import type { WebhookActivity } from '../../../src/domain/activity.ts';
import { type ActivityLog, readActivityLog } from '../../../src/domain/activity-log.ts';
import { deliveryOutcome } from '../../../src/domain/delivery.ts';
import { HookgraphError } from '../../../src/domain/errors.ts';
import { resolveTimeWindow, type TimeWindow } from '../../../src/domain/time-window.ts';

export const NOW_MS = Date.parse('2026-11-21T12:00:00.000Z');

/** The window from one time of 2026-11-20 (or a full timestamp) to another. */
export function windowOf(gte: string, lte: string): TimeWindow {
  return resolveTimeWindow({ gte: full(gte), lte: full(lte) }, { nowMs: NOW_MS, retentionDays: 30, path: ['window'] });
}

/** An entry of the log at a time of 2026-11-20 (or a full timestamp). */
export function entry(time: string, rest: Partial<WebhookActivity> = {}): WebhookActivity {
  const isDelivered = rest.isDelivered ?? true;
  const statusCode = rest.statusCode === undefined ? (isDelivered ? 200 : 503) : rest.statusCode;
  return {
    completedAt: full(time),
    eventName: 'person.updated',
    isDelivered,
    attempts: 1,
    statusCode,
    outcome: deliveryOutcome({ isDelivered, statusCode }),
    redeliveryId: null,
    ...rest,
  };
}

/** A failed entry of the log. */
export function failure(time: string, rest: Partial<WebhookActivity> = {}): WebhookActivity {
  return entry(time, { isDelivered: false, ...rest });
}

/** The whole of 2026-11-20. */
export function logOf(activities: readonly WebhookActivity[], rest: { isComplete?: boolean } = {}): ActivityLog {
  return readActivityLog({
    window: windowOf('00:00:00Z', '23:59:59.999Z'),
    activities,
    isComplete: rest.isComplete ?? true,
  });
}

/** What a function throws, as far as clients see it. */
export function refusal(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    if (error instanceof HookgraphError) return { code: error.code, paths: error.violations.map(({ path }) => path) };
    throw error;
  }
  return 'nothing was thrown';
}

/** Few distinct times, names and codes, so that ties are common; newest first like a provider's log. */
export const activitiesArbitrary = fc
  .array(
    fc.record({
      seconds: fc.integer({ min: 0, max: 600 }),
      eventName: fc.constantFrom('person.created', 'person.updated', 'document.signed'),
      isDelivered: fc.boolean(),
      statusCode: fc.constantFrom(null, 200, 404, 500, 503),
      attempts: fc.constantFrom(null, 1, 3),
    }),
    { maxLength: 200 },
  )
  .map((rows) =>
    rows
      .toSorted((a, b) => b.seconds - a.seconds)
      .map(({ seconds, ...rest }) => entry(new Date(Date.UTC(2026, 10, 20, 10, 0, seconds)).toISOString(), rest)),
  );

function full(time: string): string {
  return /^\d{4}-/.test(time) ? time : `2026-11-20T${time}`;
}
