import type { GraphQLResolveInfo } from 'graphql';
import type { Webhook, WebhookKey } from '../../domain/webhook.ts';
import { builder } from '../builder.ts';
import { encodeWebhookId } from '../global-id.ts';
import { selectedFields } from '../selection.ts';
import { WebhookType } from '../types/webhook.ts';

/** What every payload of a write on a webhook holds. */
export interface WrittenWebhook {
  /** What the write answered. */
  readonly key: WebhookKey;
  /** The webhook, where the write's answer holds it. */
  readonly answered?: Webhook | undefined;
}

/** Fields whose values follow from the key alone. */
const KEY_FIELDS: ReadonlySet<string> = new Set([
  '__typename',
  'id',
  'provider',
  'providerId',
  'providerKey',
  'capabilities',
]);

/** No client ever sees these values: they stand in for what the selection does not ask for. */
const UNREAD: Omit<Webhook, keyof WebhookKey> = {
  url: '',
  description: null,
  status: null,
  enabledEvents: null,
  authentication: { type: null },
  createdAt: null,
  updatedAt: null,
};

/** The payload of a write: the id that it answered, and the webhook as it is read afterwards, if it is asked for. */
export function payloadType<Payload extends WrittenWebhook>(name: string, description: string) {
  const payload = builder.objectRef<Payload>(name);
  payload.implement({
    description,
    fields: (t) => ({
      webhookId: t.id({
        nullable: false,
        description: 'The global id of the webhook, as the write answered it.',
        resolve: ({ key }) => encodeWebhookId(key),
      }),
      webhook: t.field({
        type: WebhookType,
        nullable: true,
        description:
          'The webhook as it is now, read after the write; if that fails, the error stands here and the write counts.',
        resolve: ({ key, answered }, _args, { webhooks }, info) =>
          answered ?? (isKeyEnough(info) ? { ...key, ...UNREAD } : webhooks.load(key)),
      }),
    }),
  });
  return payload;
}

function isKeyEnough(info: GraphQLResolveInfo): boolean {
  return [...selectedFields(info)].every((name) => KEY_FIELDS.has(name));
}
