import { performance } from 'node:perf_hooks';
import { type ExecutionArgs, getOperationAST } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { ErrorCode } from '../../domain/errors.ts';
import type { TraceSpan } from '../../domain/trace-span.ts';
import type { GraphQLContext } from '../../graphql/context.ts';
import type { Observation, OperationWatch } from '../operation-watch.ts';
import type { RequestIds } from '../request-id.ts';

interface TelemetryContext extends GraphQLContext {
  readonly request: Request;
}

interface TelemetryArgs extends ExecutionArgs {
  readonly contextValue: TelemetryContext;
}

/** Tells the watch of each request. */
export interface Telemetry {
  /** Goes before all that may refuse a request. */
  readonly useArrival: Plugin<TelemetryContext>;
  /** Goes last: it reads the result as the client gets it. */
  readonly useOutcome: Plugin<TelemetryContext>;
  /** A request is refused unread, by an error with this code. */
  refused(request: Request, code: ErrorCode): void;
  /** Under which the operation's upstream calls stand. */
  spanOf(request: Request): TraceSpan | undefined;
}

/** Makes the plugins of a watch. */
export function createTelemetry(watch: OperationWatch, ids: RequestIds): Telemetry {
  const observations = new WeakMap<Request, Observation>();

  function recognize({ document, operationName, contextValue: { request, scope } }: TelemetryArgs): void {
    const observation = observations.get(request);
    const operation = getOperationAST(document, operationName);
    if (observation && operation) watch.recognized(observation, operation, scope);
  }

  return {
    useArrival: {
      onRequest: ({ request }) => {
        const { method, headers } = request;
        const requestId = ids.of(request);
        const traceparent = headers.get('traceparent');
        observations.set(request, watch.arrived({ method, traceparent, requestId, arrivedAt: performance.now() }));
      },
      onExecute: ({ args }) => recognize(args),
      onSubscribe: ({ args }) => recognize(args),
    },
    useOutcome: {
      onSubscribe: () => ({
        onSubscribeResult: () => ({
          onNext: ({ result }) => {
            if (!isAsyncIterable(result)) watch.told(result);
          },
        }),
      }),
      onResultProcess: ({ request, result }) => {
        const observation = observations.get(request);
        if (!observation || Array.isArray(result)) return;
        if (isAsyncIterable(result)) watch.opened(observation);
        else watch.executed(observation, result);
      },
      onResponse: ({ request, response }) => {
        const observation = observations.get(request);
        if (observation) watch.answered(observation, response.status);
      },
    },
    refused: (request, code) => {
      const observation = observations.get(request);
      if (observation) watch.refused(observation, code);
    },
    spanOf: (request) => observations.get(request)?.span,
  };
}
