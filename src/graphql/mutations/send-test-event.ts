import type { TestDelivery } from '../../domain/delivery.ts';
import { BadUserInputError } from '../../domain/errors.ts';
import { underInputPath } from '../../domain/violations.ts';
import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { decodeWebhookId } from '../global-id.ts';
import { WebhookTestDeliveryType } from '../types/webhook-test-delivery.ts';
import { payloadType, type WrittenWebhook } from './written-webhook.ts';

interface TestedWebhook extends WrittenWebhook {
  readonly delivery: TestDelivery;
}

const SendTestEventInput = builder.inputType('SendTestEventInput', {
  description: 'Which event to deliver, and with what in it.',
  fields: (t) => ({
    webhookId: t.id({ required: true, description: 'The global id of the webhook.' }),
    eventName: t.string({
      required: true,
      description: 'One of the `enabledEvents` of the webhook, e.g. `person.updated`.',
    }),
    payload: t.field({
      type: 'JSONObject',
      description:
        'The JSON that the receiver is to get, e.g. `{person: {id: "123"}}` (a dotted key, `person.id`, is accepted too). Values are texts, numbers or booleans; at most 10 levels and 100 values. Which members an event needs: `WebhookEventType.requiredPayloadFields`.',
    }),
  }),
});

const SendTestEventPayload = payloadType<TestedWebhook>('SendTestEventPayload', 'A webhook that got a test event.');

builder.objectField(SendTestEventPayload, 'delivery', (t) =>
  t.expose('delivery', { type: WebhookTestDeliveryType, nullable: false, description: 'How the receiver answered.' }),
);

builder.mutationField('sendTestEvent', (t) =>
  t.field({
    type: SendTestEventPayload,
    nullable: true,
    complexity: UPSTREAM_COST,
    extensions: { accessScope: 'webhooks:test' },
    description:
      'Delivers a synthetic event now, and tells how the receiver answered. Needs the capability SEND_TEST_EVENT.',
    args: {
      input: t.arg({ type: SendTestEventInput, required: true, description: 'Which webhook, event and payload.' }),
    },
    resolve: async (_root, { input }, { directory, scope }) => {
      const key = decodeWebhookId(input.webhookId, ['input', 'webhookId']);
      const provider = directory.able(key.provider, 'sendTestEvent', 'deliver a test event', scope);
      return underInputPath(['input'], async () => {
        const { eventName, payload } = input;
        if (eventName.trim() === '') throw new BadUserInputError('eventName must not be empty.', ['eventName']);
        const event = { eventName, ...(payload != null && { payload }) };
        return { key, delivery: await provider.sendTestEvent(key.providerId, event, scope) };
      });
    },
  }),
);
