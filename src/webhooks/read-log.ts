import type { ActivityFilter, WebhookActivity } from '../domain/activity.ts';
import { BadUserInputError } from '../domain/errors.ts';
import type { EventFilter, WebhookEvent } from '../domain/event.ts';
import type { Making } from '../domain/last-made.ts';
import type { Page, PageRequest } from '../domain/page.ts';
import { underInputPath } from '../domain/violations.ts';
import type { WebhookKey } from '../domain/webhook.ts';
import type { CallScope } from '../domain/webhook-provider.ts';
import { logCursorScope, tailable } from './activity-cursor.ts';
import { type ConnectionPage, connectionPage, LazyEdge, type PageArguments } from './connection-page.ts';
import { type CursorScope, cursorWriter, decodeCursor } from './cursor.ts';
import { isPagePosition, LIST_START, type ListPart, type PagePosition, readListPart } from './page-position.ts';
import type { ProviderDirectory } from './provider-directory.ts';

const ACTIVITY_PAGE: Making<ConnectionPage<WebhookActivity>> = {};
const EVENTS_PAGE: Making<ConnectionPage<WebhookEvent>> = {};

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
        kind: ACTIVITY_PAGE,
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
        placesOf: ({ placeBehind }) => placeBehind,
        kind: EVENTS_PAGE,
        read: (request) => underInputPath(['filter'], () => list(key.providerId, filter, request, scope)),
      })
    : null;
}

async function readLog<T>(options: {
  readonly origin: CursorScope;
  readonly page: PageArguments;
  readonly read: (request: PageRequest) => Promise<Page<T>>;
  /** What the cursors hold. */
  readonly placesOf: (part: ListPart<T>) => (index: number) => PagePosition;
  readonly kind: Making<ConnectionPage<T>>;
}): Promise<ConnectionPage<T>> {
  const { origin, page, read, placesOf, kind } = options;
  const { first, after = null } = page;
  const from = after === null ? LIST_START : decodeCursor(origin, after, ['after']);
  if (!isPagePosition(from)) throw new BadUserInputError('The cursor is damaged.', ['after']);
  // An entry of a log has no id: it is known again by all that it says.
  const identify = (item: T) => JSON.stringify(item);
  const part = await readListPart({ first, from, read, identify, cursorPath: ['after'] });
  const make = () => logPage(part, { origin, after, placeOf: placesOf(part) });
  return part.source?.lastMade?.recall(kind, [first, after, ...origin], make) ?? make();
}

function logPage<T>(
  { items, hasMore }: ListPart<T>,
  {
    origin,
    after,
    placeOf,
  }: {
    readonly origin: CursorScope;
    readonly after: string | null;
    readonly placeOf: (index: number) => PagePosition;
  },
): ConnectionPage<T> {
  const writeCursor = cursorWriter(origin);
  const cursorAt = (index: number) => writeCursor(placeOf(index));
  return connectionPage({
    edges: items.map((item, index) => (item instanceof Error ? item : new LazyEdge(item, () => cursorAt(index)))),
    hasNextPage: hasMore,
    hasPreviousPage: after !== null,
    endCursor: () => (items.length > 0 ? cursorAt(items.length - 1) : after),
  });
}
