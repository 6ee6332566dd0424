import type { ActivityFilter, WebhookActivity } from '../domain/activity.ts';
import { BadUserInputError } from '../domain/errors.ts';
import type { EventFilter, WebhookEvent } from '../domain/event.ts';
import type { Page, PageRequest } from '../domain/page.ts';
import { underInputPath } from '../domain/violations.ts';
import type { WebhookKey } from '../domain/webhook.ts';
import type { CallScope } from '../domain/webhook-provider.ts';
import { logCursorScope, tailable } from './activity-cursor.ts';
import { type ConnectionPage, connectionPage, LazyEdge, type PageArguments } from './connection-page.ts';
import { type CursorScope, cursorWriter, decodeCursor } from './cursor.ts';
import { isPagePosition, LIST_START, type PagePosition, type PositionedItem, readListPart } from './page-position.ts';
import type { ProviderDirectory } from './provider-directory.ts';

/** One page of a webhook's delivery log; null where its provider publishes none. */
export async function readActivity(options: {
  readonly directory: ProviderDirectory;
  readonly key: WebhookKey;
  readonly filter: ActivityFilter;
  readonly page: PageArguments;
  readonly scope: CallScope;
}): Promise<ConnectionPage<WebhookActivity> | null> {
  const { directory, key, filter, page, scope } = options;
  const provider = directory.configured(key.provider, scope);
  const list = provider.listActivity?.bind(provider);
  return list
    ? readLog({
        origin: logCursorScope('activity', key, filter),
        page,
        placesOf: tailable,
        read: (request) => underInputPath(['filter'], () => list(key.providerId, filter, request, scope)),
      })
    : null;
}

/** One page of a webhook's events; null where its provider publishes none. */
export async function readEvents(options: {
  readonly directory: ProviderDirectory;
  readonly key: WebhookKey;
  readonly filter: EventFilter;
  readonly page: PageArguments;
  readonly scope: CallScope;
}): Promise<ConnectionPage<WebhookEvent> | null> {
  const { directory, key, filter, page, scope } = options;
  const provider = directory.configured(key.provider, scope);
  const list = provider.listEvents?.bind(provider);
  return list
    ? readLog({
        origin: logCursorScope('events', key, filter),
        page,
        read: (request) => underInputPath(['filter'], () => list(key.providerId, filter, request, scope)),
      })
    : null;
}

async function readLog<T>(options: {
  readonly origin: CursorScope;
  readonly page: PageArguments;
  readonly read: (request: PageRequest) => Promise<Page<T>>;
  /** What the cursors hold; the places behind the items unless there is more to tell. */
  readonly placesOf?: (items: readonly PositionedItem<T>[]) => (index: number) => PagePosition;
}): Promise<ConnectionPage<T>> {
  const { origin, page, read, placesOf = placesAsTheyAre } = options;
  const from = page.after == null ? LIST_START : decodeCursor(origin, page.after, ['after']);
  if (!isPagePosition(from)) throw new BadUserInputError('The cursor is damaged.', ['after']);
  // An entry of a log has no id: it is known again by all that it says.
  const identify = (item: T) => JSON.stringify(item);
  const { items, hasMore } = await readListPart({ first: page.first, from, read, identify, cursorPath: ['after'] });
  const writeCursor = cursorWriter(origin);
  const placeOf = placesOf(items);
  const cursorAt = (index: number) => writeCursor(placeOf(index));
  return connectionPage({
    edges: items.map(({ item }, index) => (item instanceof Error ? item : new LazyEdge(item, () => cursorAt(index)))),
    hasNextPage: hasMore,
    hasPreviousPage: page.after != null,
    endCursor: () => (items.length > 0 ? cursorAt(items.length - 1) : (page.after ?? null)),
  });
}

function placesAsTheyAre(items: readonly PositionedItem<unknown>[]): (index: number) => PagePosition {
  return (index) => items[index]?.after() ?? LIST_START;
}
