import type { ActivityFilter } from '../../domain/activity.ts';
import { BadUserInputError } from '../../domain/errors.ts';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import { keptFromMsOf } from '../../domain/time-window.ts';
import type { WebhookKey } from '../../domain/webhook.ts';
import { tailStartOf } from '../activity-cursor.ts';
import { keptPosition } from './tail-position.ts';
import type { TailStart } from './tail-start.ts';

/** What a client says of where its tail begins: at most one of both. */
export interface TailArguments {
  /** A cursor of the log. */
  readonly after?: string | null | undefined;
  /** RFC 3339. */
  readonly since?: string | null | undefined;
}

/** How far back the log reaches goes by another's clock; nothing is lost by asking for a little more. */
const CLOCK_TOLERANCE_MS = 3_600_000;

/** Where a tail begins, and from when on it tells of deliveries. Throws `BadUserInputError`. */
export function readTailArguments(
  { after, since }: TailArguments,
  options: {
    readonly key: WebhookKey;
    readonly filter: ActivityFilter;
    readonly nowMs: number;
    readonly retentionDays: number | null;
  },
): { readonly start: TailStart; readonly notBefore?: Instant } {
  const { key, filter, nowMs, retentionDays } = options;
  if (after != null && since != null) throw new BadUserInputError('Give after or since, not both.', ['since']);
  const oldestMs = (keptFromMsOf({ nowMs, retentionDays }) ?? 0) - CLOCK_TOLERANCE_MS;
  if (after != null) return { start: keptStart(tailStartOf(key, filter, after, ['after']), oldestMs) };
  if (since == null) return { start: { type: 'now', at: { ms: nowMs, ns: 0 } } };
  const at = parseInstant(since);
  if (at === undefined) throw new BadUserInputError('This is not an RFC 3339 timestamp.', ['since']);
  return { start: keptStart({ type: 'since', at }, oldestMs), notBefore: at };
}

/** The same beginning in a log that reaches back to `oldestMs` only: years without an entry need not be searched. */
function keptStart(start: TailStart, oldestMs: number): TailStart {
  if (start.type === 'position') return { ...start, position: keptPosition(start.position, oldestMs) };
  return start.at.ms < oldestMs ? { ...start, at: { ms: oldestMs, ns: 0 } } : start;
}
