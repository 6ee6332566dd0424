import { problems } from './problems.ts';

const DAY_MS = 86_400_000;

/** How far activity and events reach back. */
export const RETENTION_MS = 30 * DAY_MS;

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

/** RFC 3339 only; undefined where the text is anything else. */
export function parseDateTime(text: string): number | undefined {
  const atMs = DATE_TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** `<name>.gte` and `<name>.lte`, both inclusive, cut to what is kept. */
export function readTimeRange(query: URLSearchParams, name: string, nowMs: number): { fromMs: number; toMs: number } {
  const gteMs = readDateTime(query, `${name}.gte`) ?? Number.NEGATIVE_INFINITY;
  const lteMs = readDateTime(query, `${name}.lte`) ?? Number.POSITIVE_INFINITY;
  return { fromMs: Math.max(gteMs, nowMs - RETENTION_MS), toMs: lteMs };
}

/** `true` and `false`, and nothing else. */
export function readIsDelivered(query: URLSearchParams): boolean | undefined {
  const text = query.get('is_delivered');
  if (text === null) return undefined;
  if (text !== 'true' && text !== 'false') throw problems.badIsDelivered();
  return text === 'true';
}

function readDateTime(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const atMs = parseDateTime(text);
  if (atMs === undefined) throw problems.badFilter();
  return atMs;
}
