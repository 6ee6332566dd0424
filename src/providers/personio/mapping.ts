import type { WebhookActivity } from '../../domain/activity.ts';
import { deliveryOutcome, type TestDelivery } from '../../domain/delivery.ts';
import type { WebhookEvent } from '../../domain/event.ts';
import { LastMade } from '../../domain/last-made.ts';
import type { Webhook, WebhookAuthentication } from '../../domain/webhook.ts';
import {
  arrayOrNull,
  booleanOrNull,
  idOrNull,
  integerOrNull,
  isJsonObject,
  type JsonObject,
  objectOrNull,
  shallowObjectOrNull,
  textOrNull,
  textsOrNull,
  timestampOrNull,
  tokenOrNull,
  urlOrNull,
} from '../../http/answer-shape.ts';
import type { OpenedPage } from '../contract-reader.ts';
import { guaranteed, type NoteDrift, noteNewEvents, noteNewMembers, oneOf, optional } from '../members.ts';
import { personioFacts } from './facts.ts';
import type { components } from './openapi.gen.ts';

type Schemas = components['schemas'];

const KNOWN_EVENTS: ReadonlySet<string> = new Set(personioFacts.eventTypes.map(({ name }) => name));

const WEBHOOK_MEMBERS: ReadonlySet<string> = new Set<keyof Schemas['Webhook'] | '_meta'>([
  'id',
  'url',
  'description',
  'token',
  'status',
  'enabled_events',
  'created_at',
  'updated_at',
  'auth_type',
  'custom_headers',
  '_meta',
]);
const toStatus = oneOf('ENABLED', 'DISABLED');
const toAuthType = oneOf('NONE', 'TOKEN', 'CUSTOM');

/** Reads a Webhook row; null where one of its guaranteed members is missing. */
export function toWebhook(row: unknown, note: NoteDrift): Webhook | null {
  if (!isJsonObject(row)) return null;
  noteNewMembers(row, WEBHOOK_MEMBERS, note);
  const providerId = guaranteed(row, 'id', idOrNull, note);
  const url = guaranteed(row, 'url', urlOrNull, note);
  const description = guaranteed(row, 'description', textOrNull, note);
  const enabledEvents = optional(row, 'enabled_events', textsOrNull, note);
  noteNewEvents('enabled_events', enabledEvents, KNOWN_EVENTS, note);
  const webhook = {
    status: optional(row, 'status', toStatus, note),
    enabledEvents,
    authentication: toAuthentication(row, note),
    createdAt: optional(row, 'created_at', timestampOrNull, note),
    updatedAt: optional(row, 'updated_at', timestampOrNull, note),
  };
  if (providerId === null || url === null || description === null) return null;
  return { provider: 'PERSONIO', providerId, url, description, lastMade: new LastMade(), ...webhook };
}

function toAuthentication(row: JsonObject, note: NoteDrift): WebhookAuthentication {
  const type = optional(row, 'auth_type', toAuthType, note);
  const headers = optional(row, 'custom_headers', objectOrNull, note);
  return type === 'CUSTOM' ? { type: 'CUSTOM_HEADERS', headerNames: Object.keys(headers ?? {}) } : { type };
}

/** Reads the answer to a single read, with the secrets in it. */
export function toWebhookWithSecrets(
  body: unknown,
  note: NoteDrift,
): { readonly webhook: Webhook; readonly secrets: readonly string[] } | null {
  const row = unwrapped(body);
  const webhook = toWebhook(row, note);
  return webhook && { webhook, secrets: secretsIn(row) };
}

/** The secrets that a Webhook row may hold: the schema allows them, whether real answers do is not known. */
function secretsIn(row: unknown): readonly string[] {
  if (!isJsonObject(row)) return [];
  const headers = isJsonObject(row.custom_headers) ? Object.values(row.custom_headers) : [];
  return [row.token, ...headers].filter((value) => typeof value === 'string');
}

const DELIVERY_MEMBERS: ReadonlySet<string> = new Set<keyof Schemas['WebhookActivity'] | '_meta'>([
  'completed_at',
  'event_name',
  'is_delivered',
  'attempts',
  'status_code',
  'redelivery_id',
  '_meta',
]);

/** Reads one entry of /activity; null where one of its guaranteed members is missing. */
export function toActivity(row: unknown, note: NoteDrift): WebhookActivity | null {
  if (!isJsonObject(row)) return null;
  noteNewMembers(row, DELIVERY_MEMBERS, note);
  const completedAt = guaranteed(row, 'completed_at', timestampOrNull, note);
  const eventName = guaranteed(row, 'event_name', textOrNull, note);
  noteNewEvents('event_name', eventName, KNOWN_EVENTS, note);
  const isDelivered = guaranteed(row, 'is_delivered', booleanOrNull, note);
  const statusCode = statusCodeIn(row, note);
  const attempts = optional(row, 'attempts', integerOrNull, note);
  const redeliveryId = optional(row, 'redelivery_id', textOrNull, note);
  if (completedAt === null || eventName === null || isDelivered === null) return null;
  return {
    completedAt,
    eventName,
    isDelivered,
    attempts,
    statusCode: statusCode ?? null,
    outcome: deliveryOutcome({ isDelivered, statusCode }),
    redeliveryId,
  };
}

/** Null says «no answer», a missing or unreadable status says nothing. */
function statusCodeIn(row: JsonObject, note: NoteDrift): number | null | undefined {
  return row.status_code === null ? null : (optional(row, 'status_code', integerOrNull, note) ?? undefined);
}

const EVENT_MEMBERS: ReadonlySet<string> = new Set<keyof Schemas['WebhookEvent'] | '_meta'>([
  'company_id',
  'event_name',
  'occurred_at',
  'payload',
  'meta',
  '_meta',
]);

/** Reads one entry of /events, of which no member is guaranteed; null where it is not even an object. */
export function toEvent(row: unknown, note: NoteDrift): WebhookEvent | null {
  if (!isJsonObject(row)) return null;
  noteNewMembers(row, EVENT_MEMBERS, note);
  const eventName = optional(row, 'event_name', textOrNull, note);
  noteNewEvents('event_name', eventName, KNOWN_EVENTS, note);
  return {
    eventName,
    occurredAt: optional(row, 'occurred_at', timestampOrNull, note),
    companyId: optional(row, 'company_id', textOrNull, note),
    payload: optional(row, 'payload', shallowObjectOrNull, note),
    meta: optional(row, 'meta', shallowObjectOrNull, note),
  };
}

/** Reads the answer to a ping or test event; `eventName` is what was asked for. Null where it is not an object. */
export function toTestDelivery(answer: unknown, eventName: string, note: NoteDrift): TestDelivery | null {
  const body = unwrapped(answer);
  if (!isJsonObject(body)) return null;
  noteNewMembers(body, DELIVERY_MEMBERS, note);
  const statusCode = statusCodeIn(body, note);
  const isDelivered = optional(body, 'is_delivered', booleanOrNull, note) ?? isSuccess(statusCode);
  return {
    eventName: optional(body, 'event_name', textOrNull, note) ?? eventName,
    isDelivered,
    statusCode: statusCode ?? null,
    outcome: deliveryOutcome({ isDelivered, statusCode }),
    attempts: optional(body, 'attempts', integerOrNull, note),
    completedAt: optional(body, 'completed_at', timestampOrNull, note),
    responseBody: null,
  };
}

function isSuccess(statusCode: number | null | undefined): boolean | null {
  return typeof statusCode === 'number' ? statusCode >= 200 && statusCode < 300 : null;
}

const PAGE_MEMBERS: ReadonlySet<string> = new Set<keyof Schemas['WebhookPage']>(['_data', '_meta']);

/** The rows of a page and the cursor of the next one; null where the body is not a page. */
export function toRows(body: unknown, note: NoteDrift): OpenedPage | null {
  if (!isJsonObject(body)) return null;
  noteNewMembers(body, PAGE_MEMBERS, note);
  if (body._data == null) return { rows: [], ...nextCursorIn(body, note) };
  const rows = guaranteed(body, '_data', pageOrNull, note);
  return rows && { rows, ...nextCursorIn(body, note) };
}

/** The contract's largest page: what is longer is none that was asked for, and each of its entries would cost an error. */
const MAX_ROWS = 200;

function pageOrNull(value: unknown): readonly unknown[] | null {
  const rows = arrayOrNull(value);
  return rows && rows.length <= MAX_ROWS ? rows : null;
}

/** The same of a page of webhooks, with the secrets in its rows. */
export function toWebhookRows(body: unknown, note: NoteDrift) {
  const page = toRows(body, note);
  return page && { secrets: page.rows.flatMap(secretsIn), ...page };
}

/** The contract gives an absolute URL. Only its cursor is used: no credential goes to a host found in an answer. */
function nextCursorIn(body: JsonObject, note: NoteDrift): Omit<OpenedPage, 'rows'> {
  const meta = optional(body, '_meta', objectOrNull, note);
  const links = meta && optional(meta, 'links', objectOrNull, note);
  const next = links && optional(links, 'next', objectOrNull, note);
  const nextCursor = next && optional(next, 'href', cursorOrNull, note);
  // A link without a cursor leads on, but not for us; what should hold the link and cannot be read may lead on.
  const unread = next ? next.href : links ? links.next : meta ? meta.links : body._meta;
  return { nextCursor, isBrokenOff: nextCursor === null && unread != null };
}

function cursorOrNull(href: unknown): string | null {
  const base = 'https://next.invalid';
  const url = typeof href === 'string' && URL.canParse(href, base) ? new URL(href, base) : undefined;
  return url?.searchParams.get('cursor') || null;
}

/** The bare object, or the one inside `_data`: which of the two a single read answers is not documented for certain. */
function unwrapped(body: unknown): unknown {
  return isJsonObject(body) && isJsonObject(body._data) ? body._data : body;
}

/** The id in the answer to a create or update; null where there is none. */
export function idIn(body: unknown, note: NoteDrift): string | null {
  const reference = unwrapped(body);
  return isJsonObject(reference) ? guaranteed(reference, 'id', idOrNull, note) : null;
}

/** The id of an accepted redelivery, under either name; null where the answer has none. */
export function redeliveryIdIn(body: unknown): string | null {
  const accepted = unwrapped(body);
  if (!isJsonObject(accepted)) return null;
  return runIdOrNull(accepted.redelivery_id) ?? runIdOrNull(accepted.id);
}

/** The id of a run. A blank one names none: as a filter it may let every delivery through. */
function runIdOrNull(value: unknown): string | null {
  const text = textOrNull(value);
  return text === null || text.trim() === '' ? null : text;
}

/** Reads the token endpoint's answer; null where there is no token in it. */
export function toAccessToken(
  body: unknown,
  note: NoteDrift,
): { readonly accessToken: string; readonly expiresInSeconds: number | undefined } | null {
  if (!isJsonObject(body)) return null;
  const accessToken = guaranteed(body, 'access_token', tokenOrNull, note);
  const expiresInSeconds = optional(body, 'expires_in', integerOrNull, note) ?? undefined;
  return accessToken === null ? null : { accessToken, expiresInSeconds };
}

/** The scopes that a granted token has; null where the token endpoint does not say. */
export function toGrantedScopes(body: unknown): readonly string[] | null {
  const scope = isJsonObject(body) ? textOrNull(body.scope) : null;
  return scope === null ? null : scope.split(' ').filter((word) => word !== '');
}
