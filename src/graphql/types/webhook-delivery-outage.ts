import { type DeliveryOutage, outagesOf } from '../../domain/outages.ts';
import { keptFromMsOf } from '../../domain/time-window.ts';
import { readingWindow, timeWindow } from '../arguments.ts';
import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { WebhookTimeRangeInput } from '../inputs/filters.ts';
import { WebhookDeliveryOutcomeEnum } from './enums.ts';
import { WebhookType } from './webhook.ts';

const WebhookDeliveryOutageType = builder.objectRef<DeliveryOutage>('WebhookDeliveryOutage').implement({
  description: 'A run of failed deliveries, as far as the window tells; a single failure is a run of one.',
  fields: (t) => ({
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: false,
      description: "The completion of the run's first failure.",
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The completion of the first delivery that succeeded after the run; null while the outage lasts.',
    }),
    failed: t.exposeInt('failed', { nullable: false, description: 'How many deliveries failed in it.' }),
    outcome: t.expose('outcome', {
      type: WebhookDeliveryOutcomeEnum,
      nullable: false,
      description: 'The most frequent outcome of the run; of several the most recent.',
    }),
    statusCode: t.exposeInt('statusCode', {
      nullable: true,
      description: 'The most frequent status code among the failures of that outcome; null where none has one.',
    }),
    redeliverFrom: t.expose('redeliverFrom', {
      type: 'DateTime',
      nullable: false,
      description:
        'The events to redeliver: where their window begins (`redeliverWebhookEvents.occurredAt.gte`). It is `startedAt`; 144 hours earlier only where a failure took more than one attempt or does not say, since its event occurred before the first attempt; cut to what the provider keeps. An event occurs some moments before its delivery is completed, even at the first attempt: where this is `startedAt`, begin a minute earlier to have that of the first failure, too.',
    }),
    redeliverTo: t.expose('redeliverTo', {
      type: 'DateTime',
      nullable: false,
      description:
        "The events to redeliver: where their window ends (`redeliverWebhookEvents.occurredAt.lte`), the completion of the run's last failure.",
    }),
  }),
});

builder.objectField(WebhookType, 'outages', (t) =>
  t.field({
    type: [WebhookDeliveryOutageType],
    nullable: { list: true, items: false },
    complexity: UPSTREAM_COST,
    description:
      'Runs of failed deliveries, newest first, each with the window of events to redeliver; null where the provider publishes no delivery log. Where a budget ends the scan (`health.isComplete` of the same window is false then), only the newest part of the window was looked at. One scan of the log serves this field, `deliveryStats` and `health` of the same window.',
    args: {
      window: t.arg({
        type: WebhookTimeRangeInput,
        description:
          'When the deliveries were completed; by default the last 24 hours. A missing end is now, or as far back as the provider keeps its log.',
      }),
    },
    resolve: async (key, args, context) => {
      const window = timeWindow(args.window, { key, path: ['window'], context });
      const scan = await readingWindow(args, () => context.activity.scan({ key, window }));
      // A list cannot say that nothing was looked at.
      if (scan?.refusal) throw scan.refusal;
      const { retentionDays } = context.directory.get(key.provider).facts;
      return scan && outagesOf(scan.log, { keptFromMs: keptFromMsOf({ nowMs: context.nowMs, retentionDays }) });
    },
  }),
);
