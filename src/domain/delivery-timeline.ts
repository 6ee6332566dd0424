import type { ActivityLog } from './activity-log.ts';
import { BadUserInputError } from './errors.ts';
import { isoOfMs } from './instant.ts';

/** How long a bucket of a timeline is. */
export type TimelineBucket = 'MINUTE' | 'HOUR' | 'DAY';

/** How the deliveries of one minute, hour or day went. */
export interface DeliveryBucket {
  /** In UTC, on the unit's start; of the first bucket it may be before the window's. */
  readonly startsAt: string;
  readonly delivered: number;
  readonly failed: number;
}

/** A timeline longer than this is refused. */
const MAX_TIMELINE_BUCKETS = 2_000;

// Every UTC day has 86,400 s in Unix time, so the units' starts are the multiples of their length.
const BUCKET_MS: Readonly<Record<TimelineBucket, number>> = { MINUTE: 60_000, HOUR: 3_600_000, DAY: 86_400_000 };

/**
 * The deliveries of a log over time, for a plot: one bucket for each UTC minute, hour or day that the window touches
 * (both of its ends are part of it), oldest first, without gaps, zeroes included. More than 2,000 are BAD_USER_INPUT.
 */
export function deliveryTimelineOf({ window, deliveries }: ActivityLog, bucket: TimelineBucket): DeliveryBucket[] {
  const bucketMs = BUCKET_MS[bucket];
  const first = Math.floor(window.fromMs / bucketMs);
  const length = Math.floor(window.toMs / bucketMs) - first + 1;
  if (length > MAX_TIMELINE_BUCKETS) {
    const limit = MAX_TIMELINE_BUCKETS.toLocaleString('en');
    throw new BadUserInputError(
      `The window has more than ${limit} buckets of one ${bucket}; take a longer bucket or a shorter window.`,
      ['bucket'],
    );
  }
  const buckets = Array.from({ length }, (_, index) => ({
    startsAt: isoOfMs((first + index) * bucketMs),
    delivered: 0,
    failed: 0,
  }));
  for (const { activity, at } of deliveries) {
    const counted = buckets[Math.floor(at.ms / bucketMs) - first];
    if (counted !== undefined) counted[activity.isDelivered ? 'delivered' : 'failed'] += 1;
  }
  return buckets;
}
