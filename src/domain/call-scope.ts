import type { CallSignal } from './call-signal.ts';
import type { ProviderName } from './provider-name.ts';
import type { TraceSpan } from './trace-span.ts';

/** What one GraphQL operation lends to every upstream call that it causes. */
export interface CallScope {
  /** Aborted when the client leaves or the operation's time is over. */
  readonly signal: CallSignal;
  /** When the operation's time is over, in milliseconds since the epoch: no wait may reach beyond it. */
  readonly deadlineAt: number;
  /** Counts one upstream call against the operation's budget. Throws `LimitExceededError` when it is used up. */
  countUpstreamCall(): void;
  /** Tells which texts must never appear in an answer or a log. */
  keepSecret(text: string): void;
  /** What the caller brought along as the whole Authorization value for a provider. */
  readonly forwardedAuthorization: Readonly<Partial<Record<ProviderName, string>>>;
  /** What the calls are part of; undefined where nothing is traced. */
  readonly span?: TraceSpan | undefined;
}
