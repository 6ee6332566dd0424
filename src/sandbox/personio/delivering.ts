import type { Deliver } from '../deliver.ts';
import type { HttpAnswer, ReceivedRequest } from '../http-listener.ts';
import { isStringMap } from '../json-body.ts';
import { createEvent } from './event.ts';
import { EVENT_CATALOGUE } from './event-catalogue.ts';
import { nestPayload } from './payload.ts';
import { problems } from './problems.ts';
import type { Activity, StoredWebhook, WebhookEvent } from './store.ts';
import { readJson } from './validation.ts';

/** What making a delivery takes. */
export interface DeliveryContext {
  readonly now: () => number;
  readonly deliver: Deliver;
}

/** POST /v2/webhooks/{id}/ping: works whatever the webhook's state is. */
export async function pingWebhook(webhook: StoredWebhook, context: DeliveryContext): Promise<HttpAnswer> {
  return answerTestDelivery(await deliverEvent(webhook, createEvent('ping', context.now()), null, context));
}

/** POST /v2/webhooks/{id}/test-event */
export async function sendTestEvent(
  webhook: StoredWebhook,
  request: ReceivedRequest,
  context: DeliveryContext,
): Promise<HttpAnswer> {
  const { event_name: eventName, payload_data: flat = {} } = readJson(request);
  if (typeof eventName !== 'string')
    throw problems.malformed('Invalid value for field: event_name. A string is expected');
  if (!isStringMap(flat)) throw problems.malformed('Invalid value for field: payload_data. Values must be strings');

  const requiredKeys = EVENT_CATALOGUE.get(eventName);
  if (requiredKeys === undefined) throw problems.unusableEvent(`Unknown event name '${eventName}'`);
  if (!webhook.record.enabled_events?.includes(eventName)) {
    throw problems.unusableEvent(`The event '${eventName}' is not enabled for this webhook`);
  }
  const missingKeys = requiredKeys.filter((key) => !Object.hasOwn(flat, key));
  if (missingKeys.length > 0) throw problems.missingPayload(missingKeys);
  const payload = nestPayload(flat);
  if (payload === undefined) {
    throw problems.malformed('Invalid value for field: payload_data. A key is both a value and a parent');
  }
  return answerTestDelivery(await deliverEvent(webhook, createEvent(eventName, context.now(), payload), null, context));
}

/**
 * Sends one event once and writes the outcome to the activity. Whether the real API logs pings and test events is not
 * documented; the simulator does, so that they can be seen.
 */
export async function deliverEvent(
  webhook: StoredWebhook,
  event: WebhookEvent,
  redeliveryId: string | null,
  { now, deliver }: DeliveryContext,
): Promise<Activity> {
  const { status } = await deliver({
    url: webhook.record.url,
    headers: { 'content-type': 'application/json', 'user-agent': 'Personio-Webhooks', ...authentication(webhook) },
    body: JSON.stringify(event),
  });
  const completedAtMs = now();
  const activity: Activity = {
    completed_at: new Date(completedAtMs).toISOString(),
    event_name: event.event_name ?? '',
    is_delivered: status !== null && status >= 200 && status < 300,
    attempts: 1,
    status_code: status,
    redelivery_id: redeliveryId,
  };
  webhook.activity.add(completedAtMs, activity);
  return activity;
}

/** The token goes out as it is: whoever wants a scheme puts it into the value. */
function authentication({ record }: StoredWebhook): Readonly<Record<string, string>> {
  if (record.auth_type === 'CUSTOM') return record.custom_headers ?? {};
  if (record.auth_type === 'TOKEN' && record.token !== undefined) return { authorization: record.token };
  return {};
}

function answerTestDelivery({ redelivery_id: _id, ...result }: Activity): HttpAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(result) };
}
