import type { NewWebhook } from '../../domain/webhook-provider.ts';
import type { components } from './openapi.gen.ts';

/** The body of a create: what was given and nothing else. */
export function createBody(webhook: NewWebhook): components['schemas']['CreateWebhookRequest'] {
  return {
    url: webhook.url,
    secret: webhook.signingSecret ?? '',
    ...(webhook.enabledEvents && { events: [...webhook.enabledEvents] }),
    enabled: webhook.status === 'ENABLED',
  };
}
