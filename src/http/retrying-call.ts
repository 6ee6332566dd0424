import type { CallScope } from '../domain/call-scope.ts';
import type { CallSignal } from '../domain/call-signal.ts';
import { HookgraphError } from '../domain/errors.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { Attempt, WrittenCall } from './attempt.ts';
import { keepAuthorizationSecret } from './authorization.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { CredentialsWatch } from './credentials-watch.ts';
import { type FailedCall, upstreamError } from './failed-call.ts';
import { type HttpAnswer, type HttpRequest, isWrite } from './http-request.ts';
import { retryDelayMs } from './retry.ts';
import type { RetryBudget } from './retry-budget.ts';
import { waitForRetry } from './retry-wait.ts';

/**
 * Attempts until there is an answer, or an error that no further attempt may mend: as often as the rules of retrying allow,
 * and once more with new credentials after a 401. Throws what `HttpClient.request` does.
 */
export type RetryingCall = (call: WrittenCall, scope: CallScope) => Promise<HttpAnswer>;

/** Makes it, for the calls of one upstream. */
export function createRetryingCall({
  provider,
  attempt,
  circuit,
  budget,
  ownCredentials,
  maxRetries,
  closing,
  random,
  now,
}: {
  readonly provider: ProviderName;
  readonly attempt: Attempt;
  readonly circuit: CircuitBreaker;
  readonly budget: RetryBudget;
  readonly ownCredentials: CredentialsWatch;
  readonly maxRetries: number;
  /** Aborted when the client is closed: nothing is repeated from then on. */
  readonly closing: CallSignal;
  readonly random: () => number;
  readonly now: () => number;
}): RetryingCall {
  function failed(request: HttpRequest, error: HookgraphError): HookgraphError {
    ownCredentials.failed(request, error);
    return error;
  }

  function delayBeforeRetry(call: FailedCall, retries: number, scope: CallScope): number | undefined {
    if (call.isLate || closing.aborted) return undefined;
    return retryDelayMs(
      { ...call, isWrite: isWrite(call.request), retryAfter: call.retryAfter ?? null },
      { retries, maxRetries, remainingMs: scope.deadlineAt - now(), random },
    );
  }

  return async (call, scope) => {
    const { authorization } = call.request;
    const wasRefused = ownCredentials.isRefused();
    // Awaited even where it is no promise: whoever asks for the same in this turn has joined by then, and may pay.
    let credentials = await authorization?.headerValue(scope);
    let hasReplayed = false;
    let lastError: HookgraphError | undefined;
    for (let retries = 0; ; ) {
      if (credentials !== undefined) keepAuthorizationSecret(credentials, scope);
      let outcome: HttpAnswer | FailedCall;
      try {
        outcome = await attempt(call, credentials, scope, retries + (hasReplayed ? 1 : 0));
      } catch (error) {
        // Why the call failed says more than why it could not be repeated.
        throw error instanceof HookgraphError && lastError ? lastError : error;
      }
      if (retries === 0 && !hasReplayed) budget.countCall();
      if (!('failure' in outcome)) {
        if (wasRefused) ownCredentials.accepted(call.request);
        return outcome;
      }
      lastError = upstreamError(provider, outcome);

      if (outcome.status === 401 && credentials !== undefined && !hasReplayed) {
        const renewed = await authorization?.renew?.(credentials, scope);
        if (renewed === undefined) throw failed(call.request, lastError);
        credentials = renewed;
        hasReplayed = true;
        lastError = undefined;
        continue;
      }
      const delayMs = delayBeforeRetry(outcome, retries, scope);
      if (delayMs === undefined || circuit.isOpen() || !budget.takeRetry()) throw failed(call.request, lastError);
      await waitForRetry(delayMs, [scope.signal, closing]);
      scope.signal.throwIfAborted();
      if (closing.aborted) throw failed(call.request, lastError);
      retries++;
    }
  };
}
