import type { ActivityLog, LoggedDelivery } from './activity-log.ts';
import type { DeliveryOutcome } from './delivery.ts';
import { isoOfMs } from './instant.ts';

/** A run of failed deliveries, as far as the window tells; a single failure is a run of one. */
export interface DeliveryOutage {
  /** The completion of the run's first failure. */
  readonly startedAt: string;
  /** The completion of the first delivered one after the run; null while the outage lasts. */
  readonly endedAt: string | null;
  readonly failed: number;
  /** The most frequent one of the run; of several the most recent. */
  readonly outcome: DeliveryOutcome;
  /** The most frequent one among the failures of that outcome, of several the most recent; null where none has one. */
  readonly statusCode: number | null;
  /**
   * The window of events to redeliver: from `startedAt`, 144 hours earlier only where a failure took more than one
   * attempt or does not say (its event occurred before the first attempt); cut to what the provider keeps. By the public
   * contract: so the event of a first failure that took one attempt lies moments before it.
   */
  readonly redeliverFrom: string;
  /** The completion of the run's last failure. */
  readonly redeliverTo: string;
}

type Run = readonly [newest: LoggedDelivery, ...older: LoggedDelivery[]];

/** What the public contract says of every provider: the longest span that one publishes (Personio's changelog: 6 days). */
const RETRY_HORIZON_MS = 144 * 3_600_000;

/**
 * The outages of a log, newest first. `keptFromMs` is the oldest moment that the provider keeps (`keptFromMsOf`).
 * Deliveries of every kind of event, and redeliveries, are one sequence.
 */
export function outagesOf(log: ActivityLog, options: { readonly keptFromMs: number | null }): DeliveryOutage[] {
  const outages: DeliveryOutage[] = [];
  let run: [LoggedDelivery, ...LoggedDelivery[]] | null = null;
  let nextDeliveredAt: string | null = null;
  for (const delivery of log.deliveries) {
    if (!delivery.activity.isDelivered) {
      if (run === null) run = [delivery];
      else run.push(delivery);
      continue;
    }
    if (run !== null) outages.push(outageOf(run, nextDeliveredAt, options.keptFromMs));
    run = null;
    nextDeliveredAt = delivery.activity.completedAt;
  }
  if (run !== null) outages.push(outageOf(run, nextDeliveredAt, options.keptFromMs));
  return outages;
}

function outageOf(run: Run, endedAt: string | null, keptFromMs: number | null): DeliveryOutage {
  const newest = run[0];
  const oldest = run.at(-1) ?? newest;
  const outcome = mostFrequent(run.map(({ activity }) => activity.outcome)) ?? newest.activity.outcome;
  const statusCodes = run.flatMap(({ activity: { outcome: own, statusCode } }) =>
    own === outcome && statusCode !== null ? [statusCode] : [],
  );
  return {
    startedAt: oldest.activity.completedAt,
    endedAt,
    failed: run.length,
    outcome,
    statusCode: mostFrequent(statusCodes) ?? null,
    redeliverFrom: redeliverFromOf(run, oldest, keptFromMs),
    redeliverTo: newest.activity.completedAt,
  };
}

function redeliverFromOf(run: Run, oldest: LoggedDelivery, keptFromMs: number | null): string {
  const mayHaveBeenRetried = run.some(({ activity: { attempts } }) => attempts === null || attempts > 1);
  const wantedMs = oldest.at.ms - (mayHaveBeenRetried ? RETRY_HORIZON_MS : 0);
  if (keptFromMs !== null && wantedMs < keptFromMs) {
    // A run that has itself just fallen out of what is kept must not give a window that ends before it begins.
    return keptFromMs > run[0].at.ms ? run[0].activity.completedAt : isoOfMs(keptFromMs);
  }
  return mayHaveBeenRetried ? isoOfMs(wantedMs) : oldest.activity.completedAt;
}

/** The value that occurs most often, of several the one that comes first. */
function mostFrequent<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0];
}
