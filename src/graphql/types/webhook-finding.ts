import { findingsOf, type WebhookFinding } from '../../domain/findings.ts';
import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { WebhookFindingCodeEnum } from './enums.ts';
import { WebhookType } from './webhook.ts';

const WebhookFindingType = builder.objectRef<WebhookFinding>('WebhookFinding').implement({
  description: "Something that looks wrong in a webhook's configuration.",
  fields: (t) => ({
    code: t.expose('code', { type: WebhookFindingCodeEnum, nullable: false, description: 'What it is.' }),
    message: t.exposeString('message', { nullable: false, description: 'The same for a human to read.' }),
    eventName: t.exposeString('eventName', {
      nullable: true,
      description: 'The event in question, of an UNKNOWN_EVENT.',
    }),
    otherWebhook: t.expose('otherWebhook', {
      type: WebhookType,
      nullable: true,
      description: 'The other webhook, of a DUPLICATE_SUBSCRIPTION.',
    }),
  }),
});

builder.objectField(WebhookType, 'findings', (t) =>
  t.field({
    type: [WebhookFindingType],
    nullable: { list: true, items: false },
    complexity: UPSTREAM_COST,
    description:
      "What looks wrong in the configuration alone. Costs no upstream call but the provider's list of webhooks, in which duplicates are looked for (at most ten are named); where that cannot be read, the other findings stand.",
    resolve: async (webhook, _args, { directory, neighbours }) => {
      const { facts } = directory.get(webhook.provider);
      return [...findingsOf(webhook, { facts, webhooksByUrl: await neighbours.of(webhook.provider) })];
    },
  }),
);
