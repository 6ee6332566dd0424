import type { components } from '../../providers/trulayer/openapi.gen.ts';

type WebhookRecord = components['schemas']['Webhook'];

/** A webhook with the secret that signs its deliveries. */
export interface StoredWebhook {
  readonly record: WebhookRecord;
  /** Write-only: no answer ever holds it. */
  readonly secret: string;
}

/** The webhooks of the simulated tenant, in the order of their creation; lives as long as the process. */
export function createStore(seed: readonly StoredWebhook[]) {
  const webhooks = new Map(seed.map((webhook) => [webhook.record.id, webhook]));

  return {
    list: (): readonly StoredWebhook[] => [...webhooks.values()],
    find: (id: string): StoredWebhook | undefined => webhooks.get(id),
    add: (webhook: StoredWebhook): void => {
      webhooks.set(webhook.record.id, webhook);
    },
    delete: (id: string): void => {
      webhooks.delete(id);
    },
  };
}

export type Store = ReturnType<typeof createStore>;
