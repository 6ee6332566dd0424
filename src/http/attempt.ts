import { performance } from 'node:perf_hooks';
import type { CallScope } from '../domain/call-scope.ts';
import { isDeadline } from '../domain/call-signal.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { TraceSpan } from '../domain/trace-span.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { AttemptReport, UpstreamObserver } from '../telemetry/upstream-observer.ts';
import { type BeginAttemptSpan, endAttemptSpan } from './attempt-span.ts';
import type { Bulkhead } from './bulkhead.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { Connections } from './connections.ts';
import { ExchangeError, type ExchangeLimits, exchange, type WireAnswer, type WireRequest } from './exchange.ts';
import { type FailedCall, upstreamError } from './failed-call.ts';
import type { HttpAnswer, HttpRequest } from './http-request.ts';
import { type AnswerReader, readAnswer } from './read-answer.ts';
import { MIN_ATTEMPT_MS } from './retry.ts';
import { signed } from './wire-request.ts';

/**
 * Makes one attempt, once the circuit and the bulkhead let it pass. Throws where it was not made at all:
 * `UpstreamError` while the circuit is open, `OverloadedError`, `LimitExceededError`; and the signal's reason when the
 * caller has left.
 */
export type Attempt = (
  call: WrittenCall,
  authorization: string | undefined,
  scope: CallScope,
  /** How often the call was sent before. */
  resends: number,
) => Promise<HttpAnswer | FailedCall>;

/** A call with its request as it goes over the wire, all but its Authorization. */
export interface WrittenCall {
  readonly request: HttpRequest;
  readonly wire: WireRequest;
  /** What is read, and by whose credentials: calls of one key get the same answer. */
  readonly key: string;
}

/** Puts an attempt together. */
export function createAttempt({
  provider,
  connections,
  limits,
  reader,
  circuit,
  bulkhead,
  logger,
  observer,
  beginSpan,
}: {
  readonly provider: ProviderName;
  readonly connections: Connections;
  readonly limits: ExchangeLimits;
  readonly reader: AnswerReader;
  readonly circuit: CircuitBreaker;
  readonly bulkhead: Bulkhead;
  readonly logger: Logger | undefined;
  readonly observer: UpstreamObserver | undefined;
  readonly beginSpan: BeginAttemptSpan;
}): Attempt {
  function passCircuit(request: HttpRequest): void {
    if (!circuit.isOpen()) return;
    observer?.refused('circuit-open');
    throw upstreamError(provider, { request, failure: { type: 'circuit-open' }, wasSent: false, status: null });
  }

  const isWatched = observer !== undefined || (logger?.isLevelEnabled('debug') ?? false);

  function makeExchange(request: HttpRequest, wire: WireRequest, scope: CallScope, resends: number) {
    const span = beginSpan(request, scope, resends);
    const answer = exchange(connections, wire, limits, scope.signal);
    return isWatched || span ? watched({ request, span, resends }, answer) : answer;
  }

  async function watched(
    { request, span, resends }: { request: HttpRequest; span: TraceSpan | undefined; resends: number },
    answer: Promise<WireAnswer>,
  ): Promise<WireAnswer> {
    const startedAt = performance.now();
    const report = (outcome: AttemptReport['outcome']) => {
      const { operation, method } = request;
      const ms = performance.now() - startedAt;
      logger?.debug({ provider, operation, method, outcome, ms: Math.round(ms) }, 'upstream call');
      observer?.attempted({ operation, outcome, ms, resends, isToken: request.endpoint === 'token' });
      if (span) endAttemptSpan(span, outcome);
    };
    try {
      const wire = await answer;
      report(wire.status);
      return wire;
    } catch (error) {
      if (error instanceof ExchangeError) report(error.reason);
      else span?.end('INTERNAL_SERVER_ERROR');
      throw error;
    }
  }

  return async ({ request, wire, key }, authorization, scope, resends) => {
    try {
      passCircuit(request);
      const turn = bulkhead.acquire(scope.signal);
      if (turn) await turn;
      let answer: WireAnswer;
      try {
        if (turn) {
          // The circuit may have opened while this call waited for its turn.
          passCircuit(request);
          // Those who wait for a slow upstream run out of time together, and would each open a connection for nothing.
          if (scope.deadlineAt - reader.now() < MIN_ATTEMPT_MS) {
            return { request, failure: { type: 'timeout' }, wasSent: false, status: null };
          }
        }
        scope.countUpstreamCall();
        const whole = authorization === undefined ? wire : signed(wire, authorization);
        answer = await circuit.run(() => makeExchange(request, whole, scope, resends));
      } finally {
        bulkhead.release();
      }
      return readAnswer(request, key, answer, reader);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      const { reason, wasSent, status, cause } = error;
      if (reason !== 'aborted') return { request, failure: { type: reason }, wasSent, status, cause };
      if (!isDeadline(scope.signal.reason)) throw scope.signal.reason;
      return { request, failure: { type: 'timeout' }, wasSent, status, cause };
    }
  };
}
