import { deliveryOutcome, type TestDelivery } from '../../domain/delivery.ts';
import { LastMade } from '../../domain/last-made.ts';
import type { Webhook } from '../../domain/webhook.ts';
import type { WebhookListFilter } from '../../domain/webhook-provider.ts';
import {
  arrayOrNull,
  booleanOrNull,
  idOrNull,
  integerOrNull,
  isJsonObject,
  textOrNull,
  textsOrNull,
  timestampOrNull,
  urlOrNull,
} from '../../http/answer-shape.ts';
import { guaranteed, type NoteDrift, noteNewEvents, noteNewMembers } from '../members.ts';
import { trulayerFacts } from './facts.ts';
import type { components } from './openapi.gen.ts';

type Schemas = components['schemas'];

const KNOWN_EVENTS: ReadonlySet<string> = new Set(trulayerFacts.eventTypes.map(({ name }) => name));
const WEBHOOK_MEMBERS: ReadonlySet<string> = new Set<keyof Schemas['Webhook']>([
  'id',
  'tenant_id',
  'url',
  'events',
  'enabled',
  'created_at',
  'updated_at',
]);

/** Reads a Webhook row; null where its id or address is missing. Other members that do not fit are null themselves. */
export function toWebhook(row: unknown, note: NoteDrift): Webhook | null {
  if (!isJsonObject(row)) return null;
  noteNewMembers(row, WEBHOOK_MEMBERS, note);
  const providerId = guaranteed(row, 'id', idOrNull, note);
  const url = guaranteed(row, 'url', urlOrNull, note);
  const isEnabled = guaranteed(row, 'enabled', booleanOrNull, note);
  const enabledEvents = guaranteed(row, 'events', textsOrNull, note);
  noteNewEvents('events', enabledEvents, KNOWN_EVENTS, note);
  const createdAt = guaranteed(row, 'created_at', timestampOrNull, note);
  const updatedAt = guaranteed(row, 'updated_at', timestampOrNull, note);
  if (providerId === null || url === null) return null;
  return {
    provider: 'TRULAYER',
    providerId,
    url,
    // TruLayer has no such thing.
    description: null,
    status: isEnabled === null ? null : isEnabled ? 'ENABLED' : 'DISABLED',
    enabledEvents,
    // Every delivery is signed (contract: receiveTruLayerDelivery); there is no other way.
    authentication: { type: 'SIGNATURE' },
    createdAt,
    updatedAt,
    lastMade: new LastMade(),
  };
}

const LIST_MEMBERS: ReadonlySet<string> = new Set<keyof Schemas['WebhookListResponse']>(['webhooks']);

/** The rows of the one unpaged list; null where the body is not that list. */
export function toRows(
  body: unknown,
  note: NoteDrift,
): { readonly rows: readonly unknown[]; readonly nextCursor: null } | null {
  if (!isJsonObject(body)) return null;
  noteNewMembers(body, LIST_MEMBERS, note);
  const rows = guaranteed(body, 'webhooks', listOrNull, note);
  return rows && { rows, nextCursor: null };
}

/** The list has no pages. Nobody has so many webhooks, and each entry that cannot be read costs an error. */
const MAX_ROWS = 10_000;

function listOrNull(value: unknown): readonly unknown[] | null {
  const rows = arrayOrNull(value);
  return rows && rows.length <= MAX_ROWS ? rows : null;
}

/** The id of a row, or in the answer to a create; null where there is none. */
export function idIn(body: unknown, note: NoteDrift): string | null {
  return isJsonObject(body) ? guaranteed(body, 'id', idOrNull, note) : null;
}

/** Whether a webhook passes a filter: TruLayer itself filters nothing. */
export function matches(webhook: Webhook, { status, enabledEvent }: WebhookListFilter): boolean {
  if (status !== undefined && webhook.status !== status) return false;
  return enabledEvent === undefined || (webhook.enabledEvents?.includes(enabledEvent) ?? false);
}

const TEST_MEMBERS: ReadonlySet<string> = new Set<keyof Schemas['TestWebhookResponse']>(['status', 'body']);

/** Reads the answer to a test (contract: TestWebhookResponse; status 0 is «not reached»); null where it is not one. */
export function toTestDelivery(answer: unknown, note: NoteDrift): TestDelivery | null {
  if (!isJsonObject(answer)) return null;
  noteNewMembers(answer, TEST_MEMBERS, note);
  const status = guaranteed(answer, 'status', integerOrNull, note);
  const responseBody = guaranteed(answer, 'body', textOrNull, note);
  if (status === null) return null;
  const statusCode = status === 0 ? null : status;
  const isDelivered = statusCode !== null && statusCode >= 200 && statusCode < 300;
  return {
    eventName: 'ping',
    isDelivered,
    statusCode,
    outcome: deliveryOutcome({ isDelivered, statusCode }),
    attempts: null,
    completedAt: null,
    responseBody,
  };
}
