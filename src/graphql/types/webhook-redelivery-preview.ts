import type { EventNameTotal, RedeliveryBatch, RedeliveryPlan } from '../../domain/redelivery-plan.ts';
import { blamingWritten } from '../../domain/violations.ts';
import { previewRedelivery } from '../../webhooks/preview-redelivery.ts';
import { timeWindow } from '../arguments.ts';
import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { WebhookTimeRangeInput } from '../inputs/filters.ts';
import { WebhookType } from './webhook.ts';

const WebhookEventNameTotalType = builder.objectRef<EventNameTotal>('WebhookEventNameTotal').implement({
  description: 'How many events of one name there are.',
  fields: (t) => ({
    eventName: t.exposeString('eventName', { nullable: false, description: 'Which event.' }),
    count: t.exposeInt('count', { nullable: false, description: 'How many there are.' }),
  }),
});

const WebhookRedeliveryBatchType = builder.objectRef<RedeliveryBatch>('WebhookRedeliveryBatch').implement({
  description: 'A window of events for one call of `redeliverWebhookEvents`.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', nullable: false, description: 'What to pass as `occurredAt.gte`.' }),
    to: t.expose('to', { type: 'DateTime', nullable: false, description: 'What to pass as `occurredAt.lte`.' }),
    eventCount: t.exposeInt('eventCount', { nullable: false, description: 'How many events occurred in it.' }),
  }),
});

const WebhookRedeliveryPreviewType = builder.objectRef<RedeliveryPlan>('WebhookRedeliveryPreview').implement({
  description: 'What a redelivery of a window would send: every event that occurred in it, delivered before or not.',
  fields: (t) => ({
    eventCount: t.exposeInt('eventCount', { nullable: false, description: 'How many events occurred in the window.' }),
    byEventName: t.field({
      type: [WebhookEventNameTotalType],
      nullable: false,
      description: 'By the event, the most frequent first.',
      resolve: ({ byEventName }) => [...byEventName],
    }),
    batches: t.field({
      type: [WebhookRedeliveryBatchType],
      nullable: false,
      description:
        'Windows that each hold no more events than the provider redelivers in one call: one mutation for each. Oldest first; together they hold each event once.',
      resolve: ({ batches }) => [...batches],
    }),
    isComplete: t.exposeBoolean('isComplete', {
      nullable: false,
      description:
        'False where the budget of pages or upstream calls ended the scan of the events, one does not say its name or time, or more occurred in one millisecond than fit one call.',
    }),
  }),
});

builder.objectField(WebhookType, 'redeliveryPreview', (t) =>
  t.field({
    type: WebhookRedeliveryPreviewType,
    nullable: true,
    complexity: UPSTREAM_COST,
    description:
      'What `redeliverWebhookEvents` would send for a window, without sending it; null where the provider cannot redeliver.',
    args: {
      occurredAt: t.arg({
        type: WebhookTimeRangeInput,
        required: true,
        description:
          'When the events occurred. A missing end is now, or as far back as the provider keeps its events; what is older is cut.',
      }),
    },
    resolve: (key, args, context) => {
      const window = timeWindow(args.occurredAt, { key, path: ['occurredAt'], context });
      const { directory, scope, scanMaxPages: maxPages } = context;
      return blamingWritten(args, () => previewRedelivery({ directory, key, window, scope, maxPages }));
    },
  }),
);
