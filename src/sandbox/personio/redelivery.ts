import type { HttpAnswer, ReceivedRequest } from '../http-listener.ts';
import type { JsonObject } from '../json-body.ts';
import type { Random } from '../random.ts';
import { type DeliveryContext, deliverEvent } from './delivering.ts';
import { parseDateTime, RETENTION_MS } from './filters.ts';
import { problems } from './problems.ts';
import type { StoredWebhook, WebhookEvent } from './store.ts';
import { readJson } from './validation.ts';

const HOUR_MS = 3_600_000;
const MAX_EVENTS_PER_CALL = 100;
const MAX_EVENTS_PER_HOUR = 500;
const CONCURRENCY = 10;

interface RedeliveryOptions extends DeliveryContext {
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** POST /v2/webhooks/{id}/redelivery: accepts a window, then sends its events, oldest first. */
export function createRedelivery(options: RedeliveryOptions) {
  const { now, random, signal } = options;
  let accepted: readonly { readonly atMs: number; readonly eventCount: number }[] = [];

  /** A window with too many events is refused as a whole: which of them the real API would take is not documented. */
  return (webhook: StoredWebhook, request: ReceivedRequest): HttpAnswer => {
    const nowMs = now();
    const events = webhook.events
      .select({
        ...readWindow(readJson(request), nowMs),
        after: undefined,
        limit: Number.POSITIVE_INFINITY,
        isWanted: () => true,
      })
      .map(({ item }) => item)
      .toReversed();
    if (events.length > MAX_EVENTS_PER_CALL) {
      throw problems.badWindow(
        `The window holds ${events.length} events; at most ${MAX_EVENTS_PER_CALL} can be redelivered at once`,
      );
    }
    takeFromHourlyLimit(events.length, nowMs);
    const redeliveryId = random.uuid();
    void sendAll(webhook, events, redeliveryId);
    return {
      status: 202,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redelivery_id: redeliveryId }),
    };
  };

  function takeFromHourlyLimit(eventCount: number, nowMs: number): void {
    accepted = accepted.filter(({ atMs }) => nowMs - atMs < HOUR_MS);
    const used = accepted.reduce((sum, run) => sum + run.eventCount, 0);
    if (used + eventCount > MAX_EVENTS_PER_HOUR) {
      const oldestMs = accepted[0]?.atMs ?? nowMs;
      throw problems.tooManyRequests(Math.ceil((oldestMs + HOUR_MS - nowMs) / 1000));
    }
    if (eventCount > 0) accepted = [...accepted, { atMs: nowMs, eventCount }];
  }

  async function sendAll(webhook: StoredWebhook, events: readonly WebhookEvent[], redeliveryId: string): Promise<void> {
    const waiting = [...events];
    const sendNext = async (): Promise<void> => {
      for (let event = waiting.shift(); event !== undefined && !signal.aborted; event = waiting.shift()) {
        await deliverEvent(webhook, event, redeliveryId, options);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, sendNext));
  }
}

function readWindow(body: JsonObject, nowMs: number): { fromMs: number; toMs: number } {
  const gteMs = readBound(body, 'occurred_at.gte');
  const lteMs = readBound(body, 'occurred_at.lte');
  if (gteMs === undefined && lteMs === undefined) throw problems.missingWindow();
  const oldestMs = nowMs - RETENTION_MS;
  const { fromMs, toMs } = { fromMs: gteMs ?? oldestMs, toMs: lteMs ?? nowMs };
  if (Math.min(fromMs, toMs) < oldestMs) throw problems.badWindow('Events older than 30 days cannot be redelivered');
  if (fromMs > toMs) throw problems.badWindow('occurred_at.gte is after occurred_at.lte');
  return { fromMs, toMs };
}

function readBound(body: JsonObject, name: string): number | undefined {
  if (!Object.hasOwn(body, name)) return undefined;
  const value = body[name];
  const atMs = typeof value === 'string' ? parseDateTime(value) : undefined;
  if (atMs === undefined) throw problems.malformed(`Invalid value for field: ${name}. A date-time is expected`);
  return atMs;
}
