import type { Logger } from './logger.ts';

/**
 * How a member leaves the contract: `missing` (guaranteed, yet absent), `unfit` (of another type or form, or no word of
 * its list), `unknown` (a member, or an event, that the contract does not name).
 */
export type DriftKind = 'missing' | 'unfit' | 'unknown';

/** What one answer holds that its contract does not say. Names only, never values. */
export interface Drift {
  readonly provider: string;
  /** The contract's operationId. */
  readonly operation: string;
  readonly members: ReadonlyMap<string, DriftKind>;
  /** In how many rows, the answer itself being one. */
  readonly rows: number;
}

/** Takes note of an answer that has left its contract. */
export type ReportDrift = (drift: Drift) => void;

/** Counts an answer once for each kind. */
export type CountDrift = (labels: {
  readonly provider: string;
  readonly operation: string;
  readonly kind: DriftKind;
}) => void;

const MAX_LINES = 10;
const WINDOW_MS = 60_000;

/**
 * Counts every drift, and logs one line an answer: of one operation at most ten in a minute, so that an upstream's new
 * release does not flood the log. The next line says how many were left out.
 */
export function createDriftReporter({
  logger,
  count,
  // Not the clock of the machine: set back, it would keep the log silent for as long.
  now = () => performance.now(),
}: {
  readonly logger: Pick<Logger, 'warn'>;
  readonly count?: CountDrift | undefined;
  readonly now?: () => number;
}): ReportDrift {
  const windows = new Map<string, { readonly since: number; lines: number; left: number }>();

  return ({ provider, operation, members, rows }) => {
    if (count) for (const kind of new Set(members.values())) count({ provider, operation, kind });
    const key = `${provider} ${operation}`;
    let current = windows.get(key);
    let leftOut = 0;
    if (!current || now() - current.since >= WINDOW_MS) {
      leftOut = current?.left ?? 0;
      current = { since: now(), lines: 0, left: 0 };
      windows.set(key, current);
    }
    if (current.lines >= MAX_LINES) {
      current.left += 1;
      return;
    }
    current.lines += 1;
    const drift = { provider, operation, members: Object.fromEntries(members), rows };
    logger.warn({ ...drift, ...(leftOut > 0 && { leftOut }) }, 'an answer is not what the contract says');
  };
}
