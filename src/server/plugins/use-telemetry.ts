import { performance } from 'node:perf_hooks';
import { type ExecutionArgs, type ExecutionResult, type GraphQLError, getOperationAST } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { TraceSpan } from '../../domain/trace-span.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { createOperationNames, NO_OPERATION, type OperationLabels } from '../../telemetry/operation-labels.ts';
import type { OperationMetrics, OperationResult } from '../../telemetry/operation-metrics.ts';
import type { Tracing } from '../../telemetry/tracing.ts';
import type { OperationScope } from '../../webhooks/operation-scope.ts';
import type { RequestIds } from './use-request-id.ts';

interface TelemetryContext extends GraphQLContext {
  readonly request: Request;
}

interface TelemetryArgs extends ExecutionArgs {
  readonly contextValue: TelemetryContext;
}

/** What is known of one request for GraphQL. */
interface Observation {
  readonly startedAt: number;
  readonly span: TraceSpan | undefined;
  labels: OperationLabels;
  /** Undefined until there is a result: what is refused unread has none. */
  result: OperationResult | undefined;
  codes: readonly string[];
  /** Undefined until it is executed. */
  scope: OperationScope | undefined;
}

/** Watches every operation: for metrics, for traces, and for one line of the log at level debug. */
export interface Telemetry {
  /** Goes before all that may refuse a request. */
  readonly useArrival: Plugin<TelemetryContext>;
  /** Goes last: it reads the result as the client gets it. */
  readonly useOutcome: Plugin<TelemetryContext>;
  /** Under which the operation's upstream calls stand. */
  spanOf(request: Request): TraceSpan | undefined;
}

/** Makes the watch; null where nobody wants to know, so that it costs nothing. */
export function createTelemetry(options: {
  readonly metrics: OperationMetrics | undefined;
  readonly tracing: Tracing | undefined;
  readonly logger: Logger;
  readonly ids: RequestIds;
  readonly endpoint: string;
}): Telemetry | null {
  const { metrics, tracing, logger, ids, endpoint } = options;
  const isLogged = logger.isLevelEnabled('debug');
  if (!metrics && !tracing && !isLogged) return null;
  const observations = new WeakMap<Request, Observation>();
  const names = createOperationNames();

  function recognize({ document, operationName, contextValue: { request, scope } }: TelemetryArgs): void {
    const observation = observations.get(request);
    const operation = getOperationAST(document, operationName);
    if (!observation || !operation) return;
    observation.labels = names.labelsOf(operation.operation, operation.name?.value);
    observation.scope = scope;
  }

  function read(observation: Observation, result: ExecutionResult): void {
    const isAborted = hasLeft(observation.scope);
    // What was given up is no failure, and nobody reads it.
    observation.result = isAborted ? 'aborted' : resultOf(result);
    if (isAborted || !result.errors) return;
    observation.codes = codesOf(result.errors);
    if (metrics) for (const error of result.errors) count(error, metrics);
  }

  function finish(request: Request, observation: Observation, answered: number): void {
    const status = hasLeft(observation.scope) ? undefined : answered;
    const { startedAt, span, labels, result, codes } = observation;
    const ms = performance.now() - startedAt;
    metrics?.ended(status, result && { labels, result, ms });
    if (span) endSpan(span, observation, status);
    if (!isLogged) return;
    const { operation, type } = labels;
    const upstreamCalls = observation.scope?.upstreamCalls() ?? 0;
    const trace = span && { traceId: span.traceId };
    logger.debug(
      {
        requestId: ids.of(request),
        operation,
        type,
        result,
        codes,
        status,
        ms: Math.round(ms),
        upstreamCalls,
        ...trace,
      },
      'operation',
    );
  }

  return {
    useArrival: {
      onRequest: ({ request }) => {
        metrics?.begun();
        const span = tracing?.begin(`${request.method} ${endpoint}`, {
          traceparent: request.headers.get('traceparent'),
          attributes: {
            'http.request.method': request.method,
            'http.route': endpoint,
            'hookgraph.request_id': ids.of(request),
          },
        });
        observations.set(request, {
          startedAt: performance.now(),
          span,
          labels: NO_OPERATION,
          result: undefined,
          codes: [],
          scope: undefined,
        });
      },
      onExecute: ({ args }) => recognize(args),
      onSubscribe: ({ args }) => recognize(args),
    },
    useOutcome: {
      ...(metrics && { onSubscribe: () => ({ onSubscribeResult: () => ({ onNext: ({ result }) => tell(result) }) }) }),
      onResultProcess: ({ request, result }) => {
        const observation = observations.get(request);
        if (!observation || Array.isArray(result)) return;
        if (isAsyncIterable(result)) observation.result = 'ok';
        else read(observation, result);
      },
      onResponse: ({ request, response }) => {
        const observation = observations.get(request);
        if (observation) finish(request, observation, response.status);
      },
    },
    spanOf: (request) => observations.get(request)?.span,
  };

  function tell(message: ExecutionResult | AsyncIterable<ExecutionResult>): void {
    if (isAsyncIterable(message)) return;
    if (!message.errors) metrics?.told();
    else if (metrics) for (const error of message.errors) count(error, metrics);
  }
}

/** By the operation's own signal: that of the request does not tell any more once others listen to it. */
function hasLeft(scope: OperationScope | undefined): boolean {
  if (!scope?.signal.aborted) return false;
  const { reason } = scope.signal;
  return !(reason instanceof DOMException && reason.name === 'TimeoutError');
}

function resultOf(result: ExecutionResult): OperationResult {
  if (!('data' in result)) return 'refused';
  if (!result.errors) return 'ok';
  const hasData = Object.values(result.data ?? {}).some((value) => value !== null);
  return hasData ? 'partial' : 'failed';
}

function codesOf(errors: readonly GraphQLError[]): readonly string[] {
  return [...new Set(errors.map(({ extensions }) => String(extensions.code)))];
}

function count({ extensions: { code, provider } }: GraphQLError, metrics: OperationMetrics): void {
  metrics.failed(String(code), typeof provider === 'string' ? provider : undefined);
}

function endSpan(span: TraceSpan, { labels, result, codes, scope }: Observation, status: number | undefined): void {
  const { operation, type } = labels;
  if (labels !== NO_OPERATION) {
    const hasName = operation !== 'anonymous' && operation !== 'other';
    span.rename(hasName ? `${type} ${operation}` : type);
    span.set({ 'graphql.operation.type': type, ...(hasName && { 'graphql.operation.name': operation }) });
  }
  span.set({
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...(result && { 'hookgraph.result': result }),
    ...(scope && { 'hookgraph.upstream_calls': scope.upstreamCalls() }),
  });
  span.end(failureOf(codes, status));
}

function failureOf(codes: readonly string[], status: number | undefined): string | undefined {
  if (status === undefined) return 'aborted';
  if (codes.length > 0) return codes.join(' ');
  return status >= 500 ? String(status) : undefined;
}
