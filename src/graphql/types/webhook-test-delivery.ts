import type { TestDelivery } from '../../domain/delivery.ts';
import { builder } from '../builder.ts';
import { WebhookDeliveryOutcomeEnum } from './enums.ts';

export const WebhookTestDeliveryType = builder.objectRef<TestDelivery>('WebhookTestDelivery').implement({
  description:
    'One synthetic delivery, made now, and how the receiver answered. A receiver that refuses is a result, not an error.',
  fields: (t) => ({
    eventName: t.exposeString('eventName', { nullable: false, description: 'Which event was delivered.' }),
    isDelivered: t.exposeBoolean('isDelivered', {
      nullable: true,
      description:
        'Whether the receiver acknowledged: as the provider says, else by a 2xx status; null where neither tells.',
    }),
    statusCode: t.exposeInt('statusCode', {
      nullable: true,
      description: 'HTTP status that the receiver answered; null where it gave none.',
    }),
    outcome: t.expose('outcome', {
      type: WebhookDeliveryOutcomeEnum,
      nullable: false,
      description: 'What became of it, in one word.',
    }),
    attempts: t.exposeInt('attempts', {
      nullable: true,
      description: 'How many tries were made; null where the provider does not say.',
    }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null where the provider does not say.',
    }),
    responseBody: t.exposeString('responseBody', {
      nullable: true,
      directives: { tag: { name: 'untrusted-text' } },
      description:
        'What the receiver answered, where the provider returns it (cut at 4 KiB there). Untrusted text: escape it.',
    }),
  }),
});
