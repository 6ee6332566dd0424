import type { WebhookActivity } from '../../domain/activity.ts';
import type { Page, PageRequest } from '../../domain/page.ts';
import { scanGrowingList } from '../scan-growing-list.ts';
import { oldestFirst, type TailEntry, tailEntriesOf } from './tail-entry.ts';

/** What was read of a log, the oldest first. */
export interface GrowingLog {
  readonly entries: readonly TailEntry[];
  /** Whether there is more behind: the page budget ended the reading. */
  readonly isCut: boolean;
}

/** How often a log is read at most: one that grows by more than a page meanwhile is read anew. */
const MAX_SCANS = 3;

/** Reads a log to its end, each entry once although it grows meanwhile. */
export async function readGrowingLog(options: {
  readonly read: (page: PageRequest) => Promise<Page<WebhookActivity>>;
  readonly maxPages: number;
}): Promise<GrowingLog> {
  const { read, maxPages } = options;
  const readEntries = async (request: PageRequest) => entriesOf(await read(request));
  for (let scans = 1; ; scans += 1) {
    const { items, isCut, isOutrun } = await scanGrowingList({
      read: readEntries,
      maxPages,
      markOfItem: ({ mark }) => mark,
    });
    if (!isOutrun || scans === MAX_SCANS) return { entries: oldestFirst(items), isCut };
  }
}

/** The page with what can be read of it. */
function entriesOf(page: Page<WebhookActivity>): Page<TailEntry> {
  return {
    items: tailEntriesOf(page.items.filter((item): item is WebhookActivity => !(item instanceof Error))),
    nextCursor: page.nextCursor,
  };
}
