import type { ActivityLog } from '../../domain/activity-log.ts';
import {
  type DeliveryStats,
  deliveryStatsOf,
  type EventNameCount,
  type StatusCodeCount,
} from '../../domain/delivery-stats.ts';
import { type DeliveryBucket, deliveryTimelineOf } from '../../domain/delivery-timeline.ts';
import { readableName, readingWindow, timeWindow } from '../arguments.ts';
import { builder } from '../builder.ts';
import { costBy, UPSTREAM_COST } from '../cost.ts';
import { WebhookTimeRangeInput } from '../inputs/filters.ts';
import { WebhookTimelineBucketEnum } from './enums.ts';
import { WebhookType } from './webhook.ts';

/** The numbers, and the log that they come from. */
interface LoggedStats extends DeliveryStats {
  readonly log: ActivityLog;
}

const WebhookStatusCodeCountType = builder.objectRef<StatusCodeCount>('WebhookStatusCodeCount').implement({
  description: 'How many deliveries ended with one status code.',
  fields: (t) => ({
    statusCode: t.exposeInt('statusCode', {
      nullable: true,
      description: 'HTTP status of the last try; null: the receiver gave none, or the provider does not say.',
    }),
    count: t.exposeInt('count', { nullable: false, description: 'How many deliveries.' }),
  }),
});

const WebhookEventNameCountType = builder.objectRef<EventNameCount>('WebhookEventNameCount').implement({
  description: 'How the deliveries of one kind of event went.',
  fields: (t) => ({
    eventName: t.exposeString('eventName', { nullable: false, description: 'Which event.' }),
    delivered: t.exposeInt('delivered', { nullable: false, description: 'How many were delivered.' }),
    failed: t.exposeInt('failed', { nullable: false, description: 'How many were not.' }),
  }),
});

const WebhookDeliveryBucketType = builder.objectRef<DeliveryBucket>('WebhookDeliveryBucket').implement({
  description: 'How the deliveries of one minute, hour or day went.',
  fields: (t) => ({
    startsAt: t.expose('startsAt', {
      type: 'DateTime',
      nullable: false,
      description: "The start of the minute, hour or day in UTC; of the first bucket it may be before the window's.",
    }),
    delivered: t.exposeInt('delivered', { nullable: false, description: 'How many were delivered.' }),
    failed: t.exposeInt('failed', { nullable: false, description: 'How many were not.' }),
  }),
});

const WebhookDeliveryStatsType = builder.objectRef<LoggedStats>('WebhookDeliveryStats').implement({
  description:
    'How the deliveries of a window went, computed from the delivery log; redeliveries count like any other delivery.',
  fields: (t) => ({
    from: t.expose('from', {
      type: 'DateTime',
      nullable: false,
      description: 'Where the window begins, inclusive: as given, or the default, cut to what the provider keeps.',
    }),
    to: t.expose('to', { type: 'DateTime', nullable: false, description: 'Where the window ends, inclusive.' }),
    total: t.exposeInt('total', { nullable: false, description: 'How many deliveries were completed in the window.' }),
    delivered: t.exposeInt('delivered', {
      nullable: false,
      description: 'How many of them were delivered, as the provider says.',
    }),
    failed: t.exposeInt('failed', { nullable: false, description: 'How many of them were not.' }),
    successRate: t.exposeFloat('successRate', {
      nullable: true,
      description: '`delivered` of `total`, 0 to 1; null where nothing was tried.',
    }),
    lastDeliveredAt: t.expose('lastDeliveredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last one that was delivered was completed; null where none was.',
    }),
    lastFailedAt: t.expose('lastFailedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last one that failed was completed; null where none did.',
    }),
    byStatusCode: t.field({
      type: [WebhookStatusCodeCountType],
      nullable: false,
      description: 'By the status code, the most frequent first.',
      resolve: ({ byStatusCode }) => [...byStatusCode],
    }),
    byEventName: t.field({
      type: [WebhookEventNameCountType],
      nullable: false,
      description: 'By the event, the most frequent first.',
      resolve: ({ byEventName }) => [...byEventName],
    }),
    timeline: t.field({
      type: [WebhookDeliveryBucketType],
      nullable: true,
      description:
        'The deliveries over time, for a plot: one bucket for each minute, hour or day of UTC that the window touches, oldest first, without gaps, zeroes included. More than 2,000 buckets are BAD_USER_INPUT.',
      args: {
        bucket: t.arg({
          type: WebhookTimelineBucketEnum,
          required: true,
          defaultValue: 'HOUR',
          description: 'How long a bucket is.',
        }),
      },
      // A guess of how many buckets there will be: a window of some days or hours.
      complexity: costBy('bucket', (bucket) => ({ field: 1, multiplier: bucket === 'MINUTE' ? 500 : 50 })),
      resolve: ({ log }, { bucket }) => deliveryTimelineOf(log, bucket),
    }),
    isComplete: t.exposeBoolean('isComplete', {
      nullable: false,
      description:
        'False where the budget of pages or upstream calls ended the scan of the log, or an entry could not be read: the numbers are lower bounds then.',
    }),
  }),
});

builder.objectField(WebhookType, 'deliveryStats', (t) =>
  t.field({
    type: WebhookDeliveryStatsType,
    nullable: true,
    complexity: UPSTREAM_COST,
    description:
      'How the deliveries of a window went; null where the provider publishes no delivery log. One scan of the log serves this field, `health` and `outages` of the same window.',
    args: {
      window: t.arg({
        type: WebhookTimeRangeInput,
        description:
          'When the deliveries were completed; by default the last 24 hours. A missing end is now, or as far back as the provider keeps its log.',
      }),
      eventName: t.arg.string({ description: 'Only deliveries of exactly this event.' }),
    },
    resolve: async (key, args, context) => {
      const window = timeWindow(args.window, { key, path: ['window'], context });
      const eventName = args.eventName == null ? undefined : readableName(args.eventName, ['eventName']);
      const scan = await readingWindow(args, () => context.activity.scan({ key, window, eventName }));
      return scan && { ...deliveryStatsOf(scan.log), log: scan.log };
    },
  }),
);
