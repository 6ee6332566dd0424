import { isoOfMs, parseInstant } from '../../domain/instant.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { OVERLAP_MS } from './tail-position.ts';

/** The part of the client's range that lies between two times; null where nothing does. */
export function within({ gte, lte }: TimeRange = {}, fromMs: number, toMs: number | null): TimeRange | null {
  const gteMs = msOf(gte) ?? Number.NEGATIVE_INFINITY;
  const lteMs = msOf(lte) ?? Number.POSITIVE_INFINITY;
  if (Math.max(gteMs, fromMs) > Math.min(lteMs, toMs ?? Number.POSITIVE_INFINITY)) return null;
  const end = lte !== undefined && lteMs <= (toMs ?? Number.POSITIVE_INFINITY) ? lte : toMs !== null && isoOfMs(toMs);
  return { gte: gte !== undefined && gteMs >= fromMs ? gte : isoOfMs(fromMs), ...(end && { lte: end }) };
}

/** Whether nothing that the range takes can appear in the log any more. */
export function hasPassed({ lte }: TimeRange = {}): boolean {
  const lteMs = msOf(lte);
  return lteMs !== undefined && Date.now() - OVERLAP_MS > lteMs;
}

function msOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseInstant(text)?.ms;
}
