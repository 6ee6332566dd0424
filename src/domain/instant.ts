/** A moment, to the nanosecond: JavaScript's own dates end at the millisecond, providers' timestamps may not. */
export interface Instant {
  /** Since 1970-01-01T00:00:00Z, rounded down. */
  readonly ms: number;
  /** What lies beyond `ms`: 0..999,999. */
  readonly ns: number;
}

/** What providers write nearly always: a timestamp for certain, as one look tells. Any other takes the long way. */
const USUAL =
  /^(?!0000|9999)\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

// An hour of 24 is ISO 8601's only.
const RFC_3339 =
  /^(\d{4})-(0[1-9]|1[0-2])-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

const MINUTE_MS = 60_000;
const NS_PER_MS = 1_000_000;
const YEAR_0_MS = -62_167_219_200_000;
const YEAR_10_000_MS = 253_402_300_800_000;

/**
 * Whether a text is a timestamp: RFC 3339 §5.6, which the contracts mean by `format: date-time`, on a day that exists
 * (§5.7), and of a moment of the years 0 to 9999. A leap second is one (§5.7: the last second of a UTC day may be 60): whoever
 * refused it would lose the delivery that was made in it. Nearly always without a Date, since a page of a log has hundreds.
 */
export function isTimestamp(text: string): boolean {
  return USUAL.test(text) || parseInstant(text) !== undefined;
}

/**
 * Reads a timestamp; undefined where the text is none, by the rule of `isTimestamp`. Digits beyond the nanosecond are
 * dropped. A leap second counts as the second after it, as Unix time has it.
 */
export function parseInstant(text: string): Instant | undefined {
  if (isWholeMs(text) && USUAL.test(text)) return { ms: Date.parse(text), ns: 0 };
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(0, 7).map(Number);
  const [fraction = '', sign, ...offset] = match.slice(7);
  const [offsetHour = 0, offsetMinute = 0] = offset.map((digits) => Number(digits ?? 0));
  if (day < 1 || day > daysIn(year, month)) return undefined;

  const digits = fraction.padEnd(9, '0');
  const offsetMs = (offsetHour * 60 + offsetMinute) * MINUTE_MS * (sign === '-' ? -1 : 1);
  // setUTCFullYear because Date.UTC takes the years 0..99 for 1900..1999.
  const midnightMs = new Date(0).setUTCFullYear(year, month - 1, day);
  const wholeMs = midnightMs + (hour * 60 + minute) * MINUTE_MS + second * 1000 - offsetMs;
  if (second === 60 && wholeMs % (24 * 60 * MINUTE_MS) !== 0) return undefined;
  const ms = wholeMs + Number(digits.slice(0, 3));
  if (!isInstantMs(ms)) return undefined;
  return { ms, ns: Number(digits.slice(3, 9)) };
}

/** Whether what a usual timestamp says is whole milliseconds of UTC, which Date reads right. */
function isWholeMs(text: string): boolean {
  const { length } = text;
  return (
    (length === '2026-01-31T12:00:00Z'.length || length === '2026-01-31T12:00:00.000Z'.length) && text.endsWith('Z')
  );
}

/** Whether a decoded value is a moment that a timestamp can tell of. */
export function isInstant(value: unknown): value is Instant {
  if (typeof value !== 'object' || value === null || !('ms' in value) || !('ns' in value)) return false;
  return isInstantMs(value.ms) && isWhole(value.ns) && value.ns >= 0 && value.ns < NS_PER_MS;
}

/** Whether a decoded value is a millisecond of the years 0 to 9999: RFC 3339 has no others, and Date soon fails. */
export function isInstantMs(value: unknown): value is number {
  return isWhole(value) && value >= YEAR_0_MS && value < YEAR_10_000_MS;
}

/** Negative where `a` is before `b`, 0 where they are the same moment. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.ms - b.ms || a.ns - b.ns;
}

/** RFC 3339 in UTC with milliseconds. */
export function isoOfMs(ms: number): string {
  return new Date(ms).toISOString();
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
