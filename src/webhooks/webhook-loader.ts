import DataLoader from 'dataloader';
import { HookgraphError } from '../domain/errors.ts';
import { PROVIDER_NAMES } from '../domain/provider-name.ts';
import { providerKeyOf, type Webhook, type WebhookKey } from '../domain/webhook.ts';
import type { CallScope } from '../domain/webhook-provider.ts';
import type { ConnectionPage } from './connection-page.ts';
import { lazily } from './lazily.ts';
import type { ProviderDirectory } from './provider-directory.ts';

/** Reads single webhooks for one GraphQL operation: each at most once, all of one provider together. */
export interface WebhookLoader {
  /** Rejects with `HookgraphError`. */
  load(key: WebhookKey): Promise<Webhook>;
  /** Remembers a webhook that a write has just answered. */
  prime(webhook: Webhook): void;
  /** Remembers the webhooks that a list has just answered, for whoever asks for one of them. */
  primeAll(list: Pick<ConnectionPage<Webhook>, 'edges'>): void;
  /** Forgets a webhook that was written. */
  clear(key: WebhookKey): void;
}

/** Makes the loader of one operation. */
export function createWebhookLoader(options: {
  readonly directory: ProviderDirectory;
  readonly scope: CallScope;
}): WebhookLoader {
  const { directory, scope } = options;

  async function loadAll(keys: readonly WebhookKey[]): Promise<(Webhook | Error)[]> {
    const found = new Map<string, Webhook | Error>();
    await Promise.all(
      PROVIDER_NAMES.map(async (name) => {
        const ids = keys.filter(({ provider }) => provider === name).map(({ providerId }) => providerId);
        if (ids.length === 0) return;
        try {
          const webhooks = await directory.configured(name, scope).getWebhooks(ids, scope);
          ids.forEach((providerId, index) => {
            const webhook = webhooks[index];
            if (webhook) found.set(providerKeyOf({ provider: name, providerId }), webhook);
          });
        } catch (error) {
          const failure = error instanceof Error ? error : new Error('getWebhooks failed', { cause: error });
          for (const providerId of ids) found.set(providerKeyOf({ provider: name, providerId }), failure);
        }
      }),
    );
    return keys.map((key) => found.get(providerKeyOf(key)) ?? new HookgraphError('NOT_FOUND', 'No such webhook.'));
  }

  const open = lazily(() => new DataLoader<WebhookKey, Webhook, string>(loadAll, { cacheKeyFn: providerKeyOf }));
  let lists: Pick<ConnectionPage<Webhook>, 'edges'>[] = [];

  /** Most operations that list webhooks ask for none of them again. */
  function loader(): ReturnType<typeof open> {
    for (const { edges } of lists) for (const edge of edges) if ('node' in edge) open().prime(edge.node, edge.node);
    lists = [];
    return open();
  }

  return {
    load: async (key) => {
      try {
        return await loader().load(key);
      } catch (error) {
        // A failed read must not be remembered: a field that comes after a mutation may ask again.
        loader().clear(key);
        throw error;
      }
    },
    prime: (webhook) => loader().prime(webhook, webhook),
    primeAll: (list) => void lists.push(list),
    clear: (key) => loader().clear(key),
  };
}
