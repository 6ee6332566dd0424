import type { UpstreamReply, UpstreamRequest } from './stub-upstream.ts';
import { personioPage } from './upstream-rows.ts';

/** An entry of Personio's delivery log. */
export interface LogRow {
  readonly completed_at: string;
  readonly event_name: string;
  readonly is_delivered: boolean;
  readonly attempts: number;
  readonly status_code: number;
  readonly redelivery_id: null;
}

/** A delivery log that honours its filters; entries may be added anywhere in time. */
export interface TailLog {
  /** Adds an entry where its time puts it, on top of those of the same moment. `number` is what tells it apart. */
  add(atMs: number, number?: number, row?: Partial<LogRow>): void;
  answer(request: UpstreamRequest): UpstreamReply;
}

/**
 * Makes a log that holds nothing. A cursor of it is behind an entry, or so many rows from the newest: then what is added
 * between two pages comes between them.
 */
export function createTailLog({ cursors = 'entries' }: { readonly cursors?: 'entries' | 'offsets' } = {}): TailLog {
  const entries: { readonly atMs: number; readonly sequence: number; readonly row: LogRow }[] = [];
  let sequence = 0;
  return {
    add: (atMs, number = 1, row = {}) => {
      sequence += 1;
      const whole: LogRow = {
        completed_at: new Date(atMs).toISOString(),
        event_name: 'person.updated',
        is_delivered: true,
        attempts: number,
        status_code: 200,
        redelivery_id: null,
        ...row,
      };
      const index = entries.findIndex((entry) => entry.atMs <= atMs);
      entries.splice(index < 0 ? entries.length : index, 0, { atMs, sequence, row: whole });
    },
    answer: ({ url }) => {
      const query = new URL(url, 'http://upstream').searchParams;
      const gteMs = Date.parse(query.get('completed_at.gte') ?? '1970-01-01T00:00:00Z');
      const lteMs = Date.parse(query.get('completed_at.lte') ?? '9999-01-01T00:00:00Z');
      const eventName = query.get('event_name');
      const isDelivered = query.get('is_delivered');
      const found = entries.filter(
        ({ atMs, row }) =>
          atMs >= gteMs &&
          atMs <= lteMs &&
          (eventName === null || row.event_name === eventName) &&
          (isDelivered === null || String(row.is_delivered) === isDelivered),
      );
      const place = Number(query.get('cursor')?.slice('cur_'.length) ?? -1);
      const last = cursors === 'offsets' ? place : found.findIndex(({ sequence }) => sequence === place);
      const start = last + 1;
      const end = start + Number(query.get('limit') ?? 100);
      const next = cursors === 'offsets' ? end - 1 : found[end - 1]?.sequence;
      return personioPage(
        found.slice(start, end).map(({ row }) => row),
        end < found.length ? `cur_${next}` : undefined,
      );
    },
  };
}
