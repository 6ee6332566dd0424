import type { HookgraphError } from './errors.ts';
import type { LastMade } from './last-made.ts';

/** An entry of an upstream list: what it says, or why it cannot be read (one bad row never costs the page). */
export type PageItem<T> = T | HookgraphError;

/** One page of an upstream list. */
export interface Page<T> {
  readonly items: readonly PageItem<T>[];
  /** What to ask with for the page behind this one; null on the last. */
  readonly nextCursor: string | null;
  /** More lies behind it, or may, but no cursor leads there. */
  readonly isBrokenOff?: boolean;
  /** What was made of the page, where the very same one may come again. */
  readonly lastMade?: LastMade;
}

/** The largest page, of an upstream list as of any connection. */
export const MAX_PAGE = 200;

/** Which page of an upstream list to read. */
export interface PageRequest {
  /** 1..`MAX_PAGE`. */
  readonly limit: number;
  /** From the page before; null for the first page. */
  readonly cursor: string | null;
}
