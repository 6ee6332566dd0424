import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { SpanAttributes, TraceSpan } from '../domain/trace-span.ts';
import { parseTraceparent } from './traceparent.ts';

/** Begins traces. */
export interface Tracing {
  /**
   * Begins the span of a request, below the client's own where `traceparent` is one. Undefined where the sampler leaves
   * it out: nothing below it is made then.
   */
  begin(
    name: string,
    request: { readonly traceparent: string | null; readonly attributes: SpanAttributes },
  ): TraceSpan | undefined;
}

/** Makes traces with a tracer of OpenTelemetry. Parents are passed on by hand; nothing of it is global. */
export function createTracing(tracer: Tracer): Tracing {
  function begin(name: string, kind: SpanKind, attributes: SpanAttributes, parent: Context): TraceSpan | undefined {
    const span = tracer.startSpan(name, { kind, attributes }, parent);
    return span.isRecording() ? wrap(span) : undefined;
  }

  function wrap(span: Span): TraceSpan {
    const context = trace.setSpan(ROOT_CONTEXT, span);
    const { traceId, spanId } = span.spanContext();
    return {
      traceId,
      spanId,
      child: (name, attributes, kind) =>
        wrap(tracer.startSpan(name, { kind: kind ? SpanKind.CLIENT : SpanKind.INTERNAL, attributes }, context)),
      rename: (name) => void span.updateName(name),
      set: (attributes) => void span.setAttributes(attributes),
      link: (other) => void span.addLink({ context: { ...other, traceFlags: 1 } }),
      end: (failure) => {
        if (failure !== undefined) {
          span.setAttribute('error.type', failure);
          span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
        }
        span.end();
      },
    };
  }

  return {
    begin: (name, { traceparent, attributes }) => {
      const remote = parseTraceparent(traceparent);
      const parent = remote ? trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true }) : ROOT_CONTEXT;
      return begin(name, SpanKind.SERVER, attributes, parent);
    },
  };
}
