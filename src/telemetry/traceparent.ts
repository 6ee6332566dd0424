/** Where a client stands in its own trace. */
interface RemoteParent {
  readonly traceId: string;
  readonly spanId: string;
  /** 1: the client keeps its trace; 0: it does not. */
  readonly traceFlags: number;
}

const TRACEPARENT = /^00-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-[\da-f]([\da-f])$/;

/** Reads a `traceparent` header (W3C Trace Context §3.2) of version 00; null for anything else, which begins a new trace. */
export function parseTraceparent(header: string | null): RemoteParent | null {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(header ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1 };
}
