/** What became of a delivery, as far as the provider tells. */
export type DeliveryOutcome = 'DELIVERED' | 'REDIRECTED' | 'CLIENT_ERROR' | 'SERVER_ERROR' | 'NO_RESPONSE' | 'UNKNOWN';

/** One synthetic delivery, made now, and how the receiver answered. */
export interface TestDelivery {
  readonly eventName: string;
  readonly isDelivered: boolean | null;
  readonly statusCode: number | null;
  readonly outcome: DeliveryOutcome;
  readonly attempts: number | null;
  readonly completedAt: string | null;
  /** Untrusted text from the receiver. */
  readonly responseBody: string | null;
}

/**
 * Names the outcome of a delivery: DELIVERED where the provider says so, whatever the status; else by the status.
 * `statusCode` null means that there was no answer, undefined that the provider does not say.
 */
export function deliveryOutcome(delivery: {
  readonly isDelivered: boolean | null | undefined;
  readonly statusCode: number | null | undefined;
}): DeliveryOutcome {
  const { isDelivered, statusCode } = delivery;
  if (isDelivered === true) return 'DELIVERED';
  if (statusCode === null) return 'NO_RESPONSE';
  if (statusCode === undefined) return 'UNKNOWN';
  if (statusCode >= 300 && statusCode < 400) return 'REDIRECTED';
  if (statusCode >= 400 && statusCode < 500) return 'CLIENT_ERROR';
  if (statusCode >= 500 && statusCode < 600) return 'SERVER_ERROR';
  return 'UNKNOWN';
}
