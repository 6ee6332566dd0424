import type { RedeliveryProgress } from '../../domain/redelivery-progress.ts';
import { blamingWritten } from '../../domain/violations.ts';
import { followRedelivery } from '../../webhooks/follow-redelivery.ts';
import { readableName } from '../arguments.ts';
import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { WebhookType } from './webhook.ts';

export const WebhookRedeliveryType = builder.objectRef<RedeliveryProgress>('WebhookRedelivery').implement({
  description:
    'How far a redelivery has come, counted in the delivery log. Providers do not say when one is finished, so nothing here does.',
  fields: (t) => ({
    redeliveryId: t.exposeID('redeliveryId', {
      nullable: false,
      description: 'Which redelivery, as the provider names it.',
    }),
    delivered: t.exposeInt('delivered', {
      nullable: false,
      description: 'How many of its events were delivered so far.',
    }),
    failed: t.exposeInt('failed', { nullable: false, description: 'How many of its deliveries failed so far.' }),
    isCountComplete: t.exposeBoolean('isCountComplete', {
      nullable: false,
      description: 'Whether the whole log was read. True does not mean that the redelivery is finished.',
    }),
  }),
});

builder.objectField(WebhookType, 'redelivery', (t) =>
  t.field({
    type: WebhookRedeliveryType,
    nullable: true,
    complexity: UPSTREAM_COST,
    description:
      'How far a redelivery has come, read from the delivery log entries that bear its id (none yet: zeroes); null where the provider publishes no delivery log.',
    args: {
      redeliveryId: t.arg.id({ required: true, description: 'As `redeliverWebhookEvents` or `activity` gave it.' }),
    },
    resolve: (key, args, { directory, scope, scanMaxPages: maxPages }) => {
      const redeliveryId = readableName(args.redeliveryId, ['redeliveryId']);
      return blamingWritten(args, () => followRedelivery({ directory, key, redeliveryId, scope, maxPages }));
    },
  }),
);
