import type { UpstreamReply, UpstreamRequest } from './stub-upstream.ts';

/** A row of Personio's webhooks, as the contract guarantees it. */
export interface PersonioWebhookRow {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly status?: string;
  readonly enabled_events?: readonly string[];
}

/** `count` rows with the ids `hook-1`, `hook-2`, … */
export function personioWebhooks(count: number): readonly PersonioWebhookRow[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `hook-${index + 1}`,
    url: `https://example.com/${index + 1}`,
    description: `Webhook ${index + 1}`,
  }));
}

/** A page of Personio's, with a next link to its production host. */
export function personioPage(rows: readonly unknown[], nextCursor?: string): UpstreamReply {
  const next = nextCursor !== undefined && { next: { href: `https://api.personio.de/v2/any?cursor=${nextCursor}` } };
  return { body: { _data: rows, _meta: { links: { ...next } } } };
}

/** Pages a list of rows as Personio does: `limit`, and a cursor that names the place behind a row. */
export function pagedPersonio(rows: readonly unknown[]): (request: UpstreamRequest) => UpstreamReply {
  return ({ url }) => {
    const query = new URL(url, 'http://upstream').searchParams;
    const start = Number(query.get('cursor')?.slice('cur_'.length) ?? 0);
    const end = start + Number(query.get('limit') ?? 100);
    return personioPage(rows.slice(start, end), end < rows.length ? `cur_${end}` : undefined);
  };
}

/** `count` rows of TruLayer's one list, with the ids `…-000000000001` and so on. */
export function trulayerWebhooks(count: number): readonly Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => ({
    id: trulayerId(index + 1),
    tenant_id: '018f1234-0000-7abc-def0-123456789abc',
    url: `https://example.com/trulayer/${index + 1}`,
    events: ['failure.detected'],
    enabled: index % 2 === 0,
    created_at: '2026-04-27T10:00:00Z',
    updated_at: '2026-04-27T10:00:00Z',
  }));
}

export function trulayerId(number: number): string {
  return `018f1234-5678-7abc-def0-${String(number).padStart(12, '0')}`;
}

/** A delivery log that may grow, paged by keyset: a cursor names the last entry seen, so newer ones never move a page. */
export interface GrowingLog {
  /** Adds an entry on top; its completion time is that of the newest one plus `laterMs`, and `attempts` is its number. */
  add(laterMs: number): void;
  /** Every entry's `attempts`, newest first: what tells them apart. */
  numbers(): readonly number[];
  answer(request: UpstreamRequest): UpstreamReply;
}

/** Makes a log that holds nothing yet. */
export function createGrowingLog(): GrowingLog {
  const entries: { readonly number: number; readonly atMs: number }[] = [];
  return {
    add: (laterMs) => {
      const newest = entries[0] ?? { number: 0, atMs: Date.UTC(2026, 0, 1) };
      entries.unshift({ number: newest.number + 1, atMs: newest.atMs + laterMs });
    },
    numbers: () => entries.map(({ number }) => number),
    answer: ({ url }) => {
      const query = new URL(url, 'http://upstream').searchParams;
      const cursor = query.get('cursor');
      const rest =
        cursor === null ? entries : entries.filter(({ number }) => number < Number(cursor.slice('cur_'.length)));
      const page = rest.slice(0, Number(query.get('limit') ?? 100));
      const last = page.length < rest.length ? page.at(-1) : undefined;
      const rows = page.map(({ number, atMs }) => ({
        completed_at: new Date(atMs).toISOString(),
        event_name: 'person.updated',
        is_delivered: true,
        attempts: number,
        status_code: 200,
        redelivery_id: null,
      }));
      return personioPage(rows, last && `cur_${last.number}`);
    },
  };
}
