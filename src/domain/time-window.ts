import { BadUserInputError, type InputPath } from './errors.ts';
import { compareInstants, type Instant, isoOfMs, parseInstant } from './instant.ts';
import type { TimeRange } from './time-range.ts';

/** A time range with both ends filled in, both inclusive, cut to what the provider keeps. */
export interface TimeWindow {
  /** RFC 3339: the client's own text where it gave this end and it was not cut. */
  readonly from: string;
  readonly to: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** An end of a window: when, and how to write it. */
interface End extends Instant {
  readonly text: string;
}

const DAY_MS = 86_400_000;

/**
 * Fills in what a client left out of a time range: without a range the last 24 hours; with one end given the other is
 * now, or the oldest moment that the provider keeps (24 hours before `lte` where that is unknown). What is older than
 * the provider keeps is cut, and `from` says so; a range that lies wholly before it shrinks to that one moment.
 * A `gte` in the future without `lte` gives the window of that one moment: clocks differ, so it is no mistake; an `lte`
 * in the future stays. A `gte` after `lte`, a range with neither end and a text that is no RFC 3339 timestamp are
 * BAD_USER_INPUT; `path` is where the client wrote the range.
 */
export function resolveTimeWindow(
  range: TimeRange | undefined,
  options: { readonly nowMs: number; readonly retentionDays: number | null; readonly path: InputPath },
): TimeWindow {
  const { nowMs, retentionDays, path } = options;
  const keptFromMs = keptFromMsOf({ nowMs, retentionDays });
  const { gte, lte } = range === undefined ? {} : endsOf(range, path);
  if (gte !== undefined && lte !== undefined && compareInstants(gte, lte) > 0) {
    throw new BadUserInputError('gte is after lte.', [...path, 'gte']);
  }
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

function endsOf({ gte, lte }: TimeRange, path: InputPath): { gte?: End; lte?: End } {
  if (gte === undefined && lte === undefined) {
    throw new BadUserInputError('A time range needs at least one of gte and lte.', path);
  }
  return {
    ...(gte !== undefined && { gte: parseEnd(gte, [...path, 'gte']) }),
    ...(lte !== undefined && { lte: parseEnd(lte, [...path, 'lte']) }),
  };
}

function parseEnd(text: string, path: InputPath): End {
  const instant = parseInstant(text);
  if (instant === undefined) throw new BadUserInputError('This is not an RFC 3339 timestamp.', path);
  return { ...instant, text };
}

function endAt(ms: number): End {
  return { ms, ns: 0, text: isoOfMs(ms) };
}

function cut(end: End, keptFromMs: number | null): End {
  return keptFromMs !== null && end.ms < keptFromMs ? endAt(keptFromMs) : end;
}
