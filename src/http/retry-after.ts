/**
 * Reads a Retry-After header (RFC 9110 §10.2.3), seconds or an HTTP date, as whole seconds from `nowMs` (epoch),
 * rounded up; a date that has passed is 0. Null where there is none or it makes no sense.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  // However many digits: who asks for centuries asks not to be called again now. JSON has no infinity.
  if (/^\d+$/.test(text)) return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
  // Every HTTP date begins with the name of a day; Date.parse alone would take "-5" for a date.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return null;
  // The oldest of the three formats leaves the zone unsaid: it is always GMT (RFC 9110 §5.6.7).
  const date = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - nowMs) / 1000));
}
