import { builder } from '../builder.ts';
import { WebhookProviderEnum, WebhookStatusEnum } from '../types/enums.ts';

export const WebhookTimeRangeInput = builder.inputType('WebhookTimeRange', {
  description: 'A time range; at least one end, and `gte` not after `lte`.',
  fields: (t) => ({
    gte: t.field({ type: 'DateTime', description: 'The earliest time, inclusive.' }),
    lte: t.field({ type: 'DateTime', description: 'The latest time, inclusive.' }),
  }),
});

export const WebhookFilterInput = builder.inputType('WebhookFilter', {
  description:
    'Which webhooks to list; what is left out does not filter. The provider judges: what it does not show (a null `status` or `enabledEvents`) may fit all the same.',
  fields: (t) => ({
    providers: t.field({ type: [WebhookProviderEnum], description: 'Only webhooks of these providers, at least one.' }),
    status: t.field({ type: WebhookStatusEnum, description: 'Only webhooks in this state.' }),
    enabledEvent: t.string({ description: 'Only webhooks that are told of this event, e.g. `person.updated`.' }),
  }),
});

export const WebhookActivityFilterInput = builder.inputType('WebhookActivityFilter', {
  description: 'Which delivery log entries to read; what is left out does not filter.',
  fields: (t) => ({
    completedAt: t.field({ type: WebhookTimeRangeInput, description: 'Only deliveries that ended in this range.' }),
    eventName: t.string({ description: 'Only deliveries of exactly this event.' }),
    isDelivered: t.boolean({
      description: '`true`: only those that the receiver acknowledged; `false`: only the others.',
    }),
    redeliveryId: t.id({ description: 'Only deliveries that this redelivery run caused.' }),
  }),
});

export const WebhookEventFilterInput = builder.inputType('WebhookEventFilter', {
  description: 'Which events to read; what is left out does not filter.',
  fields: (t) => ({
    occurredAt: t.field({ type: WebhookTimeRangeInput, description: 'Only events that occurred in this range.' }),
    eventName: t.string({ description: 'Only events of exactly this name.' }),
  }),
});
