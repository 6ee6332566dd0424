import type { ActivityFilter, WebhookActivity } from '../domain/activity.ts';
import type { CallScope } from '../domain/call-scope.ts';
import type { InputPath } from '../domain/errors.ts';
import type { EventFilter, WebhookEvent } from '../domain/event.ts';
import type { Making } from '../domain/last-made.ts';
import type { Page, PageRequest } from '../domain/page.ts';
import type { WebhookKey } from '../domain/webhook.ts';
import type { WebhookProvider } from '../domain/webhook-provider.ts';
import { logCursorScope, tailable } from './activity-cursor.ts';
import { type ConnectionPage, connectionPage, LazyEdge, type PageArguments } from './connection-page.ts';
import { type CursorScope, cursorWriter, damagedCursor, decodeCursor } from './cursor.ts';
import { isPagePosition, LIST_START, type PagePosition } from './page-position.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import { type ListPart, readListPart } from './read-list-part.ts';

/** What tells one kind of log from another. */
interface Log<T, Filter> {
  readonly name: 'activity' | 'events';
  /** How its provider lists it; undefined where it publishes none. */
  readonly listBy: (provider: WebhookProvider) => ListLog<T, Filter> | undefined;
  /** What the cursors hold. */
  readonly positionsOf: (part: ListPart<T>) => (index: number) => PagePosition;
  readonly page: Making<ConnectionPage<T>>;
}

type ListLog<T, Filter> = (id: string, filter: Filter, page: PageRequest, scope: CallScope) => Promise<Page<T>>;

interface LogRequest<Filter> {
  readonly directory: ProviderDirectory;
  readonly key: WebhookKey;
  readonly filter: Filter;
  readonly page: PageArguments;
  readonly scope: CallScope;
}

const ACTIVITY: Log<WebhookActivity, ActivityFilter> = {
  name: 'activity',
  listBy: (provider) => provider.listActivity,
  positionsOf: tailable,
  page: {},
};

const EVENTS: Log<WebhookEvent, EventFilter> = {
  name: 'events',
  listBy: (provider) => provider.listEvents,
  positionsOf: ({ positionBehind }) => positionBehind,
  page: {},
};

/** One page of a webhook's delivery log; null where its provider publishes none. */
export function readActivity(request: LogRequest<ActivityFilter>): Promise<ConnectionPage<WebhookActivity> | null> {
  return readLog(ACTIVITY, request);
}

/** One page of a webhook's events; null where its provider publishes none. */
export function readEvents(request: LogRequest<EventFilter>): Promise<ConnectionPage<WebhookEvent> | null> {
  return readLog(EVENTS, request);
}

const READ_PATH: InputPath = ['filter'];
const CURSOR_PATH: InputPath = ['after'];

/** By `then`: what waits for an upstream is held by the hundreds, and an async function's frame is large. */
function readLog<T, Filter extends ActivityFilter & EventFilter>(
  log: Log<T, Filter>,
  { directory, key, filter, page, scope }: LogRequest<Filter>,
): Promise<ConnectionPage<T> | null> {
  try {
    const list = log.listBy(directory.configured(key.provider, scope));
    if (!list) return Promise.resolve(null);
    const { first, after = null } = page;
    const reading = readListPart({
      first,
      from: after === null ? LIST_START : positionOf(logCursorScope(log.name, key, filter), after),
      read: (request) => list(key.providerId, filter, request, scope),
      readPath: READ_PATH,
      identify: textOf,
      cursorPath: CURSOR_PATH,
    });
    return reading.then((part) => logPage(log, part, { first, after, origin: logCursorScope(log.name, key, filter) }));
  } catch (error) {
    return Promise.reject(error);
  }
}

function positionOf(origin: CursorScope, cursor: string): PagePosition {
  const position = decodeCursor(origin, cursor, CURSOR_PATH);
  if (!isPagePosition(position)) throw damagedCursor(CURSOR_PATH);
  return position;
}

/** An entry of a log has no id: it is known again by all that it says. */
function textOf(item: unknown): string {
  return JSON.stringify(item);
}

interface LogPlace {
  readonly first: number;
  readonly after: string | null;
  readonly origin: CursorScope;
}

function logPage<T, Filter>(log: Log<T, Filter>, part: ListPart<T>, place: LogPlace): ConnectionPage<T> {
  const { first, after, origin } = place;
  const make = () => makePage(part, log.positionsOf(part), place);
  return part.source?.lastMade?.recall(log.page, [first, after, ...origin], make) ?? make();
}

function makePage<T>(
  { items, hasMore }: ListPart<T>,
  positionAt: (index: number) => PagePosition,
  { after, origin }: LogPlace,
): ConnectionPage<T> {
  const writeCursor = cursorWriter(origin);
  const cursorAt = (index: number) => writeCursor(positionAt(index));
  return connectionPage({
    edges: items.map((item, index) => (item instanceof Error ? item : new LazyEdge(item, index, cursorAt))),
    hasNextPage: hasMore,
    hasPreviousPage: after !== null,
    // Pages that hold nothing may lead on: who asks for the next one is not to read them again.
    endCursor: () => (items.length > 0 || hasMore ? cursorAt(items.length - 1) : after),
  });
}
