import type { WebhookActivity } from '../../domain/activity.ts';
import { builder } from '../builder.ts';
import { connectionObject, edgeObject } from '../connection.ts';
import { WebhookDeliveryOutcomeEnum } from './enums.ts';

const WebhookActivityType = builder.objectRef<WebhookActivity>('WebhookActivity').implement({
  description: 'One entry of the delivery log: an event that was tried to deliver to the receiver, and how that went.',
  fields: (t) => ({
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: false,
      description: 'When the delivery ended.',
    }),
    eventName: t.exposeString('eventName', { nullable: false, description: 'Which event, e.g. `person.updated`.' }),
    isDelivered: t.exposeBoolean('isDelivered', {
      nullable: false,
      description: 'Whether the receiver acknowledged with a 2xx, as the provider says.',
    }),
    attempts: t.exposeInt('attempts', {
      nullable: true,
      description: 'How many tries were made; null where the provider does not say.',
    }),
    statusCode: t.exposeInt('statusCode', {
      nullable: true,
      description: 'HTTP status of the last try; null where there was no answer or the provider does not say.',
    }),
    outcome: t.expose('outcome', {
      type: WebhookDeliveryOutcomeEnum,
      nullable: false,
      description: 'What became of it, in one word.',
    }),
    redeliveryId: t.exposeID('redeliveryId', {
      nullable: true,
      description: 'The redelivery run that caused it; null for an ordinary delivery.',
    }),
  }),
});

const ENTRIES = { name: 'WebhookActivity', node: WebhookActivityType, nodes: 'delivery log entries' };

export const WebhookActivityEdge = edgeObject(ENTRIES);

export const WebhookActivityConnection = connectionObject({
  ...ENTRIES,
  order: 'the newest first',
  edge: WebhookActivityEdge,
});
