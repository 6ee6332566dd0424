import type { CallScope } from '../domain/call-scope.ts';
import { CallEnding, isDeadline } from '../domain/call-signal.ts';
import { LimitExceededError, OverloadedError } from '../domain/errors.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createTroubleReporter } from '../telemetry/trouble-reporter.ts';
import type { UpstreamObserver } from '../telemetry/upstream-observer.ts';
import { createAttempt, type WrittenCall } from './attempt.ts';
import { createAttemptSpans } from './attempt-span.ts';
import { createBulkhead } from './bulkhead.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { createConnections } from './connections.ts';
import { createCredentialsWatch } from './credentials-watch.ts';
import { hasFailed, isOutage } from './exchange.ts';
import { upstreamError } from './failed-call.ts';
import { type HttpAnswer, type HttpRequest, isWrite } from './http-request.ts';
import { createParseMemo } from './parse-memo.ts';
import type { ReadProblem } from './problem.ts';
import { createRetryBudget } from './retry-budget.ts';
import { createRetryingCall } from './retrying-call.ts';
import { createSingleFlight } from './single-flight.ts';
import { createRequestWriter } from './wire-request.ts';

/** How to reach one REST API, and how much to bear with it. Numbers default to those of docs/configuration.md. */
export interface HttpClientOptions {
  readonly provider: ProviderName;
  /** http or https; may have a path. */
  readonly baseUrl: string;
  /** What goes with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeouts?: { readonly connectMs?: number; readonly attemptMs?: number };
  /** After decompression. */
  readonly maxBodyBytes?: number;
  readonly maxConnections?: number;
  readonly maxQueue?: number;
  readonly retry?: { readonly maxRetries?: number; readonly budgetPercent?: number; readonly budgetFloor?: number };
  readonly circuit?: { readonly minCalls?: number; readonly failurePercent?: number; readonly openMs?: number };
  /** The provider's own error shape; falls back to RFC 9457, then to no problems. Gets JSON of bounded depth. */
  readonly readProblem?: ReadProblem;
  readonly logger?: Logger;
  /** Who counts what goes on; for metrics. */
  readonly observer?: UpstreamObserver | undefined;
  readonly random?: () => number;
  readonly now?: () => number;
}

/** A client of one REST API. */
export interface HttpClient {
  /**
   * Makes the call, as often as the rules of retrying allow, and resolves with its 2xx answer. Throws `UpstreamError`,
   * `OverloadedError`, `LimitExceededError`, or the reason of `scope.signal` when the caller has left.
   */
  request(request: HttpRequest, scope: CallScope): Promise<HttpAnswer>;
  /** Ends all connections at once; calls under way fail, and those that wait to be repeated. */
  close(): Promise<void>;
}

/** Makes the client of one REST API. It owns its connections, its circuit, its queue and its retry budget. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { provider, baseUrl, logger, observer, readProblem, random = Math.random, now = Date.now } = options;
  const {
    headers = {},
    maxBodyBytes = 10_000_000,
    maxConnections = 64,
    maxQueue = 1_000,
    circuit: circuitOptions,
  } = options;
  const { connectMs = 2_000, attemptMs = 10_000 } = options.timeouts ?? {};
  const { maxRetries = 2, budgetPercent, budgetFloor } = options.retry ?? {};

  const base = new URL(baseUrl);
  const basePath = base.pathname.replace(/\/+$/, '');
  const connections = createConnections(base.origin, { connectMs, maxConnections });
  const outage = createTroubleReporter({
    logger,
    begun: {
      fields: { provider, circuit: 'open' },
      sentence: 'the circuit of a provider is open: its last calls failed, and for now it is not asked',
    },
    over: { fields: { provider, circuit: 'closed' }, sentence: 'the circuit of a provider is closed again' },
  });
  const circuit = createCircuitBreaker({
    ...circuitOptions,
    isFailure: isOutage,
    isFailedResult: hasFailed,
    onChange: (state) => {
      if (state === 'open') outage.begins();
      else outage.ends();
      observer?.circuitChanged(state);
    },
  });
  const bulkhead = createBulkhead({
    slots: maxConnections,
    maxQueue,
    refuse: () => {
      observer?.refused('queue-full');
      return new OverloadedError(provider);
    },
  });
  observer?.watchLoad(() => ({ ...bulkhead.load(), limit: maxConnections }));
  const attempt = createAttempt({
    provider,
    connections,
    limits: { connectMs, attemptMs, maxBodyBytes },
    reader: { maxBodyBytes, readProblem, now, memo: createParseMemo(now) },
    circuit,
    bulkhead,
    logger,
    observer,
    beginSpan: createAttemptSpans(base, basePath),
  });
  const closing = new CallEnding();
  const perform = createRetryingCall({
    provider,
    attempt,
    circuit,
    budget: createRetryBudget({ percent: budgetPercent, floor: budgetFloor, now }),
    ownCredentials: createCredentialsWatch({ provider, logger }),
    maxRetries,
    closing,
    random,
    now,
  });
  const writeRequest = createRequestWriter(basePath, headers);
  const flights = createSingleFlight<HttpAnswer>();

  /** Identical reads of the same credentials share one call. */
  function read(call: WrittenCall, scope: CallScope): Promise<HttpAnswer> {
    const { request, key } = call;
    const keyed = { group: groupOf(request), key, scope };
    const joined = flights.join(keyed);
    const flight = joined ?? flights.lead(keyed, (shared) => perform(call, shared));
    const noteShared = (answer: HttpAnswer) => {
      observer?.shared(request.operation);
      return answer;
    };
    // By `then`: an async function's frame would be held as long as the upstream is waited for (docs/performance.md).
    return flight.then(joined && noteShared, (error: unknown) => {
      // The others' empty budgets ended the flight just when this caller had joined: it starts one of its own.
      if (joined && error instanceof LimitExceededError) return read(call, scope);
      throw asUpstreamFailure(error, request, scope);
    });
  }

  /** No read that starts from now on may be answered by one that began before the write was done. */
  async function write(call: WrittenCall, scope: CallScope): Promise<HttpAnswer> {
    const { request } = call;
    const forgetReads = () => {
      if (isWrite(request)) flights.forget(groupOf(request));
    };
    forgetReads();
    try {
      scope.signal.throwIfAborted();
      return await perform(call, scope);
    } catch (error) {
      throw asUpstreamFailure(error, request, scope);
    } finally {
      forgetReads();
    }
  }

  /** The end of the operation's time, as the upstream's failure that it is; any other error as it came. */
  function asUpstreamFailure(error: unknown, request: HttpRequest, { signal }: CallScope): unknown {
    if (!signal.aborted || error !== signal.reason || !isDeadline(error)) return error;
    const failure = { type: 'timeout' } as const;
    return upstreamError(provider, { request, failure, wasSent: false, status: null, cause: error });
  }

  return {
    request: (request, scope) => {
      const wire = writeRequest(request);
      const call = { request, wire, key: `${groupOf(request)} ${request.expects} ${wire.path}` };
      return request.method === 'GET' ? read(call, scope) : write(call, scope);
    },
    close: () => {
      closing.abort();
      return connections.close();
    },
  };
}

function groupOf({ authorization }: HttpRequest): string {
  return authorization?.id ?? '';
}
