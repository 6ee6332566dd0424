import type { WebhookActivity } from './activity.ts';

/** How far a redelivery has come. Providers do not say when one is finished, so nothing here does. */
export interface RedeliveryProgress {
  readonly redeliveryId: string;
  readonly delivered: number;
  readonly failed: number;
  /** Whether the whole log was read: true does not mean that the redelivery is finished. */
  readonly isCountComplete: boolean;
}

/** Counts what the log says of one redelivery; entries of others do not count. */
export function redeliveryProgressOf(scan: {
  readonly redeliveryId: string;
  readonly activities: readonly WebhookActivity[];
  readonly isComplete: boolean;
}): RedeliveryProgress {
  const { redeliveryId, isComplete } = scan;
  const own = scan.activities.filter((activity) => activity.redeliveryId === redeliveryId);
  const delivered = own.filter((activity) => activity.isDelivered).length;
  return { redeliveryId, delivered, failed: own.length - delivered, isCountComplete: isComplete };
}
