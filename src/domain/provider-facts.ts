import type { DeliveryOutcome } from './delivery.ts';

/** An event type that a provider knows. */
export interface EventType {
  readonly name: string;
  readonly description: string | null;
  /** False for synthetic events such as a ping. */
  readonly isSubscribable: boolean;
  /** Dot paths that a test event of this type needs; null where the provider does not document them. */
  readonly requiredPayloadFields: readonly string[] | null;
  /** Dot paths that a sample of this event is made of: the required ones, or what they presumably are. */
  readonly samplePayloadFields: readonly string[];
}

/** How to verify a delivery's signature. */
export interface DeliverySigning {
  readonly header: string;
  readonly algorithm: string;
  readonly encoding: string;
  readonly prefix: string | null;
  readonly signedContent: string;
}

/** The published rules of delivery; null where unpublished or contradictory. */
export interface RetryPolicy {
  readonly acknowledgeWithinSeconds: number | null;
  readonly maxAttempts: number | null;
  readonly horizonHours: number | null;
  readonly retriedOn: readonly DeliveryOutcome[];
  readonly finalStatusCodes: readonly number[];
  readonly source: string | null;
}

/** What a provider publishes about itself; facts only, null where it is silent. */
export interface ProviderFacts {
  readonly eventTypes: readonly EventType[];
  /** False: the provider may send names that are not listed. */
  readonly isEventListClosed: boolean;
  readonly eventCatalogUrl: string | null;
  /** How far back activity and events reach. */
  readonly retentionDays: number | null;
  /** How many events one redelivery call takes. */
  readonly maxEventsPerRedelivery: number | null;
  readonly signing: DeliverySigning | null;
  readonly retryPolicy: RetryPolicy | null;
}
