import { tailActivity } from '../../webhooks/tail-activity.ts';
import { activityFilter } from '../arguments.ts';
import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { decodeWebhookId } from '../global-id.ts';
import { WebhookActivityFilterInput } from '../inputs/filters.ts';
import { WebhookActivityEdge } from '../types/webhook-activity.ts';

/** A stream has no page size: it costs what a page of the log costs by default. */
const ENTRIES_COUNTED = 20;

builder.subscriptionField('webhookActivity', (t) =>
  t.field({
    type: WebhookActivityEdge,
    nullable: false,
    complexity: { field: UPSTREAM_COST, multiplier: ENTRIES_COUNTED },
    description:
      'Live tail of the delivery log: each new delivery once, the oldest first, by Server-Sent Events. With neither `after` nor `since` it begins with what appears from now on. A delivery that appears in the log late is told late, up to a minute after it was completed. To go on after a dropped connection, pass the `cursor` of the last edge as `after`, with the same filter: nothing is lost and nothing comes twice. `Webhook.activity` takes these cursors too. An upstream that fails for a while only delays the stream; an error that will not heal is its last message. It completes when the gateway shuts down, and when the end of `filter.completedAt` has passed. Needs the capability ACTIVITY.',
    args: {
      webhookId: t.arg.id({ required: true, description: 'The global id of the webhook.' }),
      after: t.arg.string({
        description:
          'The cursor of an edge, of this subscription or of `Webhook.activity` with the same filter: begins with what is newer. Not together with `since`.',
      }),
      since: t.arg({
        type: 'DateTime',
        description: 'Begins with what was completed at this time or later. Not together with `after`.',
      }),
      filter: t.arg({ type: WebhookActivityFilterInput, description: 'Which deliveries.' }),
    },
    subscribe: async (_root, { webhookId, after, since, filter }, { directory, tails, scope, caller, nowMs }) =>
      tailActivity({
        directory,
        tails,
        key: decodeWebhookId(webhookId, ['webhookId']),
        filter: activityFilter(filter),
        from: { after, since },
        scope,
        follower: caller.name,
        nowMs,
      }),
    resolve: (delivery) => {
      if (delivery instanceof Error) throw delivery;
      return delivery;
    },
  }),
);
