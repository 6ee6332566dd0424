import type { ActivityFilter, WebhookActivity } from './activity.ts';
import type { CallScope } from './call-scope.ts';
import type { TestDelivery } from './delivery.ts';
import type { HookgraphError } from './errors.ts';
import type { EventFilter, WebhookEvent } from './event.ts';
import type { Page, PageRequest } from './page.ts';
import type { ProviderFacts } from './provider-facts.ts';
import type { ProviderName } from './provider-name.ts';
import type { TimeRange } from './time-range.ts';
import type { Webhook, WebhookStatus } from './webhook.ts';

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

/**
 * The port: what hookgraph asks of a provider. Reading is required. Every other ability is an optional method, so that
 * what a provider can do is seen from which methods exist and cannot drift from a list. They are functions that need no
 * `this`: callers hand them on by themselves.
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
