import { compareInstants, type Instant } from '../../domain/instant.ts';
import type { TailEntry } from './tail-entry.ts';
import { startPosition, type TailPosition, undelivered } from './tail-position.ts';

/** Where a tail begins. */
export type TailStart =
  /** With what appears from now on. */
  | { readonly type: 'now'; readonly at: Instant }
  /** With what was completed at a time or later. */
  | { readonly type: 'since'; readonly at: Instant }
  /** Where another tail has stopped. */
  | { readonly type: 'position'; readonly position: TailPosition }
  /** Behind an entry of the log: the `copies`-th of those that say the same, the oldest first. */
  | { readonly type: 'entry'; readonly at: Instant; readonly mark: string; readonly copies: number };

/** The position that a tail begins at. */
export function positionOf(start: TailStart): TailPosition {
  switch (start.type) {
    case 'position':
      return start.position;
    case 'since':
      return startPosition(start.at, start.at.ms);
    default:
      return startPosition(start.at);
  }
}

/** What of the entries of its first read a tail delivers. */
export function newAt(start: TailStart, entries: readonly TailEntry[]): readonly TailEntry[] {
  switch (start.type) {
    case 'now':
      return [];
    case 'since':
      return entries.filter(({ at }) => compareInstants(at, start.at) >= 0);
    case 'position':
      return undelivered(start.position, entries);
    case 'entry':
      return entries.slice(countUpTo(start, entries));
  }
}

/** How many entries there are up to one, that one with them; where it is gone, those that are not newer than it was. */
function countUpTo({ at, mark, copies }: Extract<TailStart, { type: 'entry' }>, entries: readonly TailEntry[]): number {
  const counts = entries.flatMap((entry, index) => (entry.mark === mark ? [index + 1] : []));
  const count = counts[Math.min(copies, counts.length) - 1];
  return count ?? entries.filter((entry) => compareInstants(entry.at, at) <= 0).length;
}
