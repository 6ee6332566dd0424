import type { CallScope } from '../../domain/call-scope.ts';
import type { NewWebhook } from '../../domain/webhook-provider.ts';
import { builder } from '../builder.ts';
import { WebhookStatusEnum } from '../types/enums.ts';
import { eventNames, receiverUrl } from './webhook-fields.ts';

export const CreateTruLayerWebhookInput = builder.inputType('CreateTruLayerWebhookInput', {
  description: 'A webhook to register at TruLayer. It cannot be changed later, only removed.',
  fields: (t) => ({
    url: t.field({
      type: 'URL',
      required: true,
      description: 'Where deliveries go: HTTPS, and a host that resolves to a public address.',
    }),
    secret: t.string({
      required: true,
      description: 'The key that signs deliveries, at least 16 characters; chosen by you, never shown again.',
    }),
    enabledEvents: t.stringList({
      description: "The events to deliver; left out, it is TruLayer's default: `failure.detected`.",
    }),
    status: t.field({ type: WebhookStatusEnum, defaultValue: 'ENABLED', description: 'Whether it delivers.' }),
  }),
});

/** What is to be registered. Throws `BadUserInputError`; tells the scope what is secret in it. */
export function newTruLayerWebhook(input: typeof CreateTruLayerWebhookInput.$inferInput, scope: CallScope): NewWebhook {
  const { url, secret, enabledEvents, status } = input;
  scope.keepSecret(secret);
  return {
    url: receiverUrl(url, scope),
    signingSecret: secret,
    status: status ?? 'ENABLED',
    ...(enabledEvents && { enabledEvents: eventNames(enabledEvents) }),
  };
}
