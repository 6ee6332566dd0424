import { BadUserInputError, type InputPath } from './errors.ts';
import { compareInstants, type Instant, parseInstant } from './instant.ts';

/** A time range, both ends inclusive, RFC 3339 exactly as the client wrote them. */
export interface TimeRange {
  readonly gte?: string;
  readonly lte?: string;
}

/** An end of a range: when, and how it is written. */
export interface RangeEnd extends Instant {
  readonly text: string;
}

/**
 * Reads the ends of a time range. Throws `BadUserInputError` where there is neither, one is no RFC 3339 timestamp, or `gte`
 * is after `lte`; `path` is where the client wrote the range.
 */
export function readTimeRange(range: TimeRange, path: InputPath): { readonly gte?: RangeEnd; readonly lte?: RangeEnd } {
  const gte = readEnd(range.gte, [...path, 'gte']);
  const lte = readEnd(range.lte, [...path, 'lte']);
  if (!gte && !lte) throw new BadUserInputError('Give gte, lte or both.', path);
  if (gte && lte && compareInstants(gte, lte) > 0) {
    throw new BadUserInputError('gte must not be after lte.', [...path, 'gte']);
  }
  return { ...(gte && { gte }), ...(lte && { lte }) };
}

function readEnd(text: string | undefined, path: InputPath): RangeEnd | undefined {
  if (text === undefined) return undefined;
  const instant = parseInstant(text);
  if (instant === undefined) throw new BadUserInputError('This is not an RFC 3339 timestamp.', path);
  return { ...instant, text };
}
