import type { WebhookEvent } from './event.ts';
import { isoOfMs, parseInstant } from './instant.ts';
import { isInWindow, type TimeWindow } from './time-window.ts';

/** How many events of one name there are. */
export interface EventNameTotal {
  readonly eventName: string;
  readonly count: number;
}

/** A window of events to redeliver in one call; both ends are inclusive. */
export interface RedeliveryBatch {
  readonly from: string;
  readonly to: string;
  readonly eventCount: number;
}

/** What a redelivery of a window would send. */
export interface RedeliveryPlan {
  /** With the events that cannot be placed in a batch because they do not say when they occurred. */
  readonly eventCount: number;
  /** The most frequent first, then by name. */
  readonly byEventName: readonly EventNameTotal[];
  /**
   * Oldest first: together they cover the window's events, each event once, none with more events than the provider
   * redelivers in one call, save where more than that occurred in one millisecond.
   */
  readonly batches: readonly RedeliveryBatch[];
  /**
   * False where not all events were read, one does not say its name or when it occurred, or one batch is too large for
   * one call: more events occurred in one millisecond than fit, and no window can part them.
   */
  readonly isComplete: boolean;
}

/** The events of one millisecond. */
interface Moment {
  readonly ms: number;
  readonly eventCount: number;
}

/** Consecutive moments that fit one call. */
interface Group {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly eventCount: number;
}

/**
 * Plans the redelivery of a window's events. The batches meet without a gap; the outer ones reach to the window's ends
 * where all events were read, and only to the events read where not, for what lies beyond was not counted.
 */
export function planRedelivery(scan: {
  readonly window: TimeWindow;
  readonly events: readonly WebhookEvent[];
  readonly isComplete: boolean;
  /** Whether there is more behind the last of the events: a budget ended the scan. */
  readonly isCut: boolean;
  /** How many events the provider takes in one call; null: any number. */
  readonly maxEventsPerRedelivery: number | null;
}): RedeliveryPlan {
  const { window } = scan;
  const limit = scan.maxEventsPerRedelivery ?? Number.POSITIVE_INFINITY;
  const timed = scan.events.map((event) => ({ event, at: parseInstant(event.occurredAt ?? '') }));
  const counted = timed.filter(({ at }) => at === undefined || isInWindow(at, window));
  const cutMs = scan.isCut ? timed.at(-1)?.at?.ms : undefined;
  const groups = groupsOf(momentsOf(counted.flatMap(({ at }) => at?.ms ?? [])), { limit, cutMs });
  const isEachReadable = counted.every(({ event, at }) => at !== undefined && event.eventName !== null);
  return {
    eventCount: counted.length,
    byEventName: countByName(counted.flatMap(({ event }) => event.eventName ?? [])),
    batches: batchesOf(groups, {
      window,
      isWholeWindow: scan.isComplete,
      fractionDigits: fractionDigitsOf([window.from, window.to, ...counted.map(({ event }) => event.occurredAt ?? '')]),
    }),
    isComplete: scan.isComplete && isEachReadable && groups.every(({ eventCount }) => eventCount <= limit),
  };
}

// A moment is never parted, even where timestamps are finer than a millisecond: a provider that compares by the
// millisecond would send its events twice.
function momentsOf(times: readonly number[]): Moment[] {
  const counts = new Map<number, number>();
  for (const ms of times) counts.set(ms, (counts.get(ms) ?? 0) + 1);
  return [...counts].map(([ms, eventCount]) => ({ ms, eventCount })).sort((a, b) => a.ms - b.ms);
}

// The moment at which the scan was cut may hold more events than were read, so it shares no call with others: a batch
// that they fill would be too large.
function groupsOf(
  moments: readonly Moment[],
  { limit, cutMs }: { readonly limit: number; readonly cutMs: number | undefined },
): Group[] {
  const groups: Group[] = [];
  for (const { ms, eventCount } of moments) {
    const last = groups.at(-1);
    const isApart = ms === cutMs || last?.lastMs === cutMs;
    if (last !== undefined && !isApart && last.eventCount + eventCount <= limit) {
      groups[groups.length - 1] = { ...last, lastMs: ms, eventCount: last.eventCount + eventCount };
    } else {
      groups.push({ firstMs: ms, lastMs: ms, eventCount });
    }
  }
  return groups;
}

function batchesOf(
  groups: readonly Group[],
  options: { readonly window: TimeWindow; readonly isWholeWindow: boolean; readonly fractionDigits: number },
): RedeliveryBatch[] {
  const { window, isWholeWindow, fractionDigits } = options;
  // The last instant of a millisecond as finely as the provider writes it: an event at .1234 is neither lost between
  // .123 and .124 nor in both batches.
  const endOf = (ms: number) => isoOfMs(ms).replace('Z', `${'9'.repeat(fractionDigits - 3)}Z`);
  return groups.map(({ firstMs, lastMs, eventCount }, index) => {
    const next = groups[index + 1];
    const reachesFrom = firstMs === window.fromMs || (isWholeWindow && index === 0);
    const reachesTo = lastMs === window.toMs || (isWholeWindow && next === undefined);
    const lastOwnMs = next === undefined ? lastMs : next.firstMs - 1;
    return {
      from: reachesFrom ? window.from : isoOfMs(firstMs),
      to: reachesTo ? window.to : endOf(lastOwnMs),
      eventCount,
    };
  });
}

/** How finely the provider writes its timestamps: 3 (milliseconds) to 9. */
function fractionDigitsOf(timestamps: readonly string[]): number {
  return timestamps.reduce((most, text) => {
    const digits = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
    return Math.max(most, Math.min(digits, 9));
  }, 3);
}

function countByName(names: readonly string[]): EventNameTotal[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([eventName, count]) => ({ eventName, count }))
    .sort((a, b) => b.count - a.count || (a.eventName < b.eventName ? -1 : 1));
}
