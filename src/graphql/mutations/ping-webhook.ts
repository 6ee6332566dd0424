import type { TestDelivery } from '../../domain/delivery.ts';
import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { decodeWebhookId } from '../global-id.ts';
import { WebhookTestDeliveryType } from '../types/webhook-test-delivery.ts';
import { payloadType, type WrittenWebhook } from './written-webhook.ts';

interface PingedWebhook extends WrittenWebhook {
  readonly delivery: TestDelivery;
}

const PingWebhookInput = builder.inputType('PingWebhookInput', {
  description: 'Which webhook to ping.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The global id of the webhook.' }) }),
});

const PingWebhookPayload = payloadType<PingedWebhook>('PingWebhookPayload', 'A webhook that was pinged.');

builder.objectField(PingWebhookPayload, 'delivery', (t) =>
  t.expose('delivery', { type: WebhookTestDeliveryType, nullable: false, description: 'How the receiver answered.' }),
);

builder.mutationField('pingWebhook', (t) =>
  t.field({
    type: PingWebhookPayload,
    nullable: true,
    complexity: UPSTREAM_COST,
    extensions: { accessScope: 'webhooks:test' },
    description: 'Delivers a synthetic ping now, and tells how the receiver answered. Needs the capability PING.',
    args: { input: t.arg({ type: PingWebhookInput, required: true, description: 'Which webhook.' }) },
    resolve: async (_root, { input }, { directory, scope }) => {
      const key = decodeWebhookId(input.id, ['input', 'id']);
      const provider = directory.able(key.provider, 'pingWebhook', 'ping a webhook', scope);
      return { key, delivery: await provider.pingWebhook(key.providerId, scope) };
    },
  }),
);
