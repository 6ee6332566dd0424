import type { ActivityLog } from './activity-log.ts';
import type { WebhookStatus } from './webhook.ts';

/**
 * How a webhook does over a window; the first that fits:
 *
 * - DISABLED: switched off.
 * - UNKNOWN: the provider publishes no delivery log, or nothing of it could be read.
 * - FAILING: the last five or more deliveries failed, or three or more failed and none was delivered.
 * - DEGRADED: the last delivery failed, or under 95 % were delivered.
 * - HEALTHY: something was delivered.
 * - SILENT: events occurred, but nothing was tried.
 * - IDLE: neither events nor deliveries.
 */
export type HealthState = 'HEALTHY' | 'DEGRADED' | 'FAILING' | 'SILENT' | 'IDLE' | 'DISABLED' | 'UNKNOWN';

/** How a webhook does over a window, and since when. */
export interface WebhookHealth {
  readonly state: HealthState;
  /**
   * When the state began, as far as the window tells: the completion of the first delivery of the run that makes it.
   *
   * - FAILING, and DEGRADED where the last delivery failed: the first failure of the current run of failures.
   * - DEGRADED otherwise: the first failure of the run with which the share delivered, counted from the window's start,
   *   fell under 95 % and has stayed there since.
   * - HEALTHY: the first delivered one since the last failure.
   * - Null for the others: no delivery makes them, and providers do not say when a webhook was switched off.
   */
  readonly since: string | null;
  /** How many of the last deliveries failed in a row; null where no log could be read. */
  readonly consecutiveFailures: number | null;
  /** False where the log is not complete (`ActivityLog`), or something that was needed could not be read. */
  readonly isComplete: boolean;
}

/** A webhook's health, or what has to be known before it can be told: most webhooks need no look at their events. */
export type HealthVerdict =
  | { readonly type: 'settled'; readonly health: WebhookHealth }
  | {
      readonly type: 'needs-events';
      /** Whether any event occurred in the window; null where that could not be read: UNKNOWN and not complete then. */
      readonly settle: (hasEvents: boolean | null) => WebhookHealth;
    };

/** Judges a webhook by the rules of `HealthState`. `log` is null where the provider publishes none. */
export function judgeHealth(webhook: {
  readonly status: WebhookStatus | null;
  readonly log: ActivityLog | null;
}): HealthVerdict {
  const { status, log } = webhook;
  const runs = log === null ? null : runsOf(log);
  const known = { consecutiveFailures: runs?.consecutiveFailures ?? null, isComplete: log?.isComplete ?? true };
  if (status === 'DISABLED') return settled({ state: 'DISABLED', since: null, ...known });
  if (runs === null) return settled({ state: 'UNKNOWN', since: null, ...known });
  if (runs.total > 0) return settled({ ...stateOf(runs), ...known });
  // An unread entry may be a delivery, so neither SILENT nor IDLE could be said without guessing.
  if (!known.isComplete) return settled({ state: 'UNKNOWN', since: null, ...known });
  return { type: 'needs-events', settle: healthWithoutDeliveries };
}

function settled(health: WebhookHealth): HealthVerdict {
  return { type: 'settled', health };
}

function healthWithoutDeliveries(hasEvents: boolean | null): WebhookHealth {
  if (hasEvents === null) return { state: 'UNKNOWN', since: null, consecutiveFailures: 0, isComplete: false };
  return { state: hasEvents ? 'SILENT' : 'IDLE', since: null, consecutiveFailures: 0, isComplete: true };
}

/** Neighbours that all failed or were all delivered. */
interface Run {
  readonly isDelivered: boolean;
  readonly length: number;
  /** The completion of the first one; null while there is none. */
  readonly since: string | null;
}

interface Runs {
  readonly total: number;
  readonly delivered: number;
  /** Null where nothing at all was read of a log that is not complete. */
  readonly consecutiveFailures: number | null;
  readonly lastRunSince: string | null;
  /** The first failure of the run that took the share under 95 %; null while it is not under it. */
  readonly lowShareSince: string | null;
}

function stateOf(runs: Runs): Pick<WebhookHealth, 'state' | 'since'> {
  const { total, delivered, lastRunSince, lowShareSince } = runs;
  const consecutiveFailures = runs.consecutiveFailures ?? 0;
  if (consecutiveFailures >= 5 || (total >= 3 && delivered === 0)) return { state: 'FAILING', since: lastRunSince };
  if (consecutiveFailures > 0) return { state: 'DEGRADED', since: lastRunSince };
  if (lowShareSince !== null) return { state: 'DEGRADED', since: lowShareSince };
  return { state: 'HEALTHY', since: lastRunSince };
}

function runsOf({ deliveries, isComplete }: ActivityLog): Runs {
  let total = 0;
  let delivered = 0;
  let run: Run = { isDelivered: true, length: 0, since: null };
  let lowShareSince: string | null = null;
  for (const { activity } of deliveries.toReversed()) {
    const isNewRun = run.since === null || activity.isDelivered !== run.isDelivered;
    run = isNewRun
      ? { isDelivered: activity.isDelivered, length: 1, since: activity.completedAt }
      : { ...run, length: run.length + 1 };
    total += 1;
    if (activity.isDelivered) delivered += 1;
    // In whole numbers, so that exactly 95 % is not under it.
    lowShareSince = delivered * 100 < total * 95 ? (lowShareSince ?? run.since) : null;
  }
  const consecutiveFailures = total === 0 && !isComplete ? null : run.isDelivered ? 0 : run.length;
  return { total, delivered, consecutiveFailures, lastRunSince: run.since, lowShareSince };
}
