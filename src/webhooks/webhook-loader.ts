import DataLoader from 'dataloader';
import { HookgraphError } from '../domain/errors.ts';
import { PROVIDER_NAMES, type ProviderName } from '../domain/provider-name.ts';
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

  async function loadAll(keys: readonly WebhookKey[]): Promise<readonly (Webhook | Error)[]> {
    const [first, second] = keys;
    // Nearly always it is one.
    if (first && !second) return readOf(first.provider, [first.providerId]);
    const found = new Map<string, Webhook | Error>();
    await Promise.all(
      PROVIDER_NAMES.map(async (provider) => {
        const ids = keys.filter((key) => key.provider === provider).map(({ providerId }) => providerId);
        const webhooks = ids.length === 0 ? [] : await readOf(provider, ids);
        for (const [index, webhook] of webhooks.entries()) {
          found.set(providerKeyOf({ provider, providerId: ids[index] ?? '' }), webhook);
        }
      }),
    );
    return keys.map((key) => found.get(providerKeyOf(key)) ?? notFound());
  }

  async function readOf(name: ProviderName, ids: readonly string[]): Promise<readonly (Webhook | Error)[]> {
    try {
      const webhooks = await directory.configured(name, scope).getWebhooks(ids, scope);
      return ids.map((_id, index) => webhooks[index] ?? notFound());
    } catch (error) {
      const failure = error instanceof Error ? error : new Error('getWebhooks failed', { cause: error });
      return ids.map(() => failure);
    }
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

function notFound(): HookgraphError {
  return new HookgraphError('NOT_FOUND', 'No such webhook.');
}
