import DataLoader from 'dataloader';
import { type ActivityLog, logOfEvent, readActivityLog } from '../domain/activity-log.ts';
import type { CallScope } from '../domain/call-scope.ts';
import type { LimitExceededError } from '../domain/errors.ts';
import type { TimeWindow } from '../domain/time-window.ts';
import { providerKeyOf, type WebhookKey } from '../domain/webhook.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import { scanUntil } from './scan-growing-list.ts';

/** Which part of a delivery log to read. */
export interface ActivityScanRequest {
  readonly key: WebhookKey;
  readonly window: TimeWindow;
  /** Only deliveries of this event; undefined: of all. */
  readonly eventName?: string | undefined;
}

/** What was read of a delivery log. */
export interface ActivityScan {
  readonly log: ActivityLog;
  /** Why nothing at all was read: the operation's fuse. */
  readonly refusal: LimitExceededError | null;
}

/** Reads delivery logs for one GraphQL operation, each window of a webhook once, however many fields are computed from it. */
export interface ActivityScanner {
  /** Null where the provider publishes no log. Rejects with `HookgraphError`. */
  scan(request: ActivityScanRequest): Promise<ActivityScan | null>;
  /** Forgets what was read. To be called after a write, since most of them make a delivery. */
  clear(): void;
}

interface ScanTerms {
  readonly directory: ProviderDirectory;
  readonly scope: CallScope;
  /** How many pages of 200 one scan may read. */
  readonly maxPages: number;
}

/**
 * Makes the scanner of one operation. A scan for one event is computed from that of the whole window where both are
 * asked for together, or the latter came first; else the event goes upstream as a filter.
 */
export function createActivityScanner(terms: ScanTerms): ActivityScanner {
  return new OperationScanner(terms);
}

/** A class, since it owns its state, and each operation would pay for closures that few need. */
class OperationScanner implements ActivityScanner {
  readonly #terms: ScanTerms;
  #scans: Map<string, Promise<ActivityScan | null>> | undefined;
  /** Only gathers what is asked for together; `#scans` remembers. */
  #gathered: DataLoader<ActivityScanRequest, ActivityScan | null> | undefined;

  constructor(terms: ScanTerms) {
    this.#terms = terms;
  }

  scan(request: ActivityScanRequest): Promise<ActivityScan | null> {
    this.#gathered ??= new DataLoader((requests) => this.#scanTogether(requests), { cache: false });
    return this.#gathered.load(request);
  }

  clear(): void {
    this.#scans?.clear();
  }

  #scanTogether(requests: readonly ActivityScanRequest[]): Promise<(ActivityScan | Error | null)[]> {
    const asked = new Set(requests.map(idOf));
    return Promise.all(
      requests.map(({ eventName, ...whole }) => {
        const isWholeAsked = asked.has(idOf(whole)) || this.#scans?.has(idOf(whole));
        const scan = isWholeAsked ? partOf(this.#scanOnce(whole), eventName) : this.#scanOnce({ ...whole, eventName });
        return scan.catch(asError);
      }),
    );
  }

  #scanOnce(request: ActivityScanRequest): Promise<ActivityScan | null> {
    const id = idOf(request);
    this.#scans ??= new Map();
    const scans = this.#scans;
    const known = scans.get(id);
    if (known) return known;
    const scan = scanActivity({ ...request, ...this.#terms });
    scans.set(id, scan);
    // A failed read must not be remembered: a field that comes later may ask again.
    void scan.catch(() => scans.delete(id));
    return scan;
  }
}

async function scanActivity(options: ActivityScanRequest & ScanTerms): Promise<ActivityScan | null> {
  const { directory, key, window, eventName, scope, maxPages } = options;
  const provider = directory.configured(key.provider, scope);
  const list = provider.listActivity;
  if (!list) return null;
  // Both ends go upstream: what is completed after the window while the scan is under way does not count.
  const filter = { completedAt: { gte: window.from, lte: window.to }, ...(eventName !== undefined && { eventName }) };
  const { items, isComplete, pagesRead, fuse } = await scanUntil(window.toMs, {
    read: (page) => list(key.providerId, filter, page, scope),
    maxPages,
  });
  return {
    log: readActivityLog({ window, activities: items, isComplete }),
    refusal: pagesRead === 0 ? fuse : null,
  };
}

async function partOf(
  whole: Promise<ActivityScan | null>,
  eventName: string | undefined,
): Promise<ActivityScan | null> {
  const scan = await whole;
  return scan && { ...scan, log: logOfEvent(scan.log, eventName) };
}

function idOf({ key, window, eventName }: ActivityScanRequest): string {
  return JSON.stringify([providerKeyOf(key), window.from, window.to, eventName]);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The scan failed.', { cause: error });
}
