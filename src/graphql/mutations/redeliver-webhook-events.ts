import { BadUserInputError, type InputPath } from '../../domain/errors.ts';
import { isoOfMs, parseInstant } from '../../domain/instant.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { keptFromMsOf } from '../../domain/time-window.ts';
import { blamingWritten, underInputPath } from '../../domain/violations.ts';
import { followRedelivery } from '../../webhooks/follow-redelivery.ts';
import { timeRange } from '../arguments.ts';
import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { decodeWebhookId } from '../global-id.ts';
import { WebhookTimeRangeInput } from '../inputs/filters.ts';
import { WebhookRedeliveryType } from '../types/webhook-redelivery.ts';
import { payloadType, type WrittenWebhook } from './written-webhook.ts';

interface RedeliveredWebhook extends WrittenWebhook {
  readonly redeliveryId: string | null;
}

const RedeliverWebhookEventsInput = builder.inputType('RedeliverWebhookEventsInput', {
  description: 'Which events to deliver again.',
  fields: (t) => ({
    webhookId: t.id({ required: true, description: 'The global id of the webhook.' }),
    occurredAt: t.field({
      type: WebhookTimeRangeInput,
      required: true,
      description:
        'When they happened: at least one end, at most 30 days back. Personio takes at most 100 events in one call and 500 an hour; `Webhook.redeliveryPreview` gives windows that fit.',
    }),
  }),
});

const RedeliverWebhookEventsPayload = payloadType<RedeliveredWebhook>(
  'RedeliverWebhookEventsPayload',
  'A webhook whose past events are being delivered again.',
);

builder.objectFields(RedeliverWebhookEventsPayload, (t) => ({
  redeliveryId: t.exposeID('redeliveryId', {
    nullable: true,
    description: 'The run, by which `Webhook.redelivery` and `activity` follow it; null where the provider names none.',
  }),
  redelivery: t.field({
    type: WebhookRedeliveryType,
    nullable: true,
    complexity: UPSTREAM_COST,
    description: 'How far it has come by now, which just after the call is usually nowhere.',
    resolve: async ({ key, redeliveryId }, _args, { directory, scope, scanMaxPages: maxPages }) =>
      redeliveryId === null
        ? null
        : // The id is the upstream's own answer: no argument of the mutation is to blame.
          blamingWritten({}, () => followRedelivery({ directory, key, redeliveryId, scope, maxPages })),
  }),
}));

builder.mutationField('redeliverWebhookEvents', (t) =>
  t.field({
    type: RedeliverWebhookEventsPayload,
    nullable: true,
    complexity: UPSTREAM_COST,
    description:
      'Delivers past events again. The receiver gets them once more, with a new delivery each. Needs the capability REDELIVER.',
    args: { input: t.arg({ type: RedeliverWebhookEventsInput, required: true, description: 'Which events.' }) },
    resolve: async (_root, { input }, { directory, scope, nowMs }) => {
      const key = decodeWebhookId(input.webhookId, ['input', 'webhookId']);
      const provider = directory.able(key.provider, 'redeliverEvents', 'deliver past events again', scope);
      const occurredAt = keptPartOf(timeRange(input.occurredAt, ['input', 'occurredAt']), {
        nowMs,
        retentionDays: provider.facts.retentionDays,
        path: ['input', 'occurredAt'],
      });
      return underInputPath(['input'], async () => ({
        key,
        redeliveryId: await provider.redeliverEvents(key.providerId, occurredAt, scope),
      }));
    },
  }),
);

/** An outage's window, or a preview's, may begin just where the provider's memory ends, which has moved on since it was read. */
const GRACE_MS = 60_000;

/** The window as the provider takes it: an end that has just fallen out of its memory is left open, which is the same. */
function keptPartOf(
  range: TimeRange,
  limits: { readonly nowMs: number; readonly retentionDays: number | null; readonly path: InputPath },
): TimeRange {
  const { gte, lte = isoOfMs(limits.nowMs) } = range;
  const earliestMs = parseInstant(gte ?? lte)?.ms;
  const keptFromMs = keptFromMsOf(limits);
  if (earliestMs === undefined || keptFromMs === null || earliestMs >= keptFromMs) return range;
  if (earliestMs >= keptFromMs - GRACE_MS) return { lte };
  const end = gte === undefined ? 'lte' : 'gte';
  throw new BadUserInputError(`${end} must be at most ${limits.retentionDays} days back.`, [...limits.path, end]);
}
