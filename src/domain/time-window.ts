import type { InputPath } from './errors.ts';
import { type Instant, isoOfMs } from './instant.ts';
import { type RangeEnd, readTimeRange, type TimeRange } from './time-range.ts';

/** A time range with both ends filled in, both inclusive, cut to what the provider keeps. */
export interface TimeWindow {
  /** RFC 3339: the client's own text where it gave this end and it was not cut. */
  readonly from: string;
  readonly to: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const DAY_MS = 86_400_000;

/**
 * Fills in what a client left out of a time range: without a range the last 24 hours; with one end given the other is
 * now, or the oldest moment that the provider keeps (24 hours before `lte` where that is unknown). What is older than
 * the provider keeps is cut, and `from` says so; a range that lies wholly before it shrinks to that one moment.
 * A `gte` in the future without `lte` gives the window of that one moment: clocks differ, so it is no mistake; an `lte`
 * in the future stays. Throws what `readTimeRange` does; `path` is where the client wrote the range.
 */
export function resolveTimeWindow(
  range: TimeRange | undefined,
  options: { readonly nowMs: number; readonly retentionDays: number | null; readonly path: InputPath },
): TimeWindow {
  const { nowMs, retentionDays, path } = options;
  const keptFromMs = keptFromMsOf({ nowMs, retentionDays });
  const { gte, lte } = range === undefined ? {} : readTimeRange(range, path);
  const from = cut(gte ?? endAt(lte === undefined ? nowMs - DAY_MS : (keptFromMs ?? lte.ms - DAY_MS)), keptFromMs);
  const to = cut(lte ?? (gte !== undefined && gte.ms >= nowMs ? gte : endAt(nowMs)), keptFromMs);
  return { from: from.text, to: to.text, fromMs: from.ms, toMs: to.ms };
}

/** The oldest moment that a provider keeps; null where it does not publish one. */
export function keptFromMsOf(options: {
  readonly nowMs: number;
  readonly retentionDays: number | null;
}): number | null {
  return options.retentionDays === null ? null : options.nowMs - options.retentionDays * DAY_MS;
}

/** Whether a moment lies in a window. To the millisecond, for a provider may compare no finer than that. */
export function isInWindow({ ms }: Instant, { fromMs, toMs }: TimeWindow): boolean {
  return fromMs <= ms && ms <= toMs;
}

function endAt(ms: number): RangeEnd {
  return { ms, ns: 0, text: isoOfMs(ms) };
}

function cut(end: RangeEnd, keptFromMs: number | null): RangeEnd {
  return keptFromMs !== null && end.ms < keptFromMs ? endAt(keptFromMs) : end;
}
