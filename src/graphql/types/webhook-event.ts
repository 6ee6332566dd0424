import type { WebhookEvent } from '../../domain/event.ts';
import { readEvents } from '../../webhooks/read-log.ts';
import { eventFilter, pageArguments } from '../arguments.ts';
import { builder } from '../builder.ts';
import { connectionObject } from '../connection.ts';
import { connectionCost } from '../cost.ts';
import { WebhookEventFilterInput } from '../inputs/filters.ts';
import { WebhookType } from './webhook.ts';

const WebhookEventType = builder.objectRef<WebhookEvent>('WebhookEvent').implement({
  description:
    'An event that a webhook was to be told of, with what was sent. Any field is null where the provider does not say.',
  fields: (t) => ({
    eventName: t.exposeString('eventName', { nullable: true, description: 'Which event, e.g. `person.updated`.' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', nullable: true, description: 'When it happened.' }),
    companyId: t.exposeString('companyId', {
      nullable: true,
      description: "The company, by the provider's own id, in which it happened.",
    }),
    payload: t.expose('payload', {
      type: 'JSONObject',
      nullable: true,
      description: 'What the receiver was told, e.g. `{person: {id: "123"}}`.',
    }),
    meta: t.expose('meta', { type: 'JSONObject', nullable: true, description: 'What the provider adds to it.' }),
  }),
});

const WebhookEventConnection = connectionObject({
  name: 'WebhookEvent',
  node: WebhookEventType,
  nodes: 'events',
  order: 'as the provider orders them',
});

builder.objectField(WebhookType, 'events', (t) =>
  t.field({
    type: WebhookEventConnection,
    nullable: true,
    complexity: connectionCost,
    description:
      'The events that the webhook was to be told of, with what was sent; null where the provider publishes none (see `capabilities`). An entry that cannot be read is one null edge with its error.',
    args: {
      first: t.arg.int({ defaultValue: 20, description: 'How many events, 1 to 200.' }),
      after: t.arg.string({ description: "An edge's cursor, to read what comes behind it." }),
      filter: t.arg({ type: WebhookEventFilterInput, description: 'Which events.' }),
    },
    resolve: (key, args, { directory, scope }) =>
      readEvents({ directory, key, filter: eventFilter(args.filter), page: pageArguments(args), scope }),
  }),
);
