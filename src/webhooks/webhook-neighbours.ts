import DataLoader from 'dataloader';
import type { CallScope } from '../domain/call-scope.ts';
import { HookgraphError } from '../domain/errors.ts';
import { type WebhooksByUrl, webhooksByUrlOf } from '../domain/findings.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import { scanPages } from './scan-pages.ts';

/** Knows for one GraphQL operation which webhooks there are beside one: each provider's list is read once. */
export interface WebhookNeighbours {
  /** The webhooks of a provider; none where its list cannot be read. Rejects with `LimitExceededError` at the fuse. */
  of(provider: ProviderName): Promise<WebhooksByUrl>;
  /** Forgets the lists. To be called after a write. */
  clear(): void;
}

interface NeighbourTerms {
  readonly directory: ProviderDirectory;
  readonly scope: CallScope;
  /** How many pages of 200 webhooks may be read of each provider. */
  readonly maxPages: number;
}

/** Makes the neighbours of one operation. */
export function createWebhookNeighbours(terms: NeighbourTerms): WebhookNeighbours {
  return new OperationNeighbours(terms);
}

/** A class, since it owns its state, and each operation would pay for closures that few need. */
class OperationNeighbours implements WebhookNeighbours {
  readonly #terms: NeighbourTerms;
  #lists: DataLoader<ProviderName, WebhooksByUrl> | undefined;

  constructor(terms: NeighbourTerms) {
    this.#terms = terms;
  }

  of(provider: ProviderName): Promise<WebhooksByUrl> {
    this.#lists ??= new DataLoader((names) => Promise.all(names.map((name) => this.#listAll(name).catch(noneOrError))));
    return this.#lists.load(provider);
  }

  clear(): void {
    this.#lists?.clearAll();
  }

  async #listAll(name: ProviderName): Promise<WebhooksByUrl> {
    const { directory, scope, maxPages } = this.#terms;
    const provider = directory.configured(name, scope);
    const { items, fuse } = await scanPages({ read: (page) => provider.listWebhooks({}, page, scope), maxPages });
    // Findings have no way to say that they are not complete.
    if (fuse) throw fuse;
    return webhooksByUrlOf(items);
  }
}

/** A provider that is down takes the search for duplicates with it, and nothing else. */
function noneOrError(error: unknown): WebhooksByUrl | Error {
  if (error instanceof HookgraphError && error.code !== 'LIMIT_EXCEEDED') return webhooksByUrlOf([]);
  return error instanceof Error ? error : new Error('The list failed.', { cause: error });
}
