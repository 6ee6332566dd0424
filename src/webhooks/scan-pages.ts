import { LimitExceededError } from '../domain/errors.ts';
import { MAX_PAGE, type Page, type PageRequest } from '../domain/page.ts';

/** What was read of an upstream list from its beginning. */
export interface Scan<T> {
  readonly items: readonly T[];
  /** False where the page budget or the fuse ended the scan, an entry could not be read, or the list breaks off. */
  readonly isComplete: boolean;
  /** Whether there is more behind: the page budget or the fuse ended the scan. */
  readonly isCut: boolean;
  readonly pagesRead: number;
  /** The operation's fuse, where that ended the scan. */
  readonly fuse: LimitExceededError | null;
}

/**
 * Reads a list page by page to its end, at most `maxPages`. An entry that cannot be read is left out; a page that cannot be
 * read fails the scan, except that the fuse only ends it. A cursor that comes back ends it too: it would go in circles.
 */
export async function scanPages<T>(options: {
  readonly read: (page: PageRequest) => Promise<Page<T>>;
  readonly maxPages: number;
}): Promise<Scan<T>> {
  const { read, maxPages } = options;
  const items: T[] = [];
  const followed = new Set<string>();
  let isEachReadable = true;
  let cursor: string | null = null;
  for (let pagesRead = 0; ; ) {
    if (pagesRead === maxPages) return { items, isComplete: false, isCut: true, pagesRead, fuse: null };
    const page: Page<T> | LimitExceededError = await orFuse(read({ limit: MAX_PAGE, cursor }));
    if (page instanceof LimitExceededError) return { items, isComplete: false, isCut: true, pagesRead, fuse: page };
    pagesRead += 1;
    for (const item of page.items) {
      if (item instanceof Error) isEachReadable = false;
      else items.push(item);
    }
    cursor = page.nextCursor;
    if (cursor === null) {
      return { items, isComplete: isEachReadable && page.isBrokenOff !== true, isCut: false, pagesRead, fuse: null };
    }
    if (followed.has(cursor)) return { items, isComplete: false, isCut: false, pagesRead, fuse: null };
    followed.add(cursor);
  }
}

/** Hands the operation's fuse on as a value; any other failure goes up. */
export async function orFuse<T>(result: Promise<T>): Promise<T | LimitExceededError> {
  return result.catch((error: unknown) => {
    if (error instanceof LimitExceededError) return error;
    throw error;
  });
}
