import type { ActivityLog, LoggedDelivery } from './activity-log.ts';

/** How many deliveries ended with one status. */
export interface StatusCodeCount {
  /** Null: the receiver gave none, or the provider does not say. */
  readonly statusCode: number | null;
  readonly count: number;
}

/** How the deliveries of one kind of event went. */
export interface EventNameCount {
  readonly eventName: string;
  readonly delivered: number;
  readonly failed: number;
}

/** How the deliveries of a window went. */
export interface DeliveryStats {
  /** The window as used: defaults filled in, cut to what the provider keeps. */
  readonly from: string;
  readonly to: string;
  readonly total: number;
  readonly delivered: number;
  readonly failed: number;
  /** `delivered` of `total`, 0..1; null where nothing was tried. */
  readonly successRate: number | null;
  readonly lastDeliveredAt: string | null;
  readonly lastFailedAt: string | null;
  /** The most frequent first, then the lower code first, null last. */
  readonly byStatusCode: readonly StatusCodeCount[];
  /** The most deliveries first, then by name. */
  readonly byEventName: readonly EventNameCount[];
  /** As of `ActivityLog`: where it is false the numbers are lower bounds. */
  readonly isComplete: boolean;
}

/** Counts the deliveries of a log; redeliveries count like any other. Use `logOfEvent` for one kind of event. */
export function deliveryStatsOf({ window, deliveries, isComplete }: ActivityLog): DeliveryStats {
  const total = deliveries.length;
  const delivered = deliveries.filter(({ activity }) => activity.isDelivered).length;
  return {
    from: window.from,
    to: window.to,
    total,
    delivered,
    failed: total - delivered,
    successRate: total === 0 ? null : delivered / total,
    lastDeliveredAt: latest(deliveries, true),
    lastFailedAt: latest(deliveries, false),
    byStatusCode: countByStatusCode(deliveries),
    byEventName: countByEventName(deliveries),
    isComplete,
  };
}

function latest(deliveries: readonly LoggedDelivery[], isDelivered: boolean): string | null {
  return deliveries.find(({ activity }) => activity.isDelivered === isDelivered)?.activity.completedAt ?? null;
}

function countByStatusCode(deliveries: readonly LoggedDelivery[]): readonly StatusCodeCount[] {
  const counts = new Map<number | null, number>();
  for (const { activity } of deliveries) counts.set(activity.statusCode, (counts.get(activity.statusCode) ?? 0) + 1);
  return [...counts]
    .map(([statusCode, count]) => ({ statusCode, count }))
    .sort((a, b) => b.count - a.count || codeRank(a) - codeRank(b));
}

function codeRank({ statusCode }: StatusCodeCount): number {
  return statusCode ?? Number.MAX_SAFE_INTEGER;
}

function countByEventName(deliveries: readonly LoggedDelivery[]): readonly EventNameCount[] {
  const counts = new Map<string, { delivered: number; failed: number }>();
  for (const { activity } of deliveries) {
    const count = counts.get(activity.eventName) ?? { delivered: 0, failed: 0 };
    count[activity.isDelivered ? 'delivered' : 'failed'] += 1;
    counts.set(activity.eventName, count);
  }
  return [...counts]
    .map(([eventName, count]) => ({ eventName, ...count }))
    .sort((a, b) => b.delivered + b.failed - a.delivered - a.failed || (a.eventName < b.eventName ? -1 : 1));
}
