import { isDeepStrictEqual } from 'node:util';
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

/** How late an entry may stand in a list, or how far ahead of the provider's clock the gateway's may be. */
const MAX_LATE_MS = 60_000;

/**
 * Reads a list of what happened up to `toMs` as `scanPages` does; where that is still to come, or has just passed, as
 * `scanCounted`, for it may grow meanwhile.
 */
export function scanUntil<T>(toMs: number, options: Parameters<typeof scanPages<T>>[0]): Promise<Scan<T>> {
  const now = Date.now();
  return toMs > now - MAX_LATE_MS ? scanCounted({ ...options, hasPassed: toMs <= now }) : scanPages(options);
}

/** Reads a list whose entries are counted, although it grows at its beginning meanwhile. */
export async function scanCounted<T>(
  options: Parameters<typeof scanPages<T>>[0] & { readonly hasPassed?: boolean },
): Promise<Scan<T>> {
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
 * the same. A list of what `hasPassed` hardly grows: it is only looked into where its rows seem to have moved.
 */
export async function scanGrowingList<T>(options: {
  readonly read: (page: PageRequest) => Promise<Page<T>>;
  readonly maxPages: number;
  readonly markOfItem?: (item: T) => string;
  readonly hasPassed?: boolean;
}): Promise<GrowingScan<T>> {
  const { read, maxPages, markOfItem = markOfContent, hasPassed = false } = options;
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
  // One page repeats nothing, and most lists have no more: their entries need no marks, which are dear.
  const marked = pages.length > 1 && (!hasPassed || mayHaveMoved(pages)) ? pages.map(markedOf) : [];
  const [first] = marked;
  const asIs = { ...scan, isOutrun: false, isByEntry: false, asRead: scan };
  if (!first || !hasRepeats(marked)) return asIs;
  if (hasPassed && !looksMoved(marked)) return asIs;
  const now = await orFuse(read({ limit: MAX_PAGE, cursor: null }));
  if (now instanceof LimitExceededError) {
    return { ...asIs, items: joined(marked, Number.POSITIVE_INFINITY).items, isComplete: false, fuse: now };
  }
  const rowsMoved = movedBy(first, markedOf(now));
  const { items, isCertain } = joined(marked, rowsMoved ?? Number.POSITIVE_INFINITY);
  // A place among the rows is mostly called the same although other rows stand there now. Where it is not, it may yet be one.
  const isRenamed = rowsMoved !== 0 && now.nextCursor !== pages[0]?.nextCursor;
  return {
    ...asIs,
    items,
    isComplete: scan.isComplete && rowsMoved !== null && isCertain && !isRenamed,
    isOutrun: rowsMoved === null,
    isByEntry: isRenamed && !looksMoved(marked),
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

/** Whether a page begins with an entry of the one before it. */
function mayHaveMoved(pages: readonly Page<unknown>[]): boolean {
  return pages.some((page, index) => {
    const [first] = readableOf(page);
    const before = pages[index - 1];
    if (first === undefined || before === undefined) return false;
    return readableOf(before).some((item) => isDeepStrictEqual(item, first));
  });
}

/**
 * Whether entries come twice only where one page ends and the next begins: as far as one can tell, rows have moved. A page
 * that has nothing new is none that moved: there the list goes in circles.
 */
function looksMoved(pages: readonly (readonly MarkedItem<unknown>[])[]): boolean {
  const rows: MarkedItem<unknown>[] = [];
  for (const page of pages) {
    const [overlap = 0] = overlapsOf(rows, page, page.length - 1);
    rows.push(...page.slice(overlap));
  }
  return new Set(rows.map(({ mark }) => mark)).size === rows.length;
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
 * at most `maxRows`. Of entries that say the same it is not certain how many of them these are.
 */
function joined<T>(
  pages: readonly (readonly MarkedItem<T>[])[],
  maxRows: number,
): { readonly items: readonly T[]; readonly isCertain: boolean } {
  const rows: MarkedItem<T>[] = [];
  let rest = maxRows;
  let isCertain = true;
  for (const page of pages) {
    const [longest = 0, shorter] = overlapsOf(rows, page, rest);
    isCertain &&= shorter === undefined;
    rest -= longest;
    rows.push(...page.slice(longest));
  }
  return { items: rows.map(({ item }) => item), isCertain };
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
