import type { ActivityFilter, WebhookActivity } from '../domain/activity.ts';
import { BadUserInputError, type InputPath } from '../domain/errors.ts';
import type { EventFilter } from '../domain/event.ts';
import { isInstant, parseInstant } from '../domain/instant.ts';
import type { WebhookKey } from '../domain/webhook.ts';
import { type CursorScope, damagedCursor, decodeCursor, encodeCursor } from './cursor.ts';
import { lazily } from './lazily.ts';
import { isPagePosition, LIST_START, type PagePosition } from './page-position.ts';
import type { ListPart } from './read-list-part.ts';
import { activityMark } from './tail/tail-entry.ts';
import { isTailPosition } from './tail/tail-position.ts';
import type { TailItem } from './tail/tail-reader.ts';
import type { TailStart } from './tail/tail-start.ts';

/** What a cursor of a log belongs to: one log of one webhook with one filter. */
export function logCursorScope(
  log: 'activity' | 'events',
  { provider, providerId }: WebhookKey,
  filter: ActivityFilter & EventFilter,
): CursorScope {
  const { completedAt, occurredAt, eventName, isDelivered, redeliveryId } = filter;
  const range = completedAt ?? occurredAt;
  return [log, provider, providerId, range?.gte, range?.lte, eventName, isDelivered, redeliveryId];
}

/**
 * The cursor of a delivery that a tail has delivered: it leads the tail on, and is a position in the list of
 * `Webhook.activity` too.
 */
export function tailCursor(key: WebhookKey, filter: ActivityFilter, { entry, position, nth }: TailItem): string {
  // Near the top when it was delivered; the anchor finds it wherever it is by now.
  const inList: PagePosition = { ...LIST_START, offset: 1, anchor: entry.mark, nth };
  return encodeCursor(logCursorScope('activity', key, filter), { tail: position, ...inList });
}

/** The positions in a part of the log, each with what a tail that begins there has to know of its entry. */
export function tailable(part: ListPart<WebhookActivity>): (index: number) => PagePosition {
  const last = part.items.length - 1;
  const positions = lazily(() => tailablePositions(part, 0));
  return (index) => {
    // Where a page ends is asked for most often, and needs no look at the others.
    const [behindLast] = index === last ? tailablePositions(part, last) : [];
    return behindLast ?? positions()[index] ?? LIST_START;
  };
}

/** The positions behind all items from the one with index `from` on. */
function tailablePositions(
  { items, positionBehind }: ListPart<WebhookActivity>,
  from: number,
): readonly PagePosition[] {
  const copies = new Map<string, number>();
  const positions: PagePosition[] = [];
  for (let index = items.length - 1; index >= from; index -= 1) {
    const item = items[index];
    const behind = positionBehind(index);
    const at = !item || item instanceof Error ? undefined : parseInstant(item.completedAt);
    if (!item || item instanceof Error || at === undefined) {
      positions.push(behind);
      continue;
    }
    // The anchor is the same mark; a position on the next page has none.
    const mark = behind.anchor ?? activityMark(item);
    const nth = (copies.get(mark) ?? 0) + 1;
    copies.set(mark, nth);
    const entry: EntryMark = { at, copies: nth, ...(behind.anchor === null && { mark }) };
    const position: PagePosition & { readonly entry: EntryMark } = { entry, ...behind };
    positions.push(position);
  }
  return positions.reverse();
}

/** Where a tail begins that goes on behind a cursor. Throws `BadUserInputError`. */
export function tailStartOf(key: WebhookKey, filter: ActivityFilter, cursor: string, path: InputPath): TailStart {
  const decoded = decodeCursor(logCursorScope('activity', key, filter), cursor, path);
  if (!isPagePosition(decoded)) throw damagedCursor(path);
  if ('tail' in decoded) {
    if (!isTailPosition(decoded.tail)) throw damagedCursor(path);
    return { type: 'position', position: decoded.tail };
  }
  if ('entry' in decoded) {
    if (!isEntryMark(decoded.entry)) throw damagedCursor(path);
    const { at, copies, mark = decoded.anchor } = decoded.entry;
    if (mark === null) throw damagedCursor(path);
    return { type: 'entry', at, copies, mark };
  }
  throw new BadUserInputError('This cursor does not tell of a delivery; take that of another edge.', path);
}

/** What a position tells a tail of the entry before it; `mark` is left out where it is the anchor. */
interface EntryMark extends Pick<Extract<TailStart, { type: 'entry' }>, 'at' | 'copies'> {
  readonly mark?: string;
}

function isEntryMark(value: unknown): value is EntryMark {
  if (typeof value !== 'object' || value === null || !('at' in value) || !('copies' in value)) return false;
  const isMarked = !('mark' in value) || typeof value.mark === 'string';
  return isInstant(value.at) && Number.isSafeInteger(value.copies) && Number(value.copies) >= 1 && isMarked;
}
