import type { WebhookActivity } from '../../domain/activity.ts';
import type { LoggedDelivery } from '../../domain/activity-log.ts';
import { compareInstants, parseInstant } from '../../domain/instant.ts';
import { markOf } from '../entry-mark.ts';

/** A delivery of the log as the tail knows it again: entries have no id, so it is by all that they say. */
export interface TailEntry extends LoggedDelivery {
  /** The same for entries that say the same; several may. */
  readonly mark: string;
}

/** By what an entry of the log is known again, in cursors too. */
export function activityMark(activity: WebhookActivity): string {
  return markOf(JSON.stringify(activity));
}

/** Turns the log's order around: the oldest first, entries of the same moment in the provider's order, reversed. */
export function oldestFirst(newestFirst: readonly TailEntry[]): readonly TailEntry[] {
  return newestFirst.toReversed().toSorted((a, b) => compareInstants(a.at, b.at));
}

/**
 * The same entries in the same order, without those that have no readable time: nothing could be said to come before or
 * behind them.
 */
export function tailEntriesOf(activities: readonly WebhookActivity[]): readonly TailEntry[] {
  return activities.flatMap((activity) => {
    const at = parseInstant(activity.completedAt);
    return at === undefined ? [] : [{ activity, at, mark: activityMark(activity) }];
  });
}

/** How often each mark occurs. */
export function countMarks(entries: readonly TailEntry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { mark } of entries) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  return counts;
}
