import type { WebhookProvider } from './webhook-provider.ts';

/** What a provider's API can do beyond reading its webhooks. */
const CAPABILITIES = [
  'CREATE',
  'UPDATE',
  'DELETE',
  'PING',
  'SEND_TEST_EVENT',
  'ACTIVITY',
  'EVENTS',
  'REDELIVER',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

const METHOD_OF: Readonly<Record<Capability, keyof WebhookProvider>> = {
  CREATE: 'createWebhook',
  UPDATE: 'updateWebhook',
  DELETE: 'deleteWebhook',
  PING: 'pingWebhook',
  SEND_TEST_EVENT: 'sendTestEvent',
  ACTIVITY: 'listActivity',
  EVENTS: 'listEvents',
  REDELIVER: 'redeliverEvents',
};

/** The capabilities of a provider, read off the methods that it has. */
export function capabilitiesOf(provider: WebhookProvider): readonly Capability[] {
  return CAPABILITIES.filter((capability) => provider[METHOD_OF[capability]] !== undefined);
}
