import { BadUserInputError, type InputPath } from '../domain/errors.ts';
import { MAX_PAGE, type Page, type PageItem, type PageRequest } from '../domain/page.ts';
import { movedUnder } from '../domain/violations.ts';
import { markOf } from './entry-mark.ts';
import { lazily } from './lazily.ts';
import { LIST_START, type PagePosition } from './page-position.ts';

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

/** How many pages are searched for an entry that newer ones have pushed down. */
const MAX_SEARCHED_PAGES = 10;

/** What is read of a list, and how. */
interface PartRequest<T> {
  readonly first: number;
  readonly from: PagePosition;
  readonly read: (page: PageRequest) => Promise<Page<T>>;
  /** Where the client wrote what `read` asks for. */
  readonly readPath: InputPath;
  /** By which text an entry is known again. A page that is kept keeps it. */
  readonly identify: (item: T) => string;
  /** Where the client wrote the cursor. */
  readonly cursorPath: InputPath;
}

/**
 * Reads up to `first` entries behind a position. One upstream call in the ordinary case; more only where the page turns out
 * to hold nothing new. Rejects with `BadUserInputError` at `cursorPath` where the position cannot be found again; a refusal
 * of what `read` asks for has violations below `readPath`.
 */
export function readListPart<T>(request: PartRequest<T>): Promise<ListPart<T>> {
  const { first, from } = request;
  return new PartSearch(request).readOn(from.cursor, Math.min(MAX_PAGE, from.offset + first));
}

/**
 * Looks page by page for where a part begins. A class, since it owns how far it has come; the frame of an async loop is held
 * as long as the upstream is waited for, and takes three times as much.
 */
class PartSearch<T> {
  readonly #request: PartRequest<T>;
  #firstPage: MarkedPage<T> | undefined;
  #pages = 0;
  /** How many entries were met that have the anchor's mark. */
  #seen = 0;
  #isFound = false;

  constructor(request: PartRequest<T>) {
    this.#request = request;
  }

  /** Reads the page that begins at `cursor`, and as many behind it as it takes. */
  readOn(cursor: string | null, limit: number): Promise<ListPart<T>> {
    const { read, readPath } = this.#request;
    return read({ limit, cursor }).then(
      (page) => this.#partIn(page, cursor),
      (error: unknown) => {
        throw movedUnder(readPath, error);
      },
    );
  }

  #partIn(page: Page<T>, cursor: string | null): ListPart<T> | Promise<ListPart<T>> {
    const { first, from, identify, cursorPath } = this.#request;
    const current = { page, cursor, marks: lazily(() => marksOf(page, identify)) };
    this.#firstPage ??= current;
    this.#pages += 1;
    const isWhole = this.#pages === 1;
    const isLast = page.nextCursor === null;
    const isEnough = this.#pages >= MAX_SEARCHED_PAGES;

    const start = this.#isFound ? 0 : this.#startIn(current.marks);
    if (start === undefined) {
      // The whole list was read without meeting the entry: it was removed, and what came behind it has moved up to its place.
      if (isLast) return partOf(this.#firstPage, Math.max(0, from.offset - 1), first, isWhole);
      if (!isEnough) return this.readOn(page.nextCursor, MAX_PAGE);
      throw new BadUserInputError('The entry behind this cursor cannot be found again; start without it.', cursorPath);
    }
    this.#isFound = true;
    if (start < page.items.length || isLast || isEnough) return partOf(current, start, first, isWhole);
    return this.readOn(page.nextCursor, first);
  }

  /** Where the part begins: behind the anchor; undefined where the page does not hold it. */
  #startIn(marks: MarkedPage<T>['marks']): number | undefined {
    const { offset, anchor, nth } = this.#request.from;
    if (anchor === null) return offset;
    for (const [index, mark] of marks().entries()) {
      if (mark !== anchor) continue;
      this.#seen += 1;
      if (this.#seen === nth) return index + 1;
    }
    return undefined;
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
