import { createRandom, type Random } from '../random.ts';
import { createEvent } from './event.ts';
import { EVENT_CATALOGUE } from './event-catalogue.ts';
import { nestPayload } from './payload.ts';
import type { Activity, History, WebhookEvent } from './store.ts';

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
const RETENTION_DAYS = 30;

/** How one past delivery ended. */
interface PastDelivery {
  readonly completedAtMs: number;
  readonly attempts: number;
  readonly statusCode: number | null;
}

interface PastEvent {
  readonly occurredAtMs: number;
  /** 0 is the newest event. */
  readonly age: number;
}

/** How a receiver fared with one past event. */
export type DeliveryPattern = (event: PastEvent, nowMs: number, random: Random) => PastDelivery;

interface HistoryPlan {
  readonly eventNames: readonly [string, ...string[]];
  readonly eventsPerDay: number;
  /** undefined: events occur, and nothing is ever delivered. */
  readonly pattern: DeliveryPattern | undefined;
  /** Bulk imports: so many events in one instant, that many days ago. */
  readonly imports?: readonly { readonly daysAgo: number; readonly count: number }[];
  /** One past redelivery of what failed in the hours before it. */
  readonly redelivery?: { readonly id: string; readonly hoursAgo: number; readonly reachesBackHours: number };
  readonly nowMs: number;
  readonly seed: number;
}

/** Thirty days of events and of their deliveries, a function of the plan alone. */
export function createHistory(plan: HistoryPlan): History {
  const { pattern, nowMs, redelivery } = plan;
  const random = createRandom(plan.seed);
  const events = eventTimes(plan, random).map((occurredAtMs, age) => ({
    occurredAtMs,
    age,
    eventName: random.pick(plan.eventNames),
  }));
  const activity =
    pattern === undefined
      ? []
      : events.map((event) => toActivity(event.eventName, pattern(event, nowMs, random), null));

  return {
    events: events.map(({ occurredAtMs, eventName }) => ({
      atMs: occurredAtMs,
      item: createEvent(eventName, occurredAtMs, samplePayload(eventName, random)),
    })),
    activity: redelivery === undefined ? activity : [...activity, ...redeliver(activity, redelivery, nowMs)],
  };
}

/** Newest first. The density swings over 24 hours and is highest now, so that the last day always has traffic. */
function eventTimes({ eventsPerDay, imports = [], nowMs }: HistoryPlan, random: Random): readonly number[] {
  const regular = Array.from({ length: Math.floor(eventsPerDay * RETENTION_DAYS) }, (_, index) => {
    const evenHours = ((index + 0.2 + 0.7 * random.number()) * 24) / eventsPerDay;
    const hoursAgo = evenHours - 3 * Math.sin((2 * Math.PI * evenHours) / 24);
    return Math.round(nowMs - 4 * MINUTE_MS - hoursAgo * HOUR_MS);
  });
  const bulk = imports.flatMap(({ daysAgo, count }) =>
    Array.from({ length: count }, () => Math.round(nowMs - daysAgo * 24 * HOUR_MS)),
  );
  return [...regular, ...bulk].toSorted((a, b) => b - a);
}

function toActivity(eventName: string, delivery: PastDelivery, redeliveryId: string | null) {
  const { completedAtMs, attempts, statusCode } = delivery;
  const item: Activity = {
    completed_at: new Date(completedAtMs).toISOString(),
    event_name: eventName,
    is_delivered: statusCode !== null && statusCode >= 200 && statusCode < 300,
    attempts,
    status_code: statusCode,
    redelivery_id: redeliveryId,
  };
  return { atMs: completedAtMs, item };
}

function redeliver(
  activity: History['activity'],
  { id, hoursAgo, reachesBackHours }: NonNullable<HistoryPlan['redelivery']>,
  nowMs: number,
): History['activity'] {
  const startMs = nowMs - hoursAgo * HOUR_MS;
  return activity
    .filter(({ atMs, item }) => !item.is_delivered && atMs < startMs && atMs >= startMs - reachesBackHours * HOUR_MS)
    .map(({ item }, index) => {
      const completedAtMs = startMs + (index + 1) * 400;
      // The second one fails again, so that a run is not always all green.
      return toActivity(item.event_name, { completedAtMs, attempts: 1, statusCode: index === 1 ? 503 : 201 }, id);
    });
}

function samplePayload(eventName: string, random: Random): WebhookEvent['payload'] {
  const keys = EVENT_CATALOGUE.get(eventName) ?? ['id'];
  return nestPayload(Object.fromEntries(keys.map((key) => [key, String(random.integer(1000, 9999))])));
}
