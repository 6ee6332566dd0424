import type { LastMade } from './last-made.ts';
import type { ProviderName } from './provider-name.ts';

/** What identifies a webhook across providers. */
export interface WebhookKey {
  readonly provider: ProviderName;
  /** The id that the provider itself uses. */
  readonly providerId: string;
}

/** Whether deliveries are made. */
export type WebhookStatus = 'ENABLED' | 'DISABLED';

/** How a delivery proves to the receiver where it comes from; the secrets themselves are never part of it. */
export type WebhookAuthentication =
  | { readonly type: 'NONE' | 'TOKEN' | 'SIGNATURE' }
  | { readonly type: 'CUSTOM_HEADERS'; readonly headerNames: readonly string[] }
  /** The provider does not say. */
  | { readonly type: null };

/** A registration at a provider. Null: the provider does not say, or has no such thing. */
export interface Webhook extends WebhookKey {
  readonly url: string;
  readonly description: string | null;
  readonly status: WebhookStatus | null;
  readonly enabledEvents: readonly string[] | null;
  readonly authentication: WebhookAuthentication;
  /** RFC 3339, as the provider wrote it. */
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  /** What was made of it, where the very same one may come again. */
  readonly lastMade?: LastMade;
}

/** `personio:533e7206-…`: a key that another subgraph can write down without knowing our global ids. */
export function providerKeyOf({ provider, providerId }: WebhookKey): string {
  return `${provider.toLowerCase()}:${providerId}`;
}
