import type { ActivityFilter, WebhookActivity } from '../domain/activity.ts';
import { providerKeyOf, type WebhookKey } from '../domain/webhook.ts';
import type { CallScope } from '../domain/webhook-provider.ts';
import type { ConnectionPage, PageArguments } from './connection-page.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import { readActivity } from './read-log.ts';

/** Which page of whose delivery log. */
export interface ActivityPagePlace {
  readonly key: WebhookKey;
  readonly filter: ActivityFilter;
  readonly page: PageArguments;
}

/** Reads delivery logs for one GraphQL operation. */
export interface ActivityPages {
  /** One page; null where the provider publishes no log. Rejects with `HookgraphError`. */
  read(place: ActivityPagePlace): Promise<ConnectionPage<WebhookActivity> | null>;
  /**
   * Begins to read what will be asked for once the webhook itself has been read, so that both are one round trip. Where
   * nobody comes for it, as there is no such webhook, nobody hears of it either.
   */
  readAhead(place: ActivityPagePlace): void;
}

/** Makes the reader of one operation. */
export function createActivityPages(options: {
  readonly directory: ProviderDirectory;
  readonly scope: CallScope;
}): ActivityPages {
  const { directory, scope } = options;
  // Made where it is needed, as most operations have no use for it.
  let ahead: Map<string, ReturnType<ActivityPages['read']>> | undefined;
  const readNow = ({ key, filter, page }: ActivityPagePlace) => readActivity({ directory, scope, key, filter, page });

  return {
    read: (place) => {
      // It stays, for the same page under another name.
      return ahead?.get(nameOf(place)) ?? readNow(place);
    },
    readAhead: (place) => {
      ahead ??= new Map();
      const name = nameOf(place);
      if (ahead.has(name)) return;
      const page = readNow(place);
      page.catch(() => {});
      ahead.set(name, page);
    },
  };
}

function nameOf({ key, filter, page: { first, after } }: ActivityPagePlace): string {
  return JSON.stringify([providerKeyOf(key), filter, first, after ?? null]);
}
