import type { DeliveryOutcome } from './delivery.ts';
import type { TimeRange } from './time-range.ts';

/** One entry of a webhook's delivery log: an event that was tried to deliver to the receiver. */
export interface WebhookActivity {
  /** RFC 3339, as the provider wrote it. */
  readonly completedAt: string;
  readonly eventName: string;
  readonly isDelivered: boolean;
  readonly attempts: number | null;
  readonly statusCode: number | null;
  readonly outcome: DeliveryOutcome;
  /** The redelivery run that caused it; null for an ordinary delivery. */
  readonly redeliveryId: string | null;
}

/** Which entries of the log to read. */
export interface ActivityFilter {
  readonly completedAt?: TimeRange;
  readonly eventName?: string;
  readonly isDelivered?: boolean;
  readonly redeliveryId?: string;
}
