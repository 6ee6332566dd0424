import type { WebhookKey } from '../../domain/webhook.ts';
import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { decodeWebhookId, encodeWebhookId } from '../global-id.ts';

const DeleteWebhookInput = builder.inputType('DeleteWebhookInput', {
  description: 'Which webhook to remove.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The global id of the webhook.' }) }),
});

const DeleteWebhookPayload = builder.objectRef<WebhookKey>('DeleteWebhookPayload').implement({
  description: 'A webhook that was removed.',
  fields: (t) => ({
    deletedWebhookId: t.id({
      nullable: false,
      description: 'The global id that no longer leads anywhere.',
      resolve: (key) => encodeWebhookId(key),
    }),
  }),
});

builder.mutationField('deleteWebhook', (t) =>
  t.field({
    type: DeleteWebhookPayload,
    nullable: true,
    complexity: UPSTREAM_COST,
    description: 'Removes a webhook for good. Needs the capability DELETE.',
    args: { input: t.arg({ type: DeleteWebhookInput, required: true, description: 'Which webhook.' }) },
    resolve: async (_root, { input }, { directory, scope }) => {
      const key = decodeWebhookId(input.id, ['input', 'id']);
      const provider = directory.able(key.provider, 'deleteWebhook', 'remove a webhook', scope);
      await provider.deleteWebhook(key.providerId, scope);
      return key;
    },
  }),
);
