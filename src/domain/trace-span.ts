/** What a span may say: names of the contract, counts and codes; never what a client or an upstream wrote. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A stretch of work within a trace. What it causes is told below it. */
export interface TraceSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Begins a span below this one; `client`: a call to another server. */
  child(name: string, attributes: SpanAttributes, kind?: 'client'): TraceSpan;
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** Points to a span of another trace that did this one's work too. */
  link(other: TraceSpan): void;
  /** Ends it; `failure` is the code of what went wrong. */
  end(failure?: string): void;
}
