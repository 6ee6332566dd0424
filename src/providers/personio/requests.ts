import type { ActivityFilter } from '../../domain/activity.ts';
import type { EventFilter } from '../../domain/event.ts';
import type { PageRequest } from '../../domain/page.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type {
  AuthenticationChange,
  NewWebhook,
  TestEvent,
  WebhookChange,
  WebhookListFilter,
} from '../../domain/webhook-provider.ts';
import type { Query } from './client.ts';
import type { components } from './openapi.gen.ts';
import { flattenPayload } from './test-payload.ts';

type Schemas = components['schemas'];

/** The query of a page of webhooks. */
export function webhookQuery(filter: WebhookListFilter, page: PageRequest): Query<'listWebhooks'> {
  return {
    ...(filter.enabledEvent !== undefined && { enabled_events: filter.enabledEvent }),
    ...(filter.status !== undefined && { status: filter.status }),
    ...pageQuery(page),
  };
}

/** The query of a page of activity; times go out as the client wrote them. */
export function activityQuery(filter: ActivityFilter, page: PageRequest): Query<'listWebhookActivity'> {
  const { completedAt, eventName, isDelivered, redeliveryId } = filter;
  return {
    ...(completedAt?.gte !== undefined && { 'completed_at.gte': completedAt.gte }),
    ...(completedAt?.lte !== undefined && { 'completed_at.lte': completedAt.lte }),
    ...(eventName !== undefined && { event_name: eventName }),
    ...(isDelivered !== undefined && { is_delivered: isDelivered }),
    ...(redeliveryId !== undefined && { redelivery_id: redeliveryId }),
    ...pageQuery(page),
  };
}

/** The query of a page of events; times go out as the client wrote them. */
export function eventQuery(filter: EventFilter, page: PageRequest): Query<'listWebhookEvents'> {
  const { occurredAt, eventName } = filter;
  return {
    ...(occurredAt?.gte !== undefined && { 'occurred_at.gte': occurredAt.gte }),
    ...(occurredAt?.lte !== undefined && { 'occurred_at.lte': occurredAt.lte }),
    ...(eventName !== undefined && { event_name: eventName }),
    ...pageQuery(page),
  };
}

function pageQuery({ limit, cursor }: PageRequest): { limit: number; cursor?: string } {
  return { limit, ...(cursor !== null && { cursor }) };
}

/** The body of a PATCH: what the change names and nothing else. */
export function updateBody(change: WebhookChange): Schemas['UpdateWebhookRequest'] {
  return {
    ...(change.url !== undefined && { url: change.url }),
    ...(change.description !== undefined && { description: change.description }),
    ...(change.status !== undefined && { status: change.status }),
    ...(change.authentication && authenticationBody(change.authentication)),
    ...(change.enabledEvents && { enabled_events: [...change.enabledEvents] }),
  };
}

/** The body of a create: what was given and nothing else. */
export function createBody(webhook: NewWebhook): Schemas['CreateWebhookRequest'] {
  return {
    url: webhook.url,
    description: webhook.description ?? '',
    status: webhook.status,
    ...(webhook.authentication && authenticationBody(webhook.authentication)),
    enabled_events: [...(webhook.enabledEvents ?? [])],
  };
}

function authenticationBody(
  change: AuthenticationChange,
): Pick<Schemas['UpdateWebhookRequest'], 'auth_type' | 'token' | 'custom_headers'> {
  switch (change.type) {
    case 'none':
      return { auth_type: 'NONE' };
    case 'token':
      return { auth_type: 'TOKEN', token: change.token };
    case 'custom-headers':
      return {
        auth_type: 'CUSTOM',
        custom_headers: Object.fromEntries(change.headers.map(({ name, value }) => [name, value])),
      };
  }
}

/** The body of a test event. Throws `BadUserInputError` for a payload that Personio's flat map cannot hold. */
export function testEventBody(event: TestEvent): Schemas['SendTestEventRequest'] {
  return {
    event_name: event.eventName,
    ...(event.payload && { payload_data: flattenPayload(event.payload) }),
  };
}

/** The body of a redelivery. */
export function redeliveryBody({ gte, lte }: TimeRange): Schemas['RedeliveryRequest'] {
  const until = lte !== undefined && { 'occurred_at.lte': lte };
  if (gte !== undefined) return { 'occurred_at.gte': gte, ...until };
  if (lte !== undefined) return { 'occurred_at.lte': lte };
  throw new RangeError('A redelivery needs at least one end of the window.');
}
