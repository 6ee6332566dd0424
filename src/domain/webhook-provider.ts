import type { ActivityFilter, WebhookActivity } from './activity.ts';
import type { CallSignal } from './call-signal.ts';
import type { DeliveryOutcome, TestDelivery } from './delivery.ts';
import type { HookgraphError } from './errors.ts';
import type { EventFilter, WebhookEvent } from './event.ts';
import type { Page, PageRequest } from './page.ts';
import type { ProviderName } from './provider-name.ts';
import type { TimeRange } from './time-range.ts';
import type { TraceSpan } from './trace-span.ts';
import type { Webhook, WebhookStatus } from './webhook.ts';

/** What one GraphQL operation lends to every upstream call that it causes. */
export interface CallScope {
  /** Aborted when the client leaves or the operation's time is over. */
  readonly signal: CallSignal;
  /** When the operation's time is over, in milliseconds since the epoch: no wait may reach beyond it. */
  readonly deadlineAt: number;
  /** Counts one upstream call against the operation's budget. Throws `LimitExceededError` when it is used up. */
  countUpstreamCall(): void;
  /** Tells which texts must never appear in an answer or a log. */
  keepSecret(text: string): void;
  /** What the caller brought along as the whole Authorization value for a provider. */
  readonly forwardedAuthorization: Readonly<Partial<Record<ProviderName, string>>>;
  /** What the calls are part of; undefined where nothing is traced. */
  readonly span?: TraceSpan | undefined;
}

/** Which webhooks of one provider to list. */
export interface WebhookListFilter {
  readonly status?: WebhookStatus;
  readonly enabledEvent?: string;
}

/** How deliveries shall authenticate to the receiver; values are secrets. */
export type AuthenticationChange =
  | { readonly type: 'none' }
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'custom-headers'; readonly headers: readonly { readonly name: string; readonly value: string }[] };

/** What to change of a webhook; what is absent stays as it is. */
export interface WebhookChange {
  readonly url?: string;
  readonly description?: string;
  readonly status?: WebhookStatus;
  readonly enabledEvents?: readonly string[];
  readonly authentication?: AuthenticationChange;
}

/** A webhook to register. Which members are needed, each provider's own GraphQL input says. */
export interface NewWebhook {
  readonly url: string;
  readonly status: WebhookStatus;
  readonly description?: string;
  readonly enabledEvents?: readonly string[];
  readonly authentication?: AuthenticationChange;
  /** The key that signs deliveries; a secret. */
  readonly signingSecret?: string;
}

/** A webhook that was just registered: its id, and the webhook itself where the provider's answer holds it. */
export interface CreatedWebhook {
  readonly providerId: string;
  readonly webhook: Webhook | undefined;
}

/** A synthetic event to deliver: its name, and the nested JSON that the receiver is to get. */
export interface TestEvent {
  readonly eventName: string;
  readonly payload?: Readonly<Record<string, unknown>>;
}

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

/**
 * The port: what hookgraph asks of a provider. Reading is required. Every other ability is an optional method, so that
 * what a provider can do is seen from which methods exist and cannot drift from a list.
 *
 * Whatever calls upstream may throw `UpstreamError`, `OverloadedError` and `LimitExceededError`. The paths of their
 * violations start at the argument in question: `['url']` of a change, `['completedAt', 'gte']` of a filter.
 */
export interface WebhookProvider {
  readonly name: ProviderName;
  readonly facts: ProviderFacts;

  /** Whether there are credentials to call the provider with: the gateway's own, or the caller's. */
  hasCredentials(scope: CallScope): boolean;

  /** One page of the provider's webhooks in its own order. */
  listWebhooks(filter: WebhookListFilter, page: PageRequest, scope: CallScope): Promise<Page<Webhook>>;
  /** The webhooks with these ids, in the same order; an error at the place of each that cannot be read. */
  getWebhooks(providerIds: readonly string[], scope: CallScope): Promise<readonly (Webhook | HookgraphError)[]>;

  /** The delivery log, newest first. */
  listActivity?(
    providerId: string,
    filter: ActivityFilter,
    page: PageRequest,
    scope: CallScope,
  ): Promise<Page<WebhookActivity>>;
  /** The events that belong to a webhook. */
  listEvents?(
    providerId: string,
    filter: EventFilter,
    page: PageRequest,
    scope: CallScope,
  ): Promise<Page<WebhookEvent>>;

  createWebhook?(webhook: NewWebhook, scope: CallScope): Promise<CreatedWebhook>;
  /** Changes a webhook; answers its id. */
  updateWebhook?(providerId: string, change: WebhookChange, scope: CallScope): Promise<string>;
  deleteWebhook?(providerId: string, scope: CallScope): Promise<void>;
  /** Delivers a ping now. A receiver that refuses is a result, not an error. */
  pingWebhook?(providerId: string, scope: CallScope): Promise<TestDelivery>;
  /** Delivers an event of the caller's making now. */
  sendTestEvent?(providerId: string, event: TestEvent, scope: CallScope): Promise<TestDelivery>;
  /** Delivers past events of a window again; answers the id of the run where the provider gives one. */
  redeliverEvents?(providerId: string, occurredAt: TimeRange, scope: CallScope): Promise<string | null>;

  /** Ends its connections. */
  close(): Promise<void>;
}
