import type { TailEntry } from './tail-entry.ts';

/**
 * What a reader has seen of the log, so far as it can see it again. An entry stays seen when a read does not show it: that
 * may have reached less far back than the next one, or come from a replica that lags behind.
 */
export interface SeenEntries {
  /** The entries that were not seen before, in their order; now they are. Of those that say the same, the last ones are new. */
  takeNew(entries: readonly TailEntry[]): readonly TailEntry[];
  /** Nothing that was completed before will be read again. */
  forgetBefore(ms: number): void;
}

/** Makes it; nothing was seen yet. */
export function createSeenEntries(): SeenEntries {
  // By their marks: entries that have the same one were completed at the same time.
  const seen = new Map<string, { readonly atMs: number; readonly count: number }>();

  return {
    takeNew(entries) {
      const counts = new Map<string, number>();
      return entries.filter(({ mark, at }) => {
        const nth = (counts.get(mark) ?? 0) + 1;
        counts.set(mark, nth);
        if (nth <= (seen.get(mark)?.count ?? 0)) return false;
        seen.set(mark, { atMs: at.ms, count: nth });
        return true;
      });
    },
    forgetBefore(ms) {
      for (const [mark, { atMs }] of seen) if (atMs < ms) seen.delete(mark);
    },
  };
}
