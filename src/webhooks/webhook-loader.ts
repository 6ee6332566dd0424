import DataLoader from 'dataloader';
import type { CallScope } from '../domain/call-scope.ts';
import { HookgraphError } from '../domain/errors.ts';
import { PROVIDER_NAMES, type ProviderName } from '../domain/provider-name.ts';
import { providerKeyOf, type Webhook, type WebhookKey } from '../domain/webhook.ts';
import type { ConnectionPage } from './connection-page.ts';
import type { ProviderDirectory } from './provider-directory.ts';

/** Reads single webhooks for one GraphQL operation: each at most once, all of one provider together. */
export interface WebhookLoader {
  /** Rejects with `HookgraphError`. */
  load(key: WebhookKey): Promise<Webhook>;
  /** Remembers the webhooks that a list has just answered, for whoever asks for one of them. */
  primeAll(list: Pick<ConnectionPage<Webhook>, 'edges'>): void;
  /** Forgets what was read. To be called after a write. */
  clear(): void;
}

/** Makes the loader of one operation. */
export function createWebhookLoader(options: {
  readonly directory: ProviderDirectory;
  readonly scope: CallScope;
}): WebhookLoader {
  return new OperationWebhooks(options.directory, options.scope);
}

/** A class, since it owns its state, and each operation would pay for a handful of closures. */
class OperationWebhooks implements WebhookLoader {
  readonly #directory: ProviderDirectory;
  readonly #scope: CallScope;
  #lists: Pick<ConnectionPage<Webhook>, 'edges'>[] | undefined;
  #opened: DataLoader<WebhookKey, Webhook, string> | undefined;

  constructor(directory: ProviderDirectory, scope: CallScope) {
    this.#directory = directory;
    this.#scope = scope;
  }

  load(key: WebhookKey): Promise<Webhook> {
    return this.#loader().load(key);
  }

  primeAll(list: Pick<ConnectionPage<Webhook>, 'edges'>): void {
    this.#lists ??= [];
    this.#lists.push(list);
  }

  clear(): void {
    this.#lists = undefined;
    this.#opened?.clearAll();
  }

  /** Most operations that list webhooks ask for none of them again: only then are they handed on. */
  #loader(): DataLoader<WebhookKey, Webhook, string> {
    const loader = this.#open();
    for (const { edges } of this.#lists ?? []) {
      for (const edge of edges) if ('node' in edge) loader.prime(edge.node, edge.node);
    }
    this.#lists = undefined;
    return loader;
  }

  #open(): DataLoader<WebhookKey, Webhook, string> {
    this.#opened ??= new DataLoader<WebhookKey, Webhook, string>((keys) => this.#readAll(keys), LOADER_OPTIONS);
    return this.#opened;
  }

  #readAll(keys: readonly WebhookKey[]): Promise<readonly (Webhook | Error)[]> {
    const [first, second] = keys;
    // Nearly always it is one.
    return first && !second ? this.#readOf(first.provider, [first.providerId]) : this.#readEach(keys);
  }

  async #readEach(keys: readonly WebhookKey[]): Promise<readonly (Webhook | Error)[]> {
    const found = new Map<string, Webhook | Error>();
    await Promise.all(
      PROVIDER_NAMES.map(async (provider) => {
        const ids = keys.filter((key) => key.provider === provider).map(({ providerId }) => providerId);
        const webhooks = ids.length === 0 ? [] : await this.#readOf(provider, ids);
        for (const [index, webhook] of webhooks.entries()) {
          found.set(providerKeyOf({ provider, providerId: ids[index] ?? '' }), webhook);
        }
      }),
    );
    return keys.map((key) => found.get(providerKeyOf(key)) ?? notFound());
  }

  async #readOf(provider: ProviderName, ids: readonly string[]): Promise<readonly (Webhook | Error)[]> {
    try {
      const webhooks = await this.#directory.configured(provider, this.#scope).getWebhooks(ids, this.#scope);
      return ids.map((providerId, index) => this.#found(webhooks[index] ?? notFound(), { provider, providerId }));
    } catch (error) {
      const failure = error instanceof Error ? error : new Error('getWebhooks failed', { cause: error });
      return ids.map((providerId) => this.#found(failure, { provider, providerId }));
    }
  }

  /** A failed read must not be remembered: a field that comes later may ask again. */
  #found(found: Webhook | Error, key: WebhookKey): Webhook | Error {
    if (found instanceof Error) this.#opened?.clear(key);
    return found;
  }
}

const LOADER_OPTIONS = { cacheKeyFn: providerKeyOf };

function notFound(): HookgraphError {
  return new HookgraphError('NOT_FOUND', 'No such webhook.');
}
