import { createHash } from 'node:crypto';
import type { HttpAnswer } from '../http-listener.ts';
import { problems } from './problems.ts';
import type { Position } from './timeline.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 200;

type ListName = 'webhooks' | 'activity' | 'events';

interface PageRequest {
  readonly limit: number;
  readonly after: Position | undefined;
}

/** `limit` and `cursor` of the query. */
export function readPaging(query: URLSearchParams, list: ListName): PageRequest {
  const cursor = query.get('cursor');
  return { limit: readLimit(query.get('limit')), after: cursor === null ? undefined : decodeCursor(cursor, list) };
}

/**
 * One page. `found` holds one entry more than the page where the list goes on.
 * As with the real API the next link is absolute, names the production host and repeats neither limit nor filters.
 */
export function answerPage<Entry extends Position>(
  list: ListName,
  path: string,
  limit: number,
  found: readonly Entry[],
  read: (entry: Entry) => unknown,
): HttpAnswer {
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  const links =
    last === undefined ? {} : { next: { href: `https://api.personio.de${path}?cursor=${encodeCursor(last, list)}` } };
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ _data: page.map(read), _meta: { links } }),
  };
}

function readLimit(text: string | null): number {
  if (text === null) return DEFAULT_LIMIT;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw problems.badFilter();
  return limit;
}

function encodeCursor({ atMs, sequence }: Position, list: ListName): string {
  const position = `${list}.${atMs}.${sequence}`;
  return `cur_${Buffer.from(`${position}.${checksum(position)}`).toString('base64url')}`;
}

function decodeCursor(cursor: string, list: ListName): Position {
  const text = Buffer.from(cursor.slice('cur_'.length), 'base64url').toString('utf8');
  const [, atMs = '', sequence = ''] = text.split('.');
  const position = { atMs: Number(atMs), sequence: Number(sequence) };
  // Also false for a cursor of another list, whose name is part of it.
  if (encodeCursor(position, list) !== cursor) throw problems.badFilter();
  return position;
}

const checksum = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
