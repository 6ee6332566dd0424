import { LimitExceededError } from '../domain/errors.ts';
import type { Page, PageRequest } from '../domain/page.ts';
import { markOf } from './page-position.ts';
import { orFuse, PAGE_LIMIT, type Scan, scanPages } from './scan-pages.ts';

/** What was read of a list that may have grown meanwhile. */
export interface GrowingScan<T> extends Scan<T> {
  /** It grew by more than a page: what is in it twice is guessed, and it is not complete. */
  readonly isOutrun: boolean;
}

/**
 * Reads a list of what happened up to `toMs` as `scanPages` does; as `scanGrowingList` where that is still to come, for it
 * may grow meanwhile.
 */
export function scanUntil<T>(toMs: number, options: Parameters<typeof scanPages<T>>[0]): Promise<Scan<T>> {
  return toMs > Date.now() ? scanGrowingList(options) : scanPages(options);
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
 * tells by how much all have moved. `markOf` tells by what an entry is known again: the same for those that say the same.
 */
export async function scanGrowingList<T>(options: {
  readonly read: (page: PageRequest) => Promise<Page<T>>;
  readonly maxPages: number;
  readonly markOf?: (item: T) => string;
}): Promise<GrowingScan<T>> {
  const { read, maxPages, markOf = markOfAll } = options;
  const markedOf = (page: Page<T>) => readableOf(page).map((item) => ({ item, mark: markOf(item) }));
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
  if (!first || !hasRepeats(marked)) return { ...scan, isOutrun: false };
  const now = await orFuse(read({ limit: PAGE_LIMIT, cursor: null }));
  const isFused = now instanceof LimitExceededError;
  const rowsMoved = isFused ? null : movedBy(first, markedOf(now));
  return {
    ...scan,
    items: joined(marked, rowsMoved ?? PAGE_LIMIT),
    isComplete: scan.isComplete && rowsMoved !== null,
    isOutrun: rowsMoved === null && !isFused,
    ...(isFused && { fuse: now }),
  };
}

function readableOf<T>({ items }: Page<T>): readonly T[] {
  return items.filter((item): item is T => !(item instanceof Error));
}

function markOfAll(item: unknown): string {
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

/** The entries of all pages, without the rows at the beginning of one with which those before it end: at most `maxRows`. */
function joined<T>(pages: readonly (readonly MarkedItem<T>[])[], maxRows: number): readonly T[] {
  const rows: MarkedItem<T>[] = [];
  for (const page of pages) rows.push(...page.slice(overlap(rows, page, maxRows)));
  return rows.map(({ item }) => item);
}

function overlap(
  before: readonly MarkedItem<unknown>[],
  page: readonly MarkedItem<unknown>[],
  maxRows: number,
): number {
  for (let rows = Math.min(maxRows, before.length, page.length); rows > 0; rows -= 1) {
    const end = before.slice(-rows);
    if (end.every(({ mark }, index) => mark === page[index]?.mark)) return rows;
  }
  return 0;
}
