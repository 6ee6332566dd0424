import type { ReadinessCheck } from '../../domain/readiness-check.ts';
import { underInputPath } from '../../domain/violations.ts';
import { checkWebhook } from '../../webhooks/check-webhook.ts';
import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { decodeWebhookId } from '../global-id.ts';
import { createScrubber } from '../scrubber.ts';
import { WebhookCheckStatusEnum } from '../types/enums.ts';
import { WebhookTestDeliveryType } from '../types/webhook-test-delivery.ts';
import { payloadType, type WrittenWebhook } from './written-webhook.ts';

interface CheckedWebhook extends WrittenWebhook {
  readonly isReady: boolean;
  readonly checks: readonly ReadinessCheck[];
}

const CheckWebhookInput = builder.inputType('CheckWebhookInput', {
  description: 'Which webhook to check, and with which events.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The global id of the webhook.' }),
    eventNames: t.stringList({
      description:
        'Which enabled events to deliver beyond the ping. Left out: all of them but those that say something ended (`*.deleted`, `*.terminated`), which run only when named here.',
    }),
  }),
});

const WebhookCheckType = builder.objectRef<ReadinessCheck>('WebhookCheck').implement({
  description: 'One synthetic delivery of a readiness check.',
  fields: (t) => ({
    eventName: t.exposeString('eventName', {
      nullable: false,
      description: 'Which event was delivered; `ping` first.',
    }),
    status: t.expose('status', { type: WebhookCheckStatusEnum, nullable: false, description: 'How it ended.' }),
    delivery: t.expose('delivery', {
      type: WebhookTestDeliveryType,
      nullable: true,
      description: 'How the receiver answered; null where no delivery was made.',
    }),
    reason: t.string({
      nullable: true,
      description: 'Why it did not pass; null where it did.',
      // It may quote the provider, which may quote a secret.
      resolve: ({ reason }, _args, { scope }) => reason && createScrubber(scope.secrets).text(reason),
    }),
  }),
});

const CheckWebhookPayload = payloadType<CheckedWebhook>('CheckWebhookPayload', 'A webhook that was checked.');

builder.objectFields(CheckWebhookPayload, (t) => ({
  isReady: t.exposeBoolean('isReady', {
    nullable: false,
    description: 'Whether the ping PASSED and nothing FAILED; what was SKIPPED does not count.',
  }),
  checks: t.field({
    type: [WebhookCheckType],
    nullable: false,
    description: 'The ping, then one row for each event.',
    resolve: ({ checks }) => [...checks],
  }),
}));

builder.mutationField('checkWebhook', (t) =>
  t.field({
    type: CheckWebhookPayload,
    nullable: true,
    complexity: UPSTREAM_COST * 5,
    extensions: { accessScope: 'webhooks:test' },
    description:
      'Whether the receiver is ready: a ping, then one synthetic event for each enabled event but those that say something ended, unless `eventNames` says which; each with the answer. The ids in them are such that no real record can have them. Needs the capability PING; without SEND_TEST_EVENT the events are SKIPPED.',
    args: {
      input: t.arg({ type: CheckWebhookInput, required: true, description: 'Which webhook, and which events.' }),
    },
    resolve: async (_root, { input }, { directory, scope, webhooks }) => {
      const key = decodeWebhookId(input.id, ['input', 'id']);
      const webhook = await webhooks.load(key);
      const eventNames = input.eventNames ?? undefined;
      return underInputPath(['input'], async () => ({
        key,
        ...(await checkWebhook({ directory, webhook, eventNames, scope })),
      }));
    },
  }),
);
