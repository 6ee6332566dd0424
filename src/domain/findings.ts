import type { ProviderFacts } from './provider-facts.ts';
import { comparableUrl, hasPrivateHost, hasUserinfo, isHttps } from './receiver-url.ts';
import { providerKeyOf, type Webhook } from './webhook.ts';

/** What can look wrong in a webhook's configuration. */
export type FindingCode = 'DUPLICATE_SUBSCRIPTION' | 'UNKNOWN_EVENT' | PlainCode;

/** Those that are of the webhook itself alone: no event and no other webhook has part in them. */
type PlainCode = 'NO_AUTHENTICATION' | 'NO_EVENTS' | 'INSECURE_URL' | 'PRIVATE_HOST' | 'CREDENTIALS_IN_URL';

/** Something that looks wrong in a webhook's configuration, for a human to read. Never quotes the URL. */
export type WebhookFinding =
  | {
      readonly code: 'DUPLICATE_SUBSCRIPTION';
      readonly message: string;
      readonly eventName: null;
      readonly otherWebhook: Webhook;
    }
  | {
      readonly code: 'UNKNOWN_EVENT';
      readonly message: string;
      readonly eventName: string;
      readonly otherWebhook: null;
    }
  | {
      readonly code: PlainCode;
      readonly message: string;
      readonly eventName: null;
      readonly otherWebhook: null;
    };

/** Webhooks by `comparableUrl`: made once, so that looking for the duplicates of all of them stays linear. */
export type WebhooksByUrl = ReadonlyMap<string, readonly Webhook[]>;

/** Sorts webhooks by where they deliver to. */
export function webhooksByUrlOf(webhooks: readonly Webhook[]): WebhooksByUrl {
  const byUrl = new Map<string, Webhook[]>();
  for (const webhook of webhooks) {
    const url = comparableUrl(webhook.url);
    const sameUrl = byUrl.get(url);
    if (sameUrl === undefined) byUrl.set(url, [webhook]);
    else sameUrl.push(webhook);
  }
  return byUrl;
}

/**
 * Looks for what is wrong in one webhook's configuration, in this order; what the provider does not say is never a finding.
 *
 * - DUPLICATE_SUBSCRIPTION: another webhook of the provider that is not DISABLED has an equivalent URL and an event in
 *   common, one finding for each of the first ten. (Event names differ between providers, so that the same URL at two of
 *   them is no duplicate.)
 * - NO_AUTHENTICATION: deliveries prove nothing about where they come from.
 * - UNKNOWN_EVENT: an enabled event that is not among those that the provider publishes for subscription.
 * - NO_EVENTS: no event is enabled.
 * - INSECURE_URL: not HTTPS.
 * - PRIVATE_HOST: a host that only a private network or the machine itself can reach.
 * - CREDENTIALS_IN_URL: a user name or password in the URL.
 */
export function findingsOf(
  webhook: Webhook,
  known: { readonly facts: ProviderFacts; readonly webhooksByUrl: WebhooksByUrl },
): readonly WebhookFinding[] {
  return [
    ...duplicatesOf(webhook, known.webhooksByUrl),
    ...authenticationFindings(webhook),
    ...eventFindings(webhook, known.facts),
    ...urlFindings(webhook),
  ];
}

/**
 * How many duplicates of one webhook are named. Each leads to a webhook with findings of its own: hundreds of them, asked
 * for some levels deep, would be more than any memory holds.
 */
const MAX_DUPLICATES = 10;

function duplicatesOf(webhook: Webhook, webhooksByUrl: WebhooksByUrl): WebhookFinding[] {
  const own = new Set(webhook.enabledEvents);
  const sameUrl = webhooksByUrl.get(comparableUrl(webhook.url)) ?? [];
  const found: WebhookFinding[] = [];
  for (const other of sameUrl) {
    if (found.length >= MAX_DUPLICATES) break;
    if (other.provider !== webhook.provider || other.providerId === webhook.providerId) continue;
    if (other.status === 'DISABLED') continue;
    const shared = [...new Set(other.enabledEvents)].filter((name) => own.has(name));
    if (shared.length === 0) continue;
    const message =
      `${providerKeyOf(other)} has the same URL and also subscribes to ${shared.join(', ')}: ` +
      'while both are enabled the receiver gets every such event twice.';
    found.push({ code: 'DUPLICATE_SUBSCRIPTION', message, eventName: null, otherWebhook: other });
  }
  return found;
}

function authenticationFindings({ authentication }: Webhook): WebhookFinding[] {
  if (authentication.type !== 'NONE') return [];
  return [plain('NO_AUTHENTICATION', 'Deliveries carry no authentication: the receiver cannot tell who sent them.')];
}

function eventFindings({ provider, enabledEvents }: Webhook, facts: ProviderFacts): WebhookFinding[] {
  if (enabledEvents === null) return [];
  if (enabledEvents.length === 0) return [plain('NO_EVENTS', 'No event is enabled, so nothing is ever delivered.')];
  const subscribable = new Set(facts.eventTypes.filter((type) => type.isSubscribable).map((type) => type.name));
  const doubt = facts.isEventListClosed ? 'will never be sent' : 'may be new or misspelt';
  return [...new Set(enabledEvents)]
    .filter((name) => !subscribable.has(name))
    .map((eventName) => ({
      code: 'UNKNOWN_EVENT',
      message: `${eventName} is not among the events that ${provider} publishes for subscription; it ${doubt}.`,
      eventName,
      otherWebhook: null,
    }));
}

function urlFindings({ url }: Webhook): WebhookFinding[] {
  const findings: WebhookFinding[] = [];
  if (!isHttps(url)) {
    findings.push(
      plain('INSECURE_URL', 'The URL does not use HTTPS: anyone on the way can read and alter deliveries.'),
    );
  }
  if (hasPrivateHost(url)) {
    findings.push(plain('PRIVATE_HOST', "The URL's host is private: the provider cannot reach it over the internet."));
  }
  if (hasUserinfo(url)) {
    findings.push(
      plain(
        'CREDENTIALS_IN_URL',
        'The URL holds a user name or password, which everyone who may see the webhook reads.',
      ),
    );
  }
  return findings;
}

function plain(code: PlainCode, message: string): WebhookFinding {
  return { code, message, eventName: null, otherWebhook: null };
}
