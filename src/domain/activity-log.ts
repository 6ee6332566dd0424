import type { WebhookActivity } from './activity.ts';
import { compareInstants, type Instant, parseInstant } from './instant.ts';
import { isInWindow, type TimeWindow } from './time-window.ts';

/** A delivery of the log and when it was completed, parsed. */
export interface LoggedDelivery {
  readonly activity: WebhookActivity;
  readonly at: Instant;
}

/** What was read of a webhook's delivery log: made once, then asked for stats, timeline, health and outages. */
export interface ActivityLog {
  readonly window: TimeWindow;
  /** Newest first; entries of the same moment as the provider ordered them. */
  readonly deliveries: readonly LoggedDelivery[];
  /** False where a budget, of pages or of calls, ended the scan, the list broke off, or an entry could not be read. */
  readonly isComplete: boolean;
}

/**
 * Orders what was read of the log and keeps what lies in the window. The provider's order (newest first) decides between
 * entries of the same moment. An entry whose time cannot be read is left out, and the log is not complete then.
 */
export function readActivityLog(scan: {
  readonly window: TimeWindow;
  readonly activities: readonly WebhookActivity[];
  readonly isComplete: boolean;
}): ActivityLog {
  const { window, activities } = scan;
  const timed = activities.flatMap((activity) => {
    const at = parseInstant(activity.completedAt);
    return at === undefined ? [] : [{ activity, at }];
  });
  return {
    window,
    deliveries: timed.filter(({ at }) => isInWindow(at, window)).sort((a, b) => compareInstants(b.at, a.at)),
    isComplete: scan.isComplete && timed.length === activities.length,
  };
}

/** The part of a log that is about one kind of event; the whole log where none is named. */
export function logOfEvent(log: ActivityLog, eventName: string | undefined): ActivityLog {
  if (eventName === undefined) return log;
  return { ...log, deliveries: log.deliveries.filter(({ activity }) => activity.eventName === eventName) };
}
