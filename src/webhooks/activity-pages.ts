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
  const ahead = new Map<string, ReturnType<ActivityPages['read']>>();
  const readNow = (place: ActivityPagePlace) => readActivity({ ...options, ...place });

  return {
    read: (place) => {
      // Nearly always there is nothing, and a name would cost more than to look.
      const name = ahead.size > 0 ? nameOf(place) : '';
      // It stays, for the same page under another name.
      return ahead.get(name) ?? readNow(place);
    },
    readAhead: (place) => {
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
