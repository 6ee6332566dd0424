import { hash } from 'node:crypto';
import { BadUserInputError, type InputPath } from '../domain/errors.ts';
import type { Page, PageItem, PageRequest } from '../domain/page.ts';
import { movedUnder } from '../domain/violations.ts';
import { lazily } from './lazily.ts';

/**
 * A place between two entries of an upstream list. The page that begins at `cursor` holds `offset` entries before it; the
 * last of them looks like `anchor` and is the `nth` that looks so, which finds it again after newer entries
 * have pushed it down.
 */
export interface PagePosition {
  readonly cursor: string | null;
  readonly offset: number;
  readonly anchor: string | null;
  readonly nth: number;
}

/** A part of an upstream list. */
export interface ListPart<T> {
  readonly items: readonly PageItem<T>[];
  /**
   * The position right behind one of the items, by its index, and with -1 where a part without items goes on. Worked out when
   * it is asked for.
   */
  positionBehind(index: number): PagePosition;
  /** Whether there is more behind the last item. */
  readonly hasMore: boolean;
  /** The upstream page that all of it was read from; null where it took several. */
  readonly source: Page<T> | null;
}

/** Where every list begins. */
export const LIST_START: PagePosition = { cursor: null, offset: 0, anchor: null, nth: 0 };

const MAX_PAGE = 200;
/** How many pages are searched for an entry that newer ones have pushed down. */
const MAX_SEARCHED_PAGES = 10;

/**
 * Reads up to `first` entries behind a position. One upstream call in the ordinary case; more only where the page turns out
 * to hold nothing new. `identify` tells by which text an entry is known again. Throws `BadUserInputError` at
 * `cursorPath` where the position cannot be found again; a refusal of what `read` asks for has violations below `readPath`.
 */
export async function readListPart<T>(options: {
  readonly first: number;
  readonly from: PagePosition;
  readonly read: (page: PageRequest) => Promise<Page<T>>;
  readonly readPath: InputPath;
  readonly identify: (item: T) => string;
  readonly cursorPath: InputPath;
}): Promise<ListPart<T>> {
  const { first, from, read, readPath, identify, cursorPath } = options;
  const startBehindAnchor = createAnchorSearch(from);
  let { cursor } = from;
  let limit = Math.min(MAX_PAGE, from.offset + first);
  let firstPage: MarkedPage<T> | undefined;
  let start: number | undefined;
  for (let pages = 1; ; pages += 1) {
    let page: Page<T>;
    try {
      page = await read({ limit, cursor });
    } catch (error) {
      throw movedUnder(readPath, error);
    }
    const current = { page, cursor, marks: lazily(() => marksOf(page, identify)) };
    firstPage ??= current;
    start = start === undefined ? startBehindAnchor(current.marks) : 0;
    const isFound = start !== undefined && start < page.items.length;
    // The whole list was read without meeting the entry: it was removed, and what came behind it has moved up to its place.
    if (start === undefined && page.nextCursor === null) {
      return partOf(firstPage, Math.max(0, from.offset - 1), first, pages === 1);
    }
    if (start !== undefined && (isFound || page.nextCursor === null || pages >= MAX_SEARCHED_PAGES)) {
      return partOf(current, start, first, pages === 1);
    }
    if (pages >= MAX_SEARCHED_PAGES) {
      throw new BadUserInputError('The entry behind this cursor cannot be found again; start without it.', cursorPath);
    }
    limit = start === undefined ? MAX_PAGE : first;
    cursor = page.nextCursor;
  }
}

function marksOf<T>(page: Page<T>, identify: (item: T) => string): readonly string[] {
  return page.items.map((item) => (item instanceof Error ? '' : markOf(identify(item))));
}

interface MarkedPage<T> {
  readonly page: Page<T>;
  /** What the page was asked with. */
  readonly cursor: string | null;
  /** The mark of each entry (`markOf`); empty for one that cannot be read. */
  readonly marks: () => readonly string[];
}

/** Looks page by page for the position behind the anchor: its index, or undefined where the page does not hold it. */
function createAnchorSearch({
  offset,
  anchor,
  nth,
}: PagePosition): (marks: MarkedPage<unknown>['marks']) => number | undefined {
  let seen = 0;
  return (marks) => {
    if (anchor === null) return offset;
    for (const [index, mark] of marks().entries()) {
      if (mark !== anchor) continue;
      seen += 1;
      if (seen === nth) return index + 1;
    }
    return undefined;
  };
}

function partOf<T>(marked: MarkedPage<T>, start: number, first: number, isWhole: boolean): ListPart<T> {
  const { page } = marked;
  const { items, nextCursor } = page;
  const end = Math.min(start + first, items.length);
  const positions = lazily(() => positionsIn(marked));
  return {
    items: start === 0 && end === items.length ? items : items.slice(start, end),
    positionBehind: (index) => {
      const isLast = start + index >= items.length - 1;
      if (isLast && nextCursor !== null) return { ...LIST_START, cursor: nextCursor };
      return positions()[start + index] ?? LIST_START;
    },
    hasMore: end < items.length || nextCursor !== null,
    source: isWhole ? page : null,
  };
}

function positionsIn({ page, cursor, marks }: MarkedPage<unknown>): readonly PagePosition[] {
  const seen = new Map<string, number>();
  return page.items.map((_item, index) => {
    const anchor = marks()[index] || null;
    const nth = anchor === null ? 0 : (seen.get(anchor) ?? 0) + 1;
    if (anchor !== null) seen.set(anchor, nth);
    return { cursor, offset: index + 1, anchor, nth };
  });
}

/** A short text by which an entry that says `text` is known again. */
export function markOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 12);
}

/** Whether a decoded value is a position. Anybody can make a cursor's checksum: no member is taken for what it should be. */
export function isPagePosition(value: unknown): value is PagePosition {
  return (
    typeof value === 'object' &&
    value !== null &&
    'cursor' in value &&
    (value.cursor === null || typeof value.cursor === 'string') &&
    'offset' in value &&
    Number.isSafeInteger(value.offset) &&
    Number(value.offset) >= 0 &&
    'anchor' in value &&
    (value.anchor === null || typeof value.anchor === 'string') &&
    'nth' in value &&
    Number.isSafeInteger(value.nth) &&
    Number(value.nth) >= 0
  );
}
