import { LimitExceededError } from '../domain/errors.ts';
import { MAX_PAGE, type Page, type PageRequest } from '../domain/page.ts';
import { markOf } from './entry-mark.ts';
import { orFuse, type Scan, scanPages } from './scan-pages.ts';

/** What was read of a list that may have grown meanwhile, without what was read twice. */
export interface GrowingScan<T> extends Scan<T> {
  /** It grew by more than a page: what is in it twice is guessed, and it is not complete. */
  readonly isOutrun: boolean;
  /** Its cursors seem to name entries, which nothing pushes away, and not places: what looks read twice is there twice. */
  readonly isByEntry: boolean;
  readonly asRead: Scan<T>;
}

/**
 * Reads a list of what happened up to `toMs` as `scanPages` does; where that is still to come, as `scanCounted`, for it may
 * grow meanwhile.
 */
export function scanUntil<T>(toMs: number, options: Parameters<typeof scanPages<T>>[0]): Promise<Scan<T>> {
  return toMs > Date.now() ? scanCounted(options) : scanPages(options);
}

/** Reads a list whose entries are counted, although it grows at its beginning meanwhile. */
export async function scanCounted<T>(options: Parameters<typeof scanPages<T>>[0]): Promise<Scan<T>> {
  const { asRead, isByEntry, ...scan } = await scanGrowingList(options);
  return isByEntry ? asRead : scan;
}

/** An entry, and by what it is known again. */
interface MarkedItem<T> {
  readonly item: T;
  readonly mark: string;
}

/**
 * Reads a list as `scanPages` does, each entry once although the list grows at its beginning meanwhile. A cursor may be a
 * place among the rows: what arrives between two pages pushes rows that were read already onto the next one. Entries have
 * no id, and those that say the same are several, so a row that comes back is looked into: the first page, read once more,
 * tells by how much all have moved. `markOfItem` tells by what an entry is known again: the same for those that say
 * the same.
 */
export async function scanGrowingList<T>(options: {
  readonly read: (page: PageRequest) => Promise<Page<T>>;
  readonly maxPages: number;
  readonly markOfItem?: (item: T) => string;
}): Promise<GrowingScan<T>> {
  const { read, maxPages, markOfItem = markOfContent } = options;
  const markedOf = (page: Page<T>) => readableOf(page).map((item) => ({ item, mark: markOfItem(item) }));
  const pages: Page<T>[] = [];
  const scan = await scanPages({
    read: async (request) => {
      const page = await read(request);
      pages.push(page);
      return page;
    },
    maxPages,
  });
  // One page repeats nothing, and most lists have no more: their entries need no marks.
  const marked = pages.length > 1 ? pages.map(markedOf) : [];
  const [first] = marked;
  const asIs = { ...scan, isOutrun: false, isByEntry: false, asRead: scan };
  if (!first || !hasRepeats(marked)) return asIs;
  const now = await orFuse(read({ limit: MAX_PAGE, cursor: null }));
  if (now instanceof LimitExceededError) {
    return { ...asIs, items: joined(marked, Number.POSITIVE_INFINITY).items, isComplete: false, fuse: now };
  }
  const rowsMoved = movedBy(first, markedOf(now));
  const { items, isCertain, hasTwins } = joined(marked, rowsMoved ?? Number.POSITIVE_INFINITY);
  // A place among the rows is mostly called the same although other rows stand there now. Where it is not, it may yet be
  // one: if what comes twice does so only where one page ends and the next begins, rows have moved, as far as one can tell.
  const isRenamed = rowsMoved !== 0 && now.nextCursor !== pages[0]?.nextCursor;
  return {
    ...asIs,
    items,
    isComplete: scan.isComplete && rowsMoved !== null && isCertain && !isRenamed,
    isOutrun: rowsMoved === null,
    isByEntry: isRenamed && hasTwins,
  };
}

function readableOf<T>({ items }: Page<T>): readonly T[] {
  return items.filter((item): item is T => !(item instanceof Error));
}

function markOfContent(item: unknown): string {
  return markOf(JSON.stringify(item));
}

/** Whether a page has what an earlier one has. */
function hasRepeats(pages: readonly (readonly MarkedItem<unknown>[])[]): boolean {
  const seen = new Set<string>();
  return pages.some((page) => {
    const isRepeat = page.some(({ mark }) => seen.has(mark));
    for (const { mark } of page) seen.add(mark);
    return isRepeat;
  });
}

/** By how many rows those of a page have moved down in what stands at its place now; null: none of them is left there. */
function movedBy(before: readonly MarkedItem<unknown>[], now: readonly MarkedItem<unknown>[]): number | null {
  for (let rows = 0; rows < now.length; rows += 1) {
    if (now.slice(rows).every(({ mark }, index) => mark === before[index]?.mark)) return rows;
  }
  return null;
}

/**
 * The entries of all pages, without the rows at the beginning of one with which those before it end: of all pages together
 * at most `maxRows`. Of entries that say the same it is not certain how many of them these are; `hasTwins` where such are
 * left.
 */
function joined<T>(
  pages: readonly (readonly MarkedItem<T>[])[],
  maxRows: number,
): { readonly items: readonly T[]; readonly isCertain: boolean; readonly hasTwins: boolean } {
  const rows: MarkedItem<T>[] = [];
  let rest = maxRows;
  let isCertain = true;
  for (const page of pages) {
    const [longest = 0, shorter] = overlapsOf(rows, page, rest);
    isCertain &&= shorter === undefined;
    rest -= longest;
    rows.push(...page.slice(longest));
  }
  const hasTwins = new Set(rows.map(({ mark }) => mark)).size < rows.length;
  return { items: rows.map(({ item }) => item), isCertain, hasTwins };
}

/** How many rows the end of `before` and the beginning of `page` may have in common, the most first. */
function overlapsOf(
  before: readonly MarkedItem<unknown>[],
  page: readonly MarkedItem<unknown>[],
  maxRows: number,
): readonly number[] {
  const most = Math.min(maxRows, before.length, page.length);
  return Array.from({ length: most }, (_, index) => most - index).filter((rows) =>
    before.slice(-rows).every(({ mark }, index) => mark === page[index]?.mark),
  );
}
