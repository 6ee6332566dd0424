import type { ActivityFilter, WebhookActivity } from '../domain/activity.ts';
import type { CallScope } from '../domain/call-scope.ts';
import { providerKeyOf, type WebhookKey } from '../domain/webhook.ts';
import type { ConnectionPage, PageArguments } from './connection-page.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import { readActivity } from './read-log.ts';

/** Which page of whose delivery log. */
export interface ActivityPageRequest {
  readonly key: WebhookKey;
  readonly filter: ActivityFilter;
  readonly page: PageArguments;
}

/** Reads delivery logs for one GraphQL operation. */
export interface ActivityPages {
  /** One page; null where the provider publishes no log. Rejects with `HookgraphError`. */
  read(request: ActivityPageRequest): Promise<ConnectionPage<WebhookActivity> | null>;
  /**
   * Begins to read what will be asked for once the webhook itself has been read, so that both take one round trip. Where
   * nobody asks in the end, because there is no such webhook, its failure is not told either.
   */
  readAhead(request: ActivityPageRequest): void;
}

/** Makes the reader of one operation. */
export function createActivityPages(options: {
  readonly directory: ProviderDirectory;
  readonly scope: CallScope;
}): ActivityPages {
  return new OperationActivityPages(options.directory, options.scope);
}

/** A class, since it owns its state, and each operation would pay for closures that few need. */
class OperationActivityPages implements ActivityPages {
  readonly #directory: ProviderDirectory;
  readonly #scope: CallScope;
  #ahead: Map<string, ReturnType<ActivityPages['read']>> | undefined;

  constructor(directory: ProviderDirectory, scope: CallScope) {
    this.#directory = directory;
    this.#scope = scope;
  }

  read(request: ActivityPageRequest): ReturnType<ActivityPages['read']> {
    // It stays, since an alias may ask for the same page again.
    return this.#ahead?.get(nameOf(request)) ?? this.#readNow(request);
  }

  readAhead(request: ActivityPageRequest): void {
    this.#ahead ??= new Map();
    const name = nameOf(request);
    if (this.#ahead.has(name)) return;
    const page = this.#readNow(request);
    page.catch(() => {});
    this.#ahead.set(name, page);
  }

  #readNow({ key, filter, page }: ActivityPageRequest): ReturnType<ActivityPages['read']> {
    return readActivity({ directory: this.#directory, scope: this.#scope, key, filter, page });
  }
}

function nameOf({ key, filter, page: { first, after } }: ActivityPageRequest): string {
  return JSON.stringify([providerKeyOf(key), filter, first, after ?? null]);
}
