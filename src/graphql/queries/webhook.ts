import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { decodeWebhookId, webhookKey } from '../global-id.ts';
import { readWebhook } from '../look-ahead.ts';
import { WebhookProviderEnum } from '../types/enums.ts';
import { WebhookType } from '../types/webhook.ts';

builder.queryField('webhook', (t) =>
  t.field({
    type: WebhookType,
    nullable: true,
    complexity: UPSTREAM_COST,
    description: 'One webhook by its global id; null with the error NOT_FOUND where there is none.',
    args: { id: t.arg.id({ required: true, description: 'The global id, as the field `id` gives it.' }) },
    resolve: (_root, { id }, context, info) => readWebhook(decodeWebhookId(id, ['id']), context, info),
  }),
);

builder.queryField('webhookByProviderId', (t) =>
  t.field({
    type: WebhookType,
    nullable: true,
    complexity: UPSTREAM_COST,
    description: 'One webhook by the id that its provider uses; null with the error NOT_FOUND where there is none.',
    args: {
      provider: t.arg({ type: WebhookProviderEnum, required: true, description: 'Where it is registered.' }),
      providerId: t.arg.id({ required: true, description: "The provider's own id, e.g. a UUID." }),
    },
    resolve: (_root, { provider, providerId }, context, info) =>
      readWebhook(webhookKey(provider, providerId, ['providerId']), context, info),
  }),
);
