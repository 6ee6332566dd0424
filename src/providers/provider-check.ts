import type { CallScope } from '../domain/call-scope.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { PageItem } from '../domain/page.ts';

/** How a check ended; `skipped`: it cannot be known, or something before it failed. */
export type DiagnosisStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** What the doctor makes of one check, in words for an operator. */
export interface Diagnosis {
  readonly status: DiagnosisStatus;
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
  run(scope: CallScope): Promise<Diagnosis>;
}

/** What a page of a provider's webhooks shows. */
export function readingDiagnosis(items: readonly PageItem<unknown>[]): Diagnosis {
  if (items.some((item) => item instanceof Error)) {
    return {
      status: 'warning',
      found: 'webhooks can be read, but some are not what the contract says',
      remedy: 'They will be null entries with UPSTREAM_INVALID_RESPONSE; the log of the gateway names the members.',
    };
  }
  return { status: 'ok', found: items.length > 0 ? 'webhooks can be read' : 'can be read; there is no webhook yet' };
}
