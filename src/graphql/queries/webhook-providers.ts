import { builder } from '../builder.ts';
import { WebhookProviderInfoType } from '../types/webhook-provider-info.ts';

builder.queryField('webhookProviders', (t) =>
  t.field({
    type: [WebhookProviderInfoType],
    nullable: false,
    description: 'What is connected, what each provider can do, and which events it knows. Costs no upstream call.',
    resolve: (_root, _args, { directory }) => [...directory.all],
  }),
);
