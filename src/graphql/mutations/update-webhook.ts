import type { CallScope } from '../../domain/call-scope.ts';
import { BadUserInputError } from '../../domain/errors.ts';
import { underInputPath } from '../../domain/violations.ts';
import type { WebhookChange } from '../../domain/webhook-provider.ts';
import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { decodeWebhookId } from '../global-id.ts';
import { authenticationChange, WebhookAuthenticationInput } from '../inputs/authentication.ts';
import { eventNames, receiverUrl } from '../inputs/webhook-fields.ts';
import { WebhookStatusEnum } from '../types/enums.ts';
import { payloadType, type WrittenWebhook } from './written-webhook.ts';

const UpdateWebhookInput = builder.inputType('UpdateWebhookInput', {
  description: 'What to change: what is left out stays as it is, an explicit null is refused. At least one change.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The global id of the webhook.' }),
    url: t.field({
      type: 'URL',
      description: 'Where deliveries go: HTTPS, and a host that resolves to a public address.',
    }),
    description: t.string({ description: 'Free text.' }),
    status: t.field({ type: WebhookStatusEnum, description: 'Whether it delivers.' }),
    enabledEvents: t.stringList({ description: 'The events to deliver; replaces the whole list.' }),
    authentication: t.field({
      type: WebhookAuthenticationInput,
      description: 'How deliveries authenticate; replaces what was set.',
    }),
  }),
});

const UpdateWebhookPayload = payloadType<WrittenWebhook>('UpdateWebhookPayload', 'A webhook that was changed.');

builder.mutationField('updateWebhook', (t) =>
  t.field({
    type: UpdateWebhookPayload,
    nullable: true,
    complexity: UPSTREAM_COST,
    description: 'Changes a webhook. Needs the capability UPDATE (TruLayer has none: create anew, then delete).',
    args: {
      input: t.arg({ type: UpdateWebhookInput, required: true, description: 'Which webhook, and the changes.' }),
    },
    resolve: async (_root, { input }, { directory, scope }) => {
      const key = decodeWebhookId(input.id, ['input', 'id']);
      const provider = directory.able(key.provider, 'updateWebhook', 'change a webhook', scope);
      return underInputPath(['input'], async () => {
        const change = webhookChange(input, scope);
        const providerId = await provider.updateWebhook(key.providerId, change, scope);
        return { key: { provider: key.provider, providerId } };
      });
    },
  }),
);

function webhookChange({ id: _, ...input }: typeof UpdateWebhookInput.$inferInput, scope: CallScope): WebhookChange {
  for (const [name, value] of Object.entries(input)) {
    if (value === null) throw new BadUserInputError(`${name} cannot be null; leave it out to keep it.`, [name]);
  }
  const { url, description, status, enabledEvents, authentication } = input;
  const change = {
    ...(url != null && { url: receiverUrl(url, scope) }),
    ...(description != null && { description }),
    ...(status != null && { status }),
    ...(enabledEvents != null && { enabledEvents: eventNames(enabledEvents) }),
    ...(authentication != null && { authentication: authenticationChange(authentication, ['authentication'], scope) }),
  };
  if (Object.keys(change).length === 0) throw new BadUserInputError('Name at least one change.', []);
  return change;
}
