import type { CallScope } from '../domain/call-scope.ts';
import { BadUserInputError, HookgraphError, type InputPath, ProviderNotConfiguredError } from '../domain/errors.ts';
import type { Making } from '../domain/last-made.ts';
import { isProviderName, type ProviderName } from '../domain/provider-name.ts';
import type { Webhook } from '../domain/webhook.ts';
import type { WebhookListFilter, WebhookProvider } from '../domain/webhook-provider.ts';
import { connectionPage, type Edge, LazyEdge, type PageArguments, type WebhooksPage } from './connection-page.ts';
import { type CursorScope, cursorWriter, damagedCursor, decodeCursor } from './cursor.ts';
import { lazily } from './lazily.ts';
import { isPagePosition, LIST_START, type PagePosition } from './page-position.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import { type ListPart, readListPart } from './read-list-part.ts';

/** Which webhooks to list; without `providers`, those of every configured provider. */
export interface WebhooksFilter extends WebhookListFilter {
  readonly providers?: readonly ProviderName[];
}

const CURSOR_PATH: InputPath = ['after'];

/** How far the list has come at each provider; absent: not begun. */
type Progress = Readonly<Partial<Record<ProviderName, PagePosition | 'end'>>>;

/**
 * One page of the webhooks of all providers: in the order of `PROVIDER_NAMES`, within a provider in its own order. The
 * first page asks all providers at once, later ones only those that they need. A provider that fails takes one edge,
 * an error, which does not count; the cursors remember where it stood, so that the next page asks it again.
 */
export async function listWebhooks(options: {
  readonly directory: ProviderDirectory;
  readonly filter: WebhooksFilter;
  readonly page: PageArguments;
  readonly scope: CallScope;
}): Promise<WebhooksPage> {
  const { directory, filter, page, scope } = options;
  const { status, enabledEvent } = filter;
  const names = filter.providers && [...new Set(filter.providers)].sort();
  const origin: CursorScope = ['webhooks', names, status, enabledEvent];
  const { first, after = null } = page;
  const start: Progress = after === null ? {} : decodeProgress(origin, after);

  const asked = directory.all.filter((provider) => isAsked(provider, filter, scope) && start[provider.name] !== 'end');
  const read = (provider: WebhookProvider, count: number) =>
    settled(readPart({ provider, filter, first: count, from: start[provider.name], scope }));
  const early = after === null ? asked.map((provider) => read(provider, first)) : [];
  // Where the first of them ends the list, nobody waits for the others; their rejections would end the process.
  for (const part of early) part.catch(() => {});

  const parts: ProviderPart[] = [];
  let room = first;
  let hasMore = false;
  for (const [index, provider] of asked.entries()) {
    // With no room left, one entry tells whether there is a next page; with one known, nothing needs to be asked.
    if (room === 0 && hasMore && !early[index]) break;
    const part = await (early[index] ?? read(provider, Math.max(room, 1)));
    parts.push({ name: provider.name, part });
    if (part instanceof HookgraphError) continue;
    hasMore ||= part.hasMore || room < part.items.length;
    room = roomBehind(part, room);
  }
  const sources = parts.map(({ part }) => (part instanceof HookgraphError ? null : part.source));
  const make = () => joinParts(parts, { first, after, start, origin });
  const lastMade = sources.includes(null) ? undefined : sources[0]?.lastMade;
  return lastMade?.recall(PAGE, [...sources, first, after, String(names), status, enabledEvent], make) ?? make();
}

const PAGE: Making<WebhooksPage> = {};

/** What one provider answered. */
interface ProviderPart {
  readonly name: ProviderName;
  readonly part: ListPart<Webhook> | HookgraphError;
}

/** Joins the parts to a page, as far as there is room. */
function joinParts(
  parts: readonly ProviderPart[],
  {
    first,
    after,
    start,
    origin,
  }: {
    readonly first: number;
    readonly after: string | null;
    readonly start: Progress;
    readonly origin: CursorScope;
  },
): WebhooksPage {
  const writeCursor = cursorWriter(origin);
  const edges: (Edge<Webhook> | HookgraphError)[] = [];
  const unavailableProviders: ProviderName[] = [];
  let room = first;
  let hasNextPage = false;
  let reached = () => start;
  for (const { name, part } of parts) {
    if (part instanceof HookgraphError) {
      edges.push(part);
      unavailableProviders.push(name);
      continue;
    }
    const taken = part.items.slice(0, room);
    const before = reached;
    const progressBehind = (index: number): Progress => {
      const isLast = index === part.items.length - 1 && !part.hasMore;
      return { ...before(), [name]: isLast ? 'end' : part.positionBehind(index) };
    };
    const cursorAt = (index: number) => writeCursor(progressBehind(index));
    for (const [index, item] of taken.entries()) {
      edges.push(item instanceof HookgraphError ? item : new LazyEdge(item, index, cursorAt));
    }
    // A part without items was read too: to its end, or through pages that hold nothing and lead on.
    if (taken.length > 0 || part.items.length === 0) reached = lazily(() => progressBehind(taken.length - 1));
    hasNextPage ||= part.hasMore || taken.length < part.items.length;
    room = roomBehind(part, room);
  }
  const endCursor = () => (edges.length > 0 || hasNextPage ? writeCursor(reached()) : after);
  return {
    ...connectionPage({ edges, hasNextPage, hasPreviousPage: after !== null, endCursor }),
    unavailableProviders,
  };
}

/** None behind a part that goes on, though it be a short one: what comes next is its own rest, not another provider's. */
function roomBehind({ items, hasMore }: ListPart<Webhook>, room: number): number {
  return hasMore ? 0 : room - Math.min(room, items.length);
}

/** Without being named, a provider that is not configured is simply absent. */
function isAsked(provider: WebhookProvider, { providers }: WebhooksFilter, scope: CallScope): boolean {
  return providers ? providers.includes(provider.name) : provider.hasCredentials(scope);
}

const NOTHING_LEFT: ListPart<Webhook> = { items: [], positionBehind: () => LIST_START, hasMore: false, source: null };

async function readPart(options: {
  readonly provider: WebhookProvider;
  readonly filter: WebhooksFilter;
  readonly first: number;
  readonly from: PagePosition | 'end' | undefined;
  readonly scope: CallScope;
}): Promise<ListPart<Webhook>> {
  const { provider, filter, first, from = LIST_START, scope } = options;
  if (!provider.hasCredentials(scope)) throw new ProviderNotConfiguredError(provider.name);
  if (from === 'end') return NOTHING_LEFT;
  return readListPart({
    first,
    from,
    read: (request) => provider.listWebhooks(filter, request, scope),
    readPath: ['filter'],
    identify: idOf,
    cursorPath: CURSOR_PATH,
  });
}

/** A function of its own, since a page that is kept keeps it: as a closure it would keep the scope, and its secrets, as well. */
function idOf({ providerId }: Webhook): string {
  return providerId;
}

/** One provider's failure is an edge; anything else, such as a client that left or a bad cursor, ends the whole list. */
async function settled<T>(result: Promise<T>): Promise<T | HookgraphError> {
  return result.catch((error: unknown) => {
    if (error instanceof HookgraphError && !(error instanceof BadUserInputError)) return error;
    throw error;
  });
}

function decodeProgress(origin: CursorScope, cursor: string): Progress {
  const decoded = decodeCursor(origin, cursor, CURSOR_PATH);
  if (typeof decoded !== 'object' || decoded === null || Array.isArray(decoded)) throw damagedCursor(CURSOR_PATH);
  const progress: Partial<Record<ProviderName, PagePosition | 'end'>> = {};
  for (const [name, position] of Object.entries(decoded)) {
    if (!isProviderName(name) || !(position === 'end' || isPagePosition(position))) {
      throw damagedCursor(CURSOR_PATH);
    }
    progress[name] = position;
  }
  return progress;
}
