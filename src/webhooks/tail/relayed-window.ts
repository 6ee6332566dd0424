import type { WebhookActivity } from '../../domain/activity.ts';
import { tailEntriesOf } from './tail-entry.ts';
import type { TailWindow } from './tail-reader.ts';

/** A window as it travels: durations instead of times, since instances have no clock in common. */
interface Finding {
  readonly activities: readonly WebhookActivity[];
  /** From the start of the read before to that of this one. */
  readonly sincePreviousMs: number;
  /** From the start of the read until it was told. */
  readonly ageMs: number;
  /** Of the log's own clock. */
  readonly wholeFromMs: number | null;
}

/** Writes a window down for others. */
export function findingOf(window: TailWindow, now: number): string {
  const { entries, startedAt, previousStartedAt, wholeFromMs } = window;
  const finding: Finding = {
    activities: entries.map(({ activity }) => activity),
    sincePreviousMs: startedAt - previousStartedAt,
    ageMs: now - startedAt,
    wholeFromMs,
  };
  return JSON.stringify(finding);
}

/**
 * Reads of others, in the time of this instance. A turn that had not begun when this instance asked began after that: so
 * it is known, without a common clock, how recent a window is at least.
 */
export interface RelayedWindows {
  /** When this instance has asked, and the latest turn that had begun then. */
  note(seen: { readonly askedAt: number; readonly begun: number }): void;
  /** What was found in a turn, and came to be known here at `knownAt`; null where it cannot be read. */
  windowOf(found: { readonly number: number; readonly finding: string | null }, knownAt: number): TailWindow | null;
}

/**
 * A window may reach this much less far back than it should: findings that are skipped, and their way here, take their
 * time. What appears late is then told only if it is not quite a minute late.
 */
const TOLERANCE_MS = 10_000;

/** Makes it; nothing has been asked yet. */
export function createRelayedWindows(): RelayedWindows {
  let seen: readonly { readonly askedAt: number; readonly begun: number }[] = [];

  return {
    note(latest) {
      // Numbers that fall are those of another Redis.
      const before = seen.some(({ begun }) => begun > latest.begun) ? [] : seen;
      // Of one turn the latest asking tells most; a finding is of the turn that has begun, or of the one before.
      seen = [...before.filter(({ begun }) => begun < latest.begun), latest].slice(-3);
    },
    windowOf({ number, finding }, knownAt) {
      const askedBefore = seen.findLast(({ begun }) => begun < number);
      const read = finding === null ? null : readFinding(finding);
      if (!read) return null;
      return {
        entries: tailEntriesOf(read.activities),
        startedAt: askedBefore?.askedAt ?? Number.NEGATIVE_INFINITY,
        previousStartedAt: knownAt - read.ageMs - read.sincePreviousMs - TOLERANCE_MS,
        wholeFromMs: read.wholeFromMs,
      };
    },
  };
}

/** Only somebody with our credentials could have written it, but it may have been another version of us. */
function readFinding(text: string): Finding | null {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) return null;
  if (!('activities' in value) || !('sincePreviousMs' in value) || !('ageMs' in value)) return null;
  const { activities, sincePreviousMs, ageMs } = value;
  if (!Array.isArray(activities) || !activities.every(isActivity)) return null;
  if (!isDuration(sincePreviousMs) || !isDuration(ageMs)) return null;
  const wholeFromMs =
    'wholeFromMs' in value && Number.isSafeInteger(value.wholeFromMs) ? Number(value.wholeFromMs) : null;
  return { activities, sincePreviousMs, ageMs, wholeFromMs };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isActivity(value: unknown): value is WebhookActivity {
  return typeof value === 'object' && value !== null && 'completedAt' in value && typeof value.completedAt === 'string';
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}
