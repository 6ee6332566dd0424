import { performance } from 'node:perf_hooks';
import type { WebhookActivity } from '../../domain/activity.ts';
import { LimitExceededError } from '../../domain/errors.ts';
import { compareInstants, type Instant } from '../../domain/instant.ts';
import { MAX_PAGE, type Page, type PageRequest } from '../../domain/page.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { readGrowingLog } from './read-growing-log.ts';
import { createSeenEntries } from './seen-entries.ts';
import { countMarks, type TailEntry } from './tail-entry.ts';
import { advance, nextSlotStart, OVERLAP_MS, resumeFromMs, startPosition, type TailPosition } from './tail-position.ts';
import { hasPassed, within } from './tail-range.ts';
import { newAt, positionOf, type TailStart } from './tail-start.ts';

/** An entry to deliver, and the position behind it. */
export interface TailItem {
  readonly entry: TailEntry;
  readonly position: TailPosition;
  /** Among those that say the same it is the `nth` of the log, the newest first. */
  readonly nth: number;
}

/** A part of the log, whole from one time on. */
export interface TailWindow {
  /** The oldest first. */
  readonly entries: readonly TailEntry[];
  /** When its read was started; of `performance.now()`, as all here. */
  readonly startedAt: number;
  /** When the read before was started, which decided from when on this one reads. */
  readonly previousStartedAt: number;
  /**
   * From when on it is whole, where that may be less far back than those times say: then it is of use only to a reader that
   * knows the log up to there. Null where the times say enough.
   */
  readonly wholeFromMs: number | null;
}

/** What one read has brought. */
export interface TailRead {
  /** What is new, the oldest first. */
  readonly items: readonly TailItem[];
  /** All that was read; null where there is more behind it, which the next read brings. */
  readonly window: TailWindow | null;
  /** Nothing can come any more: the filter's end has passed. */
  readonly isOver: boolean;
}

/** Reads one page of the log, with the client's filter but in this range. */
export type ReadTailPage = (completedAt: TimeRange, page: PageRequest) => Promise<Page<WebhookActivity>>;

/** Lends what reads pages, with a fuse and a deadline of its own each time. */
export type LendPages = <T>(use: (readPage: ReadTailPage) => Promise<T>) => Promise<T>;

/** Reads a log that grows, and tells at each read what is new. */
export interface TailReader {
  /** A read that fails changes nothing: the next one brings what this one would have brought. */
  read(lend: LendPages): Promise<TailRead>;
  /**
   * Takes what somebody else has read instead of reading; null where that was too early or too late to follow on from
   * the last read here. Reading may go on from there.
   */
  absorb(window: TailWindow): readonly TailItem[] | null;
  /** When the last read here ended, or when the one that was absorbed began: a window that began since is not too early. */
  readonly readUntil: number;
  /** Behind all that was read. */
  readonly position: TailPosition;
}

/**
 * For how long after a read of a part, or one that was cut, a window says by `wholeFromMs` how far back it reaches. Its
 * times alone would promise too much: whoever had skipped a window would lose what lies between.
 */
const SHORT_FOR_MS = 30_000;

/**
 * How many pages of a long past are read at a time: what was read is held until the client has taken it, and whoever takes
 * nothing would hold 3 MB of a whole read (400 entries: 0.2).
 */
const PAST_PAGES = 2;

/** A range as short as this is not parted for that: what is completed within it has to be followed anyway. */
const SHORT_RANGE_MS = 2 * OVERLAP_MS;

/**
 * Makes a reader. `start` decides what of its first read is new, never what it sees: others go on with what a reader has
 * read, so it looks at the last minute whatever a client says of where it stands, and takes nothing for known that only the
 * client has told.
 *
 * A read goes like this:
 * 1. `readRest` asks for the log from `fromMs` on, which lies `OVERLAP_MS` before the latest known moment, so that what
 *    appears late is seen. A rest that is longer than `maxPages`, or `PAST_PAGES` of a long past, is read in smaller ranges
 *    of time, one a read, the oldest first.
 * 2. `takeNew` tells what of that was not seen before, and moves the position behind it.
 * 3. `moveOn` moves the latest known moment, and with it where the next read begins.
 *
 * To absorb a window is the same without the first step.
 */
export function createTailReader(options: {
  readonly start: TailStart;
  /** The client's own range, which each read is kept in. */
  readonly range: TimeRange | undefined;
  readonly maxPages: number;
  /** Milliseconds that only ever go on. */
  readonly now?: () => number;
}): TailReader {
  const { start, range, maxPages, now = () => performance.now() } = options;
  const pastPages = Math.min(maxPages, PAST_PAGES);
  const began: Instant = { ms: Date.now(), ns: 0 };
  let position = positionOf(start);
  const seen = createSeenEntries();
  /** Whether a first read was taken; `start` has decided what of it was new. */
  let hasBegun = false;
  /** The latest moment up to which the log is known: that of the newest entry, and it goes on with the clock. */
  let watermarkMs = position.newest.ms;
  /** From when on the next read looks at the log. */
  let fromMs = Math.min(
    start.type === 'position' ? resumeFromMs(position) : position.fromMs,
    resumeFromMs(startPosition(began)),
  );
  /** The newest completion that was ever read; it may lie ahead, as the upstream's clock may. */
  let latestMs = Number.NEGATIVE_INFINITY;
  /** How long a range is read at a time; null while the whole rest of the log can be read at once. */
  let chunkMs: number | null = null;
  /** When the last read was started, here or by whom this follows. */
  let startedAt = now();
  /** The same, where that read reached the end of the log; null where it was of a part. */
  let wholeAt: number | null = null;
  let readUntil = startedAt;
  /** When a read last brought a part only, or less than was asked for; here, or by whom this follows. */
  let shortAt = Number.NEGATIVE_INFINITY;

  /**
   * The whole rest of the log, or as much of its beginning as can be read at once: then `toMs` says up to when. Throws
   * `LimitExceededError` where too much was completed at one moment.
   */
  async function readRest(
    lend: LendPages,
  ): Promise<{ readonly entries: readonly TailEntry[]; readonly toMs: number | null }> {
    for (;;) {
      const knownMs = Math.max(fromMs, watermarkMs);
      const endMs = chunkMs === null ? null : knownMs + chunkMs;
      const toMs = endMs === null || endMs >= Math.max(Date.now(), latestMs) ? null : endMs;
      const entries = await readRange(lend, toMs);
      if (entries) {
        if (toMs === null) chunkMs = null;
        else if (chunkMs !== null && entries.length * 4 < pastPages * MAX_PAGE) chunkMs *= 2;
        return { entries, toMs };
      }
      chunkMs = Math.floor(((toMs ?? Math.max(Date.now(), latestMs)) - knownMs) / 2);
      if (chunkMs < 1) {
        throw new LimitExceededError(
          `More than ${maxPages * MAX_PAGE} deliveries at one moment: no live tail can follow. Narrow the filter.`,
        );
      }
    }
  }

  /**
   * All entries from `fromMs` on, at most up to `toMs`; null where they are too many. Where what is too much lies before
   * what is known, less is looked at again: the overlap shrinks under load.
   */
  async function readRange(lend: LendPages, toMs: number | null): Promise<readonly TailEntry[] | null> {
    const completedAt = within(range, fromMs, toMs);
    if (completedAt === null) return [];
    // A reader that was up to date, such as one that reads for others, catches up with an outage in as few reads as it can.
    const isPast = wholeAt === null && (toMs ?? Math.max(Date.now(), latestMs)) - fromMs > SHORT_RANGE_MS;
    const pages = isPast ? pastPages : maxPages;
    const { entries, isCut } = await lend((readPage) =>
      readGrowingLog({ read: (page) => readPage(completedAt, page), maxPages: pages }),
    );
    latestMs = Math.max(latestMs, entries.at(-1)?.at.ms ?? latestMs);
    // A client may be ahead of the clock by its word alone; an upstream whose clock is, by what its log holds.
    if (!hasBegun) watermarkMs = Math.min(watermarkMs, Math.max(began.ms, latestMs));
    if (!isCut) return entries;
    const oldestMs = entries[0]?.at.ms ?? Number.POSITIVE_INFINITY;
    // A position counts by slots, so that the first read needs whole ones.
    const wholeFromMs = hasBegun ? oldestMs + 1 : nextSlotStart(oldestMs);
    if (wholeFromMs > watermarkMs || pages < maxPages) return null;
    fromMs = wholeFromMs;
    shortAt = now();
    return entries.filter(({ at }) => at.ms >= wholeFromMs);
  }

  /** What of the entries is new; from now on they are all seen. */
  function takeNew(entries: readonly TailEntry[]): readonly TailItem[] {
    const unseen = seen.takeNew(entries);
    const fresh = hasBegun ? unseen : beginWith(entries);
    hasBegun = true;
    return toItems(fresh);
  }

  /** What of the first read is new, as `start` has it. The position moves behind the others, which count as delivered. */
  function beginWith(entries: readonly TailEntry[]): readonly TailEntry[] {
    const fresh = newAt(start, entries);
    const isFresh = new Set(fresh);
    const isAhead = compareInstants(position.newest, began) > 0;
    position = startPosition(isAhead ? began : position.newest, fromMs);
    for (const entry of entries) if (!isFresh.has(entry)) position = advance(position, entry);
    return fresh;
  }

  function toItems(fresh: readonly TailEntry[]): readonly TailItem[] {
    const left = new Map(countMarks(fresh));
    return fresh.map((entry) => {
      position = advance(position, entry);
      const nth = left.get(entry.mark) ?? 1;
      left.set(entry.mark, nth - 1);
      return { entry, position, nth };
    });
  }

  /** `entries` were read up to `toMs`, null for the end of the log, by a read that was started at `at`. */
  function moveOn(entries: readonly TailEntry[], toMs: number | null, at: number): void {
    const newestMs = entries.at(-1)?.at.ms ?? Number.NEGATIVE_INFINITY;
    // Only what lies between two whole reads has passed for certain: nothing in it was overlooked.
    const passedMs = toMs === null && wholeAt !== null ? Math.floor(at - wholeAt) : 0;
    watermarkMs = Math.max(watermarkMs + passedMs, newestMs, toMs ?? Number.NEGATIVE_INFINITY);
    wholeAt = toMs === null ? at : null;
    fromMs = Math.max(fromMs, resumeFromMs(startPosition({ ms: watermarkMs, ns: 0 })));
    seen.forgetBefore(fromMs);
  }

  return {
    get readUntil() {
      return readUntil;
    },
    get position() {
      return position;
    },
    async read(lend) {
      const at = now();
      const { entries, toMs } = await readRest(lend);
      const items = takeNew(entries);
      if (toMs !== null) shortAt = at;
      // Before `moveOn`, which sets `fromMs` for the next read.
      const wholeFromMs = startedAt - shortAt < SHORT_FOR_MS ? fromMs : null;
      const window = toMs === null ? { entries, startedAt: at, previousStartedAt: startedAt, wholeFromMs } : null;
      startedAt = at;
      moveOn(entries, toMs, at);
      readUntil = now();
      return { items, window, isOver: window !== null && hasPassed(range) };
    },
    absorb(window) {
      const isTooEarly = wholeAt === null || window.startedAt < readUntil;
      const isTooLate = window.previousStartedAt > readUntil;
      if (isTooEarly || isTooLate) return null;
      if (window.wholeFromMs !== null) {
        if (window.wholeFromMs > watermarkMs) return null;
        // Whoever goes on from here looks no further back than who has read: that is more than can be read at once.
        fromMs = Math.max(fromMs, window.wholeFromMs);
        shortAt = window.startedAt;
      }
      const entries = window.entries.filter(({ at }) => at.ms >= fromMs);
      const items = takeNew(entries);
      startedAt = window.startedAt;
      moveOn(entries, null, startedAt);
      readUntil = startedAt;
      return items;
    },
  };
}
