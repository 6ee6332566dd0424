import pMap from 'p-map';
import type { CallScope } from '../domain/call-scope.ts';
import { HookgraphError, LimitExceededError } from '../domain/errors.ts';
import {
  checkOfDelivery,
  eventsToCheck,
  isReady,
  type ReadinessCheck,
  samplePayloadOf,
  skippedCheck,
} from '../domain/readiness-check.ts';
import { refusedCheck } from '../domain/refused-check.ts';
import type { Webhook } from '../domain/webhook.ts';
import type { WebhookProvider } from '../domain/webhook-provider.ts';
import type { ProviderDirectory } from './provider-directory.ts';

/** How many synthetic deliveries are under way at once: a receiver under test should not be flooded. */
const MAX_CONCURRENT = 4;

/**
 * Makes a ping, then one synthetic event for each of the webhook's events (`eventsToCheck`), and tells how the receiver
 * answered each. Rejects where the ping cannot be asked for at all, or the operation's upstream calls are used up; an
 * event that is refused is a row.
 */
export async function checkWebhook(options: {
  readonly directory: ProviderDirectory;
  readonly webhook: Webhook;
  readonly eventNames: readonly string[] | undefined;
  readonly scope: CallScope;
}): Promise<{ readonly isReady: boolean; readonly checks: readonly ReadinessCheck[] }> {
  const { directory, webhook, eventNames, scope } = options;
  const events = eventsToCheck(webhook.enabledEvents, eventNames);
  const provider = directory.able(webhook.provider, 'pingWebhook', 'ping a webhook', scope);
  const ping = checkOfDelivery('ping', await provider.pingWebhook(webhook.providerId, scope));
  const rows = await pMap(events, (eventName) => checkEvent({ provider, webhook, eventName, scope }), {
    concurrency: MAX_CONCURRENT,
  });
  return { isReady: isReady({ ping, events: rows }), checks: [ping, ...rows] };
}

async function checkEvent(options: {
  readonly provider: WebhookProvider;
  readonly webhook: Webhook;
  readonly eventName: string;
  readonly scope: CallScope;
}): Promise<ReadinessCheck> {
  const { provider, webhook, eventName, scope } = options;
  const type = provider.facts.eventTypes.find(({ name }) => name === eventName);
  if (!provider.sendTestEvent)
    return skippedCheck(eventName, `The API of ${provider.name} cannot deliver test events.`);
  if (!type) return skippedCheck(eventName, 'The event is not in the catalogue: no sample payload is known for it.');
  const event = { eventName, payload: samplePayloadOf(type.samplePayloadFields) };
  try {
    return checkOfDelivery(eventName, await provider.sendTestEvent(webhook.providerId, event, scope));
  } catch (error) {
    // The operation's own budget is used up: no row could say so of a receiver or a provider.
    if (error instanceof LimitExceededError || !(error instanceof HookgraphError)) throw error;
    return refusedCheck(type, error);
  }
}
