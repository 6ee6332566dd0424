import { createHmac } from 'node:crypto';
import type { Deliver } from '../deliver.ts';
import type { HttpAnswer, ReceivedRequest } from '../http-listener.ts';
import type { Random } from '../random.ts';
import { errors } from './errors.ts';
import type { TruLayerKey } from './keys.ts';
import { TENANT_ID } from './seeded-webhooks.ts';
import type { Store, StoredWebhook } from './store.ts';
import { checkUrl, readNewWebhook } from './validation.ts';

interface Call {
  readonly request: ReceivedRequest;
  readonly key: TruLayerKey;
  readonly id: string;
}

/** Answers one call, or throws the `TruLayerError` that refuses it. */
export type Operation = (call: Call) => HttpAnswer | Promise<HttpAnswer>;

interface OperationOptions {
  readonly now: () => number;
  readonly random: Random;
  readonly store: Store;
  readonly deliver: Deliver;
}

/** By method and path. The role is asked first, then the webhook, then the body. */
export function createOperations(options: OperationOptions): Readonly<Record<string, Operation>> {
  const { now, random, store, deliver } = options;

  const findWebhook = (id: string): StoredWebhook => {
    const webhook = store.find(id);
    if (webhook === undefined) throw errors.webhookNotFound();
    return webhook;
  };

  return {
    'GET /v1/webhooks': () => answerJson(200, { webhooks: store.list().map(({ record }) => record) }),

    'POST /v1/webhooks': ({ request, key }) => {
      if (!key.mayCreate) throw errors.insufficientRole();
      const { secret, ...fields } = readNewWebhook(request);
      const createdAt = new Date(now()).toISOString();
      const record = {
        id: random.uuid(),
        tenant_id: TENANT_ID,
        ...fields,
        created_at: createdAt,
        updated_at: createdAt,
      };
      store.add({ record, secret });
      return answerJson(201, record);
    },

    'DELETE /v1/webhooks/:id': ({ key, id }) => {
      if (!key.mayDelete) throw errors.insufficientRole();
      store.delete(findWebhook(id).record.id);
      return { status: 204 };
    },

    'POST /v1/webhooks/:id/test': async ({ key, id }) => {
      if (!key.mayCreate) throw errors.insufficientRole();
      const { record, secret } = findWebhook(id);
      checkUrl(record.url);
      const body = JSON.stringify({ type: 'ping', webhook_id: record.id, sent_at: new Date(now()).toISOString() });
      const signature = createHmac('sha256', secret).update(body).digest('hex');
      const result = await deliver({
        url: record.url,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'TruLayer-Webhooks',
          'x-trulayer-signature': `sha256=${signature}`,
        },
        body,
      });
      return answerJson(200, { status: result.status ?? 0, body: result.body });
    },
  };
}

function answerJson(status: number, body: unknown): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
