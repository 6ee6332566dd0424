import type { WebhookHealth } from '../../domain/delivery-health.ts';
import { readHealth } from '../../webhooks/read-health.ts';
import { readingWindow, timeWindow } from '../arguments.ts';
import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { WebhookTimeRangeInput } from '../inputs/filters.ts';
import { WebhookHealthStateEnum } from './enums.ts';
import { WebhookType } from './webhook.ts';

const WebhookHealthType = builder.objectRef<WebhookHealth>('WebhookHealth').implement({
  description: 'How a webhook does, judged by the deliveries of a window.',
  fields: (t) => ({
    state: t.expose('state', { type: WebhookHealthStateEnum, nullable: false, description: 'The verdict.' }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the state began, as far as the window tells: the completion of the first delivery of the run that makes it. FAILING, and DEGRADED while the last delivery failed: the first failure of that run. DEGRADED otherwise: the first failure of the run that took the share delivered under 95 %. HEALTHY: the first one delivered after the last failure. Null for the other states.',
    }),
    consecutiveFailures: t.exposeInt('consecutiveFailures', {
      nullable: true,
      description: 'How many of the last deliveries failed in a row; null where no log could be read.',
    }),
    isComplete: t.exposeBoolean('isComplete', {
      nullable: false,
      description:
        'False where the budget of pages or upstream calls ended the scan of the log, or something that was needed could not be read.',
    }),
  }),
});

builder.objectField(WebhookType, 'health', (t) =>
  t.field({
    type: WebhookHealthType,
    nullable: true,
    complexity: UPSTREAM_COST,
    description:
      'How it does, by the rules of `WebhookHealthState`; UNKNOWN where the provider publishes no delivery log. Events are asked for (one more upstream call) only where there was no delivery. One scan of the log serves this field, `deliveryStats` and `outages` of the same window.',
    args: {
      window: t.arg({
        type: WebhookTimeRangeInput,
        description:
          'Which deliveries to judge by; by default those of the last 24 hours. A missing end is now, or as far back as the provider keeps its log.',
      }),
    },
    resolve: (webhook, args, context) => {
      const window = timeWindow(args.window, { key: webhook, path: ['window'], context });
      const { directory, activity, scope } = context;
      return readingWindow(args, () => readHealth({ directory, activity, webhook, window, scope }));
    },
  }),
);
