import type { CallScope } from '../../domain/call-scope.ts';
import type { ProviderName } from '../../domain/provider-name.ts';
import { underInputPath } from '../../domain/violations.ts';
import type { NewWebhook } from '../../domain/webhook-provider.ts';
import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { CreatePersonioWebhookInput, newPersonioWebhook } from '../inputs/create-personio-webhook.ts';
import { CreateTruLayerWebhookInput, newTruLayerWebhook } from '../inputs/create-trulayer-webhook.ts';
import { payloadType, type WrittenWebhook } from './written-webhook.ts';

const CreateWebhookInput = builder.inputType('CreateWebhookInput', {
  description: 'A webhook to register: exactly one of the providers.',
  isOneOf: true,
  fields: (t) => ({
    personio: t.field({ type: CreatePersonioWebhookInput, description: 'At Personio.' }),
    trulayer: t.field({ type: CreateTruLayerWebhookInput, description: 'At TruLayer.' }),
  }),
});

const CreateWebhookPayload = payloadType<WrittenWebhook>('CreateWebhookPayload', 'A webhook that was registered.');

builder.mutationField('createWebhook', (t) =>
  t.field({
    type: CreateWebhookPayload,
    nullable: true,
    complexity: UPSTREAM_COST,
    description:
      'Registers a webhook. If another one has the URL already, the error CONFLICT names it (`meta.id`, `meta.webhookId`).',
    args: { input: t.arg({ type: CreateWebhookInput, required: true, description: 'Where, and what.' }) },
    resolve: async (_root, { input }, { directory, scope }) => {
      const { member, name, build } = chosen(input);
      const provider = directory.able(name, 'createWebhook', 'register a webhook', scope);
      return underInputPath(['input', member], async () => {
        const { providerId, webhook } = await provider.createWebhook(build(scope), scope);
        return { key: { provider: name, providerId }, answered: webhook };
      });
    },
  }),
);

/** Which provider was chosen, under which name, and what to register there: one branch a provider. */
function chosen(input: typeof CreateWebhookInput.$inferInput): {
  readonly member: string;
  readonly name: ProviderName;
  readonly build: (scope: CallScope) => NewWebhook;
} {
  const { personio, trulayer } = input;
  if (personio) return { member: 'personio', name: 'PERSONIO', build: (scope) => newPersonioWebhook(personio, scope) };
  if (trulayer) return { member: 'trulayer', name: 'TRULAYER', build: (scope) => newTruLayerWebhook(trulayer, scope) };
  throw new RangeError('CreateWebhookInput is @oneOf: one member is always there.');
}
