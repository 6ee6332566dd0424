import type { CallScope } from '../domain/call-scope.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { PageItem } from '../domain/page.ts';

/** What the doctor found; `skipped`: it cannot be known, or something before it failed. */
export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** The outcome of one check, in words for an operator. */
export interface Finding {
  readonly status: CheckStatus;
  readonly found: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** One thing that the doctor asks a provider, in the order of the list. Never a write. */
export interface ProviderCheck {
  readonly name: string;
  /** What the operator does where the provider answers with this code; the rest is told in general words. */
  readonly remedies: Readonly<Partial<Record<ErrorCode, string>>>;
  /** Throws what upstream calls throw (`UpstreamError`). */
  run(scope: CallScope): Promise<Finding>;
}

/** What a page of a provider's webhooks shows. */
export function readingFinding(items: readonly PageItem<unknown>[]): Finding {
  if (items.some((item) => item instanceof Error)) {
    return {
      status: 'warning',
      found: 'webhooks can be read, but some are not what the contract says',
      remedy: 'They will be null entries with UPSTREAM_INVALID_RESPONSE; the log of the gateway names the members.',
    };
  }
  return { status: 'ok', found: items.length > 0 ? 'webhooks can be read' : 'can be read; there is no webhook yet' };
}
