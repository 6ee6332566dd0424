import type { Random } from '../random.ts';
import { type DeliveryPattern, HOUR_MS } from './seeded-history.ts';

const MINUTE_MS = 60_000;

/** Pauses before each further attempt. The real ones grow over days; these stay inside what a demonstration looks at. */
const RETRY_PAUSES_MINUTES = [0, 1, 5, 15, 30, 60];

const answered = (occurredAtMs: number, random: Random, statusCode: number | null, attempts = 1) => ({
  completedAtMs: occurredAtMs + random.integer(120, 1900) + (attempts - 1) * 20_000,
  attempts,
  statusCode,
});

/** Delivered but for a rare hiccup that the next attempt mends; everything lately went well at once. */
export const healthy: DeliveryPattern = ({ occurredAtMs, age }, _nowMs, random) =>
  answered(occurredAtMs, random, 200, age > 20 && random.number() < 0.004 ? 2 : 1);

/** As many entries at the very same instant as there were events: a bulk import is completed in one go. */
export const healthyInBulk: DeliveryPattern = (event, nowMs, random) => {
  const isBulk = (nowMs - event.occurredAtMs) % (24 * HOUR_MS) === 0;
  return isBulk
    ? { completedAtMs: event.occurredAtMs + 750, attempts: 1, statusCode: 200 }
    : healthy(event, nowMs, random);
};

/** A receiver that was away between two points in the past: attempts go on until it is back or no more are made. */
export const outage =
  (fromHoursAgo: number, toHoursAgo: number, usual: DeliveryPattern = healthy): DeliveryPattern =>
  (event, nowMs, random) => {
    const startMs = nowMs - fromHoursAgo * HOUR_MS;
    const endMs = nowMs - toHoursAgo * HOUR_MS;
    if (event.occurredAtMs < startMs || event.occurredAtMs >= endMs) return usual(event, nowMs, random);

    const latencyMs = random.integer(120, 1900);
    const givesUpAfter = random.pick([2, 4, 6, 6]);
    let attemptAtMs = event.occurredAtMs;
    let attempts = 0;
    for (const pauseMinutes of RETRY_PAUSES_MINUTES.slice(0, givesUpAfter)) {
      attemptAtMs += pauseMinutes * MINUTE_MS;
      attempts += 1;
      if (attemptAtMs >= endMs) break;
    }
    return { completedAtMs: attemptAtMs + latencyMs, attempts, statusCode: attemptAtMs >= endMs ? 200 : 503 };
  };

/** Healthy once; the last `count` deliveries all got a 500, the older ones of them after more attempts. */
export const failingNow =
  (count: number): DeliveryPattern =>
  (event, nowMs, random) =>
    event.age < count
      ? answered(event.occurredAtMs, random, 500, Math.min(6, 1 + Math.floor(event.age / 8)))
      : healthy(event, nowMs, random);

/** Nine in ten arrive. */
export const degraded: DeliveryPattern = ({ occurredAtMs, age }, _nowMs, random) =>
  answered(occurredAtMs, random, age % 10 === 5 ? random.pick([500, 502, 429, 404]) : 200);

/** Now and then the receiver does not answer in time, and there is no status code at all. */
export const timingOut: DeliveryPattern = ({ occurredAtMs, age }, _nowMs, random) =>
  age % 25 === 7 ? answered(occurredAtMs, random, null, 3) : answered(occurredAtMs, random, 204);
