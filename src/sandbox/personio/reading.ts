import type { HttpAnswer } from '../http-listener.ts';
import { readIsDelivered, readTimeRange } from './filters.ts';
import { answerPage, readPaging } from './paging.ts';
import { problems } from './problems.ts';
import type { Store, StoredWebhook } from './store.ts';

/** GET /v2/webhooks: oldest first. */
export function listWebhooks(store: Store, query: URLSearchParams): HttpAnswer {
  const { limit, after } = readPaging(query, 'webhooks');
  const status = query.get('status');
  if (status !== null && status !== 'ENABLED' && status !== 'DISABLED') throw problems.badFilter();
  const eventName = query.get('enabled_events');

  const found = store
    .list()
    .filter(({ sequence }) => after === undefined || sequence > after.sequence)
    .filter(({ record }) => status === null || record.status === status)
    .filter(({ record }) => eventName === null || record.enabled_events?.includes(eventName))
    .map((webhook) => ({ webhook, atMs: 0, sequence: webhook.sequence }));
  return answerPage('webhooks', '/v2/webhooks', limit, found, ({ webhook }) => readWebhook(webhook));
}

/** GET /v2/webhooks/{id}: the bare object. */
export function getWebhook(webhook: StoredWebhook): HttpAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(readWebhook(webhook)),
  };
}

/** GET /v2/webhooks/{id}/activity: newest first. */
export function listActivity(webhook: StoredWebhook, query: URLSearchParams, nowMs: number): HttpAnswer {
  const { limit, after } = readPaging(query, 'activity');
  const range = readTimeRange(query, 'completed_at', nowMs);
  const isDelivered = readIsDelivered(query);
  const eventName = query.get('event_name');
  const redeliveryId = query.get('redelivery_id');

  const found = webhook.activity.select({
    ...range,
    after,
    limit: limit + 1,
    isWanted: (item) =>
      (isDelivered === undefined || item.is_delivered === isDelivered) &&
      (eventName === null || item.event_name === eventName) &&
      (redeliveryId === null || item.redelivery_id === redeliveryId),
  });
  return answerPage('activity', `/v2/webhooks/${webhook.record.id}/activity`, limit, found, ({ item }) => item);
}

/** GET /v2/webhooks/{id}/events: newest first. */
export function listEvents(webhook: StoredWebhook, query: URLSearchParams, nowMs: number): HttpAnswer {
  const { limit, after } = readPaging(query, 'events');
  const range = readTimeRange(query, 'occurred_at', nowMs);
  const eventName = query.get('event_name');

  const found = webhook.events.select({
    ...range,
    after,
    limit: limit + 1,
    isWanted: (item) => eventName === null || item.event_name === eventName,
  });
  return answerPage('events', `/v2/webhooks/${webhook.record.id}/events`, limit, found, ({ item }) => item);
}

/**
 * Never the token. The values of custom headers are shown: the schema allows it, nobody knows whether the real API does,
 * and a gateway that does not redact them would be found out here.
 */
function readWebhook({ record, isBare }: StoredWebhook): unknown {
  const { id, url, description } = record;
  if (isBare) return { id, url, description };
  const { token: _token, custom_headers, ...visible } = record;
  return record.auth_type === 'CUSTOM' ? { ...visible, custom_headers } : visible;
}
