import { type Problem, UpstreamError } from '../domain/errors.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { codeOfFailure, mayHaveSucceeded, type UpstreamFailure } from '../domain/upstream-failure.ts';
import { type HttpRequest, isWrite } from './http-request.ts';
import { NO_PROBLEMS, type ProblemReport } from './problem.ts';

/** A call that failed, and all that is known of it. */
export interface FailedCall {
  readonly request: HttpRequest;
  readonly failure: UpstreamFailure;
  readonly wasSent: boolean;
  /** Null where no status came. */
  readonly status: number | null;
  readonly report?: ProblemReport;
  /** The status came in time, the rest of the answer did not: as final as a time-out. */
  readonly isLate?: boolean;
  /** Seconds. */
  readonly retryAfter?: number | null;
  readonly cause?: unknown;
}

/** The error that callers get: says what was tried, never a secret, a URL or a body of its own accord. */
export function upstreamError(provider: ProviderName, call: FailedCall): UpstreamError {
  const { request, failure, wasSent, status, report = NO_PROBLEMS, retryAfter = null, cause } = call;
  const { problems, traceId, timestamp } = report;
  const [problem] = problems;
  const what = `${request.method} ${request.pathTemplate}`;
  return new UpstreamError(codeOfFailure(failure), sayWhy(problem) ?? `${what}: ${describe(failure)}`, {
    provider,
    cause,
    upstream: {
      status,
      traceId,
      timestamp,
      retryAfter,
      mayHaveSucceeded: isWrite(request) && mayHaveSucceeded(failure, { wasSent }),
      problems,
    },
  });
}

function sayWhy(problem: Problem | undefined): string | undefined {
  return problem?.detail || problem?.title || undefined;
}

function describe(failure: UpstreamFailure): string {
  switch (failure.type) {
    case 'status':
      return String(failure.status);
    case 'timeout':
      return 'no answer in time';
    case 'connection':
      return 'the connection failed';
    case 'circuit-open':
      return 'not tried, since the last calls failed';
    case 'invalid-answer':
      return 'the answer is not what the API promises';
  }
}
