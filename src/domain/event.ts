import type { TimeRange } from './time-range.ts';

/** An event that a webhook was to be told of, with what was sent. No provider guarantees any of its fields. */
export interface WebhookEvent {
  readonly eventName: string | null;
  /** RFC 3339, as the provider wrote it. */
  readonly occurredAt: string | null;
  readonly companyId: string | null;
  readonly payload: Readonly<Record<string, unknown>> | null;
  readonly meta: Readonly<Record<string, unknown>> | null;
}

/** Which events to read. */
export interface EventFilter {
  readonly occurredAt?: TimeRange;
  readonly eventName?: string;
}
