import type { WebhookEvent } from './store.ts';

const COMPANY_ID = '123';

/** The delivery envelope, which is also an item of /events. It has no id. */
export function createEvent(eventName: string, occurredAtMs: number, payload: WebhookEvent['payload'] = {}) {
  return {
    company_id: COMPANY_ID,
    event_name: eventName,
    occurred_at: new Date(occurredAtMs).toISOString(),
    payload,
  };
}
