import type { HttpAnswer, ReceivedRequest } from '../http-listener.ts';
import { problems } from './problems.ts';
import type { Store, StoredWebhook } from './store.ts';
import { checkCustomHeaders, checkUrl, readFields, readJson } from './validation.ts';

/** POST /v2/webhooks: off and with a token unless stated otherwise; answers the id only. */
export function createWebhook(store: Store, request: ReceivedRequest): HttpAnswer {
  const fields = readFields(readJson(request));
  const { url, description, enabled_events, status = 'DISABLED', auth_type = 'TOKEN' } = fields;
  if (url === undefined || description === undefined || enabled_events === undefined) {
    const missing = Object.entries({ url, description, enabled_events }).find(([, value]) => value === undefined);
    throw problems.malformed(`Missing required field: ${missing?.[0]}`);
  }
  checkCustomHeaders(fields, auth_type);
  checkUrl(url);
  refuseDuplicate(store, url, undefined);
  const id = store.create({ ...fields, url, description, enabled_events, status, auth_type });
  return answerId(201, id);
}

/** PATCH /v2/webhooks/{id}: what is left out stays as it is; answers the id only. */
export function updateWebhook(store: Store, webhook: StoredWebhook, request: ReceivedRequest): HttpAnswer {
  const { record } = webhook;
  const fields = readFields(readJson(request));
  checkCustomHeaders(fields, fields.auth_type ?? record.auth_type);
  if (fields.url !== undefined) {
    checkUrl(fields.url);
    refuseDuplicate(store, fields.url, record.id);
  }
  store.update(webhook, fields);
  return answerId(200, record.id);
}

/** DELETE /v2/webhooks/{id} */
export function deleteWebhook(store: Store, webhook: StoredWebhook): HttpAnswer {
  store.delete(webhook.record.id);
  return { status: 204 };
}

function refuseDuplicate(store: Store, url: string, ownId: string | undefined): void {
  const other = store.findByUrl(url);
  if (other !== undefined && other.record.id !== ownId) throw problems.duplicateUrl(other.record.id);
}

function answerId(status: number, id: string): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id }) };
}
