import { performance } from 'node:perf_hooks';
import type { ExecutionResult, GraphQLError, OperationDefinitionNode } from 'graphql';
import { isDeadline } from '../domain/call-signal.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { TraceSpan } from '../domain/trace-span.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createOperationNames, NO_OPERATION, type OperationLabels } from '../telemetry/operation-labels.ts';
import type { OperationMetrics, OperationResult } from '../telemetry/operation-metrics.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { OperationScope } from '../webhooks/operation-scope.ts';

/** What is known of one request for GraphQL. */
export interface Observation {
  readonly arrivedAt: number;
  readonly requestId: string;
  /** Under which the operation's upstream calls stand. */
  readonly span: TraceSpan | undefined;
  labels: OperationLabels;
  /** Undefined until there is a result: what is refused unread has none. */
  result: OperationResult | undefined;
  codes: readonly string[];
  /** Undefined until it is executed. */
  scope: OperationScope | undefined;
}

/** Watches every operation: for metrics, for traces, and for one line of the log at level debug. */
export interface OperationWatch {
  /** A request waits for its turn to begin; it arrives once it has waited. */
  waits(): void;
  waited(hasLeft: boolean): void;
  arrived(request: {
    readonly method: string;
    readonly traceparent: string | null;
    readonly requestId: string;
    /** By `performance.now()`: it may have waited since. */
    readonly arrivedAt: number;
  }): Observation;
  recognized(observation: Observation, operation: OperationDefinitionNode, scope: OperationScope): void;
  /** It is refused before it is read: there is no operation, and no result. */
  refused(observation: Observation, code: ErrorCode): void;
  /** Takes the result as the client gets it. */
  executed(observation: Observation, result: ExecutionResult): void;
  /** A stream began. */
  opened(observation: Observation): void;
  /** A stream has told something. */
  told(message: ExecutionResult): void;
  answered(observation: Observation, status: number): void;
}

/** Makes the watch; null where nobody wants to know, so that it costs nothing. */
export function createOperationWatch(options: {
  readonly metrics: OperationMetrics | undefined;
  readonly tracing: Tracing | undefined;
  readonly logger: Logger;
  readonly endpoint: string;
}): OperationWatch | null {
  const { metrics, tracing, logger, endpoint } = options;
  const isLogged = logger.isLevelEnabled('debug');
  if (!metrics && !tracing && !isLogged) return null;
  const names = createOperationNames();

  function count(errors: readonly GraphQLError[]): void {
    for (const { extensions } of metrics ? errors : []) {
      const { code, provider } = extensions;
      metrics?.failed(String(code), typeof provider === 'string' ? provider : undefined);
    }
  }

  function log({ requestId, labels, result, codes, span, scope }: Observation, ms: number, status?: number): void {
    const { operation, type } = labels;
    const upstreamCalls = scope?.upstreamCalls() ?? 0;
    const trace = span && { traceId: span.traceId };
    const entry = { requestId, operation, type, result, codes, status, ms: Math.round(ms), upstreamCalls, ...trace };
    logger.debug(entry, 'operation');
  }

  return {
    waits: () => metrics?.waits(),
    waited: (hasLeft) => metrics?.waited(hasLeft),
    arrived: ({ method, traceparent, requestId, arrivedAt }) => {
      metrics?.begun();
      const span = tracing?.begin(`${method} ${endpoint}`, {
        traceparent,
        attributes: { 'http.request.method': method, 'http.route': endpoint, 'hookgraph.request_id': requestId },
      });
      return {
        arrivedAt,
        requestId,
        span,
        labels: NO_OPERATION,
        result: undefined,
        codes: [],
        scope: undefined,
      };
    },
    recognized: (observation, operation, scope) => {
      observation.labels = names.labelsOf(operation.operation, operation.name?.value);
      observation.scope = scope;
    },
    refused: (observation, code) => {
      observation.codes = [code];
      metrics?.failed(code, undefined);
    },
    executed: (observation, result) => {
      const isAborted = hasLeft(observation.scope);
      // What was given up is no failure, and nobody reads it.
      observation.result = isAborted ? 'aborted' : resultOf(result);
      if (isAborted || !result.errors) return;
      observation.codes = codesOf(result.errors);
      count(result.errors);
    },
    opened: (observation) => {
      observation.result = 'ok';
    },
    told: ({ errors }) => {
      if (errors) count(errors);
      else metrics?.told();
    },
    answered: (observation, answered) => {
      const status = hasLeft(observation.scope) ? undefined : answered;
      const { arrivedAt, span, labels, result } = observation;
      const ms = performance.now() - arrivedAt;
      metrics?.ended(status, result && { labels, result, ms });
      if (span) endSpan(span, observation, status);
      if (isLogged) log(observation, ms, status);
    },
  };
}

/** By the operation's own signal: the request's stops telling once others listen to it (webhooks/operation-scope.ts). */
function hasLeft(scope: OperationScope | undefined): boolean {
  return scope?.signal.aborted === true && !isDeadline(scope.signal.reason);
}

function resultOf(result: ExecutionResult): OperationResult {
  // A stream that could not begin has no data either, but errors at its field: it was executed.
  if (!('data' in result)) return result.errors?.some(({ path }) => path) ? 'failed' : 'refused';
  if (!result.errors) return 'ok';
  const hasData = Object.values(result.data ?? {}).some((value) => value !== null);
  return hasData ? 'partial' : 'failed';
}

function codesOf(errors: readonly GraphQLError[]): readonly string[] {
  return [...new Set(errors.map(({ extensions }) => String(extensions.code)))];
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
