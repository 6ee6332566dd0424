import type { WebhookActivity } from '../../domain/activity.ts';
import type { Page, PageRequest } from '../../domain/page.ts';
import { PAGE_LIMIT, scanPages } from '../scan-pages.ts';
import { oldestFirst, type TailEntry, tailEntriesOf } from './tail-entry.ts';

/** What was read of a log, the oldest first. */
export interface GrowingLog {
  readonly entries: readonly TailEntry[];
  /** Whether there is more behind: the page budget ended the reading. */
  readonly isCut: boolean;
}

/** A log that grows by more than a page while it is read is read anew, so often. */
const MAX_SCANS = 3;

/**
 * Reads a log to its end, each entry once although it grows meanwhile. A cursor may be a place among the rows: what arrives
 * between two pages pushes rows that were read already onto the next one. Entries have no id, and those that say the same
 * are several, so a row that comes back is looked into: the first page, read once more, tells by how much all have moved.
 */
export async function readGrowingLog(options: {
  readonly read: (page: PageRequest) => Promise<Page<WebhookActivity>>;
  readonly maxPages: number;
}): Promise<GrowingLog> {
  const { read, maxPages } = options;
  for (let scans = 1; ; scans += 1) {
    const pages: (readonly TailEntry[])[] = [];
    const { isCut } = await scanPages({
      read: async (request) => {
        const page = await read(request);
        pages.push(readableOf(page));
        return page;
      },
      maxPages,
    });
    const [first] = pages;
    if (!first || !hasRepeats(pages)) return { entries: oldestFirst(pages.flat()), isCut };
    const rowsMoved = movedBy(first, readableOf(await read({ limit: PAGE_LIMIT, cursor: null })));
    if (rowsMoved !== null || scans === MAX_SCANS) {
      return { entries: oldestFirst(joined(pages, rowsMoved ?? PAGE_LIMIT)), isCut };
    }
  }
}

function readableOf({ items }: Page<WebhookActivity>): readonly TailEntry[] {
  return tailEntriesOf(items.filter((item): item is WebhookActivity => !(item instanceof Error)));
}

/** Whether a page has what an earlier one has. */
function hasRepeats(pages: readonly (readonly TailEntry[])[]): boolean {
  const seen = new Set<string>();
  return pages.some((page) => {
    const isRepeat = page.some(({ mark }) => seen.has(mark));
    for (const { mark } of page) seen.add(mark);
    return isRepeat;
  });
}

/** By how many rows those of a page have moved down in what stands at its place now; null: none of them is left there. */
function movedBy(before: readonly TailEntry[], now: readonly TailEntry[]): number | null {
  for (let rows = 0; rows < now.length; rows += 1) {
    if (now.slice(rows).every(({ mark }, index) => mark === before[index]?.mark)) return rows;
  }
  return null;
}

/** All pages, without the rows at the beginning of one with which those before it end: at most `maxRows`. */
function joined(pages: readonly (readonly TailEntry[])[], maxRows: number): readonly TailEntry[] {
  const rows: TailEntry[] = [];
  for (const page of pages) rows.push(...page.slice(overlap(rows, page, maxRows)));
  return rows;
}

function overlap(before: readonly TailEntry[], page: readonly TailEntry[], maxRows: number): number {
  for (let rows = Math.min(maxRows, before.length, page.length); rows > 0; rows -= 1) {
    const end = before.slice(-rows);
    if (end.every(({ mark }, index) => mark === page[index]?.mark)) return rows;
  }
  return 0;
}
