import { type HookgraphError, isRetryable, UpstreamError } from './errors.ts';
import type { EventType } from './provider-facts.ts';
import { failedCheck, type ReadinessCheck, skippedCheck } from './readiness-check.ts';

/**
 * The row of an event whose delivery the provider did not make, or that may be lost with its answer: who reads it must
 * not look for the fault at the receiver. FAILED even where the provider is only busy, since nothing shows that the
 * receiver is ready; SKIPPED where the sample payload was only presumed to be right.
 */
export function refusedCheck({ name, requiredPayloadFields }: EventType, error: HookgraphError): ReadinessCheck {
  const { code, message } = error;
  if (requiredPayloadFields === null && code === 'BAD_USER_INPUT') {
    return skippedCheck(
      name,
      `The provider does not document what payload it needs, and refused the sample: ${message}`,
    );
  }
  return failedCheck(name, reasonOf(error));
}

function reasonOf(error: HookgraphError): string {
  if (isRetryable(error)) return `Not tried: ${obstacleOf(error)}.`;
  if (!(error instanceof UpstreamError)) return error.message;
  const { mayHaveSucceeded, problems, status } = error.upstream;
  if (mayHaveSucceeded) {
    return "The provider's answer is lost: whether the receiver got the event is not known.";
  }
  // Without words of the provider's the message is made of method and path, which tell nothing to whoever reads a row.
  const [problem] = problems;
  return problem?.detail || problem?.title ? error.message : `The provider refused to deliver it (${status}).`;
}

/** What is in the way for the moment. */
function obstacleOf(error: HookgraphError): string {
  const retryAfter = error instanceof UpstreamError ? error.upstream.retryAfter : null;
  const wait = retryAfter === null ? 'check again later' : `wait ${retryAfter} s`;
  switch (error.code) {
    case 'RATE_LIMITED':
      return `the provider is busy, ${wait}`;
    case 'OVERLOADED':
      return `too many calls wait for the provider, ${wait}`;
    // Often the operation's own time, which earlier events took.
    case 'UPSTREAM_TIMEOUT':
      return `the provider took too long, ${wait}`;
    default:
      return `the provider cannot be reached, ${wait}`;
  }
}
