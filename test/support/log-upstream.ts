import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, vi } from 'vitest';
import { openStubGateway, type StubGateway } from './stub-gateway.ts';
import type { UpstreamReply, UpstreamRequest } from './stub-upstream.ts';
import { personioPage } from './upstream-rows.ts';

/** The gateway's time in every test that fixes the clock. */
export const NOW = '2026-11-21T12:00:00.000Z';

/** Lets the tests of a file run at `NOW`: windows are relative to it. Timers go on as they are. */
export function useFixedClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date(NOW), toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

/** An entry of /activity as Personio writes it. */
export interface ActivityRow {
  readonly completed_at: string;
  readonly event_name: string;
  readonly is_delivered: boolean;
  readonly attempts?: number;
  readonly status_code?: number | null;
  readonly redelivery_id?: string | null;
}

/** An entry of /events as Personio writes it. */
export interface EventRow {
  readonly occurred_at: string;
  readonly event_name: string;
  readonly company_id?: string;
  readonly payload?: unknown;
}

/** What no contract allows in a list, and where it stands. */
export interface BrokenRow {
  readonly broken: unknown;
  readonly at: string;
}

/** A webhook of the stub with its logs; entries may be added while the test runs. */
export interface LoggedWebhook {
  readonly id?: string;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly activity?: readonly (ActivityRow | BrokenRow)[];
  readonly events?: readonly (EventRow | BrokenRow)[];
}

type Cursors = 'entries' | 'offsets' | 'sealed offsets';

export const HOOK_ID = '533e7206-f4a3-11ed-9c8b-436fad0b82d1';

/**
 * Opens a gateway whose Personio has these webhooks; `before` may answer a request itself, or change the logs. A cursor is
 * behind an entry, or so many rows from the newest: then what is added between two pages comes between them. A sealed one
 * reads otherwise each time that it is made.
 */
export function openLogGateway(
  webhooks: readonly LoggedWebhook[],
  options: {
    readonly before?: (request: UpstreamRequest) => UpstreamReply | undefined;
    readonly trulayer?: Parameters<typeof openStubGateway>[0]['trulayer'];
    readonly environment?: Readonly<Record<string, string>>;
    readonly cursors?: Cursors;
  } = {},
): Promise<StubGateway> {
  const { before, trulayer, environment, cursors = 'entries' } = options;
  return openStubGateway({
    personio: (request) => before?.(request) ?? answer(webhooks, request, cursors),
    ...(trulayer && { trulayer }),
    ...(environment && { environment }),
  });
}

/** The requests for a webhook's log or events, without their path: `limit=200&cursor=…`, decoded. */
export function logCalls({ personio }: StubGateway, list: 'activity' | 'events'): readonly string[] {
  return personio.requests.flatMap(({ url }) => {
    const { pathname, search } = new URL(url, 'http://upstream');
    return pathname.endsWith(`/${list}`) ? [decodeURIComponent(search.slice(1))] : [];
  });
}

function answer(webhooks: readonly LoggedWebhook[], { url }: UpstreamRequest, cursors: Cursors): UpstreamReply {
  const { pathname, searchParams: query } = new URL(url, 'http://upstream');
  if (pathname === '/v2/webhooks') return personioPage(webhooks.map(rowOf));
  const [, , , id, list] = pathname.split('/');
  const webhook = webhooks.find((each) => idOf(each) === id);
  if (!webhook) return { status: 404, body: { errors: [{ title: 'Not found' }] } };
  if (list === 'activity') return pageOf(webhook.activity ?? [], 'completed_at', query, cursors);
  if (list === 'events') return pageOf(webhook.events ?? [], 'occurred_at', query, cursors);
  return { body: rowOf(webhook) };
}

const idOf = ({ id = HOOK_ID }: LoggedWebhook) => id;

function rowOf(webhook: LoggedWebhook): unknown {
  return {
    id: idOf(webhook),
    url: `https://example.com/${idOf(webhook)}`,
    description: 'Sample webhook',
    status: 'ENABLED',
    ...webhook.row,
  };
}

function pageOf(
  rows: readonly (ActivityRow | EventRow | BrokenRow)[],
  timeName: 'completed_at' | 'occurred_at',
  query: URLSearchParams,
  cursors: Cursors,
): UpstreamReply {
  const fromMs = Date.parse(query.get(`${timeName}.gte`) ?? '2000-01-01T00:00:00Z');
  const toMs = Date.parse(query.get(`${timeName}.lte`) ?? '3000-01-01T00:00:00Z');
  const matching = rows
    .map((row, sequence) => ({ row, sequence, atMs: Date.parse(timeOf(row)) }))
    .filter(({ row, atMs }) => atMs >= fromMs && atMs <= toMs && ('broken' in row || matches(row, query)))
    .sort((a, b) => b.atMs - a.atMs || b.sequence - a.sequence);
  const limit = Number(query.get('limit') ?? 100);
  const [afterMs, afterSequence] = (query.get('cursor') ?? '').split('_').slice(1).map(Number);
  if (cursors !== 'entries') {
    const end = (afterMs ?? 0) + limit;
    const rows = matching.slice(end - limit, end).map(({ row }) => ('broken' in row ? row.broken : row));
    const seal = cursors === 'offsets' ? '' : `_${randomUUID()}`;
    return personioPage(rows, end < matching.length ? `cur_${end}${seal}` : undefined);
  }
  const rest =
    afterMs === undefined || afterSequence === undefined
      ? matching
      : matching.filter(({ atMs, sequence }) => atMs < afterMs || (atMs === afterMs && sequence < afterSequence));
  const page = rest.slice(0, limit);
  const last = page.length < rest.length ? page.at(-1) : undefined;
  return personioPage(
    page.map(({ row }) => ('broken' in row ? row.broken : row)),
    last && `cur_${last.atMs}_${last.sequence}`,
  );
}

function timeOf(row: ActivityRow | EventRow | BrokenRow): string {
  if ('broken' in row) return row.at;
  return 'completed_at' in row ? row.completed_at : row.occurred_at;
}

function matches(row: ActivityRow | EventRow, query: URLSearchParams): boolean {
  const eventName = query.get('event_name');
  const redeliveryId = query.get('redelivery_id');
  if (eventName !== null && row.event_name !== eventName) return false;
  return redeliveryId === null || ('completed_at' in row && row.redelivery_id === redeliveryId);
}

/** An entry of /activity, by default delivered at once. `time` is of 2026-11-21 unless it has a date. */
export function delivery(time: string, rest: Partial<ActivityRow> = {}): ActivityRow {
  const isDelivered = rest.is_delivered ?? true;
  return {
    completed_at: fullTime(time),
    event_name: 'person.updated',
    is_delivered: isDelivered,
    attempts: 1,
    status_code: isDelivered ? 200 : 503,
    redelivery_id: null,
    ...rest,
  };
}

/** A failed entry of /activity. */
export function failure(time: string, rest: Partial<ActivityRow> = {}): ActivityRow {
  return delivery(time, { is_delivered: false, ...rest });
}

/** An entry of /events. */
export function event(time: string, rest: Partial<EventRow> = {}): EventRow {
  return {
    occurred_at: fullTime(time),
    event_name: 'person.updated',
    company_id: '123',
    payload: { person: { id: '1' } },
    ...rest,
  };
}

/** A large log of the seven days before `NOW`: always the same one, with many entries at the same moment. */
export function largeActivity(count: number): readonly ActivityRow[] {
  const next = createNumbers(7);
  const spanMs = 7 * 86_400_000;
  return Array.from({ length: count }, () => {
    const sharesMoment = next() < 0.3;
    const atMs =
      Math.floor((Date.parse(NOW) - next() * spanMs) / (sharesMoment ? 3_600_000 : 1)) * (sharesMoment ? 3_600_000 : 1);
    const statusCode = pick([200, 200, 200, 204, 404, 500, 503, null], next());
    return delivery(new Date(atMs).toISOString(), {
      event_name: pick(['person.created', 'person.updated', 'employment.updated'], next()),
      is_delivered: statusCode !== null && statusCode < 300,
      status_code: statusCode,
      attempts: pick([1, 1, 1, 3], next()),
    });
  });
}

/** A stream of numbers from 0 to 1, the same each time (mulberry32). */
export function createNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pick<T>(values: readonly [T, ...T[]], number: number): T {
  return values[Math.floor(number * values.length)] ?? values[0];
}

function fullTime(time: string): string {
  return /^\d{4}-/.test(time) ? time : `2026-11-21T${time}`;
}
