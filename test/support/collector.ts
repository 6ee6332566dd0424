import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { onTestFinished } from 'vitest';
import { createTracing, type Tracing } from '../../src/telemetry/tracing.ts';

/** A span as it came over the wire. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where it has none. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'other';
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** The trace ids of its links. */
  readonly links: readonly string[];
  /** The message of a status that is an error. */
  readonly error: string | undefined;
}

/** A collector of traces, which takes OTLP over HTTP. */
export interface Collector {
  readonly url: string;
  readonly requests: readonly { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer }[];
  spans(): readonly ReceivedSpan[];
  resource(): Readonly<Record<string, string | number | boolean>>;
}

/** Starts it for the running test; it answers `status`, or never where that is null. */
export async function startCollector({ status = 200 }: { readonly status?: number | null } = {}): Promise<Collector> {
  const requests: { path: string; headers: IncomingHttpHeaders; body: Buffer }[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    requests.push({ path: incoming.url ?? '', headers: incoming.headers, body: Buffer.concat(chunks) });
    if (status !== null) response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const resourceSpans = () => requests.flatMap(({ body }) => messages(body, 1));
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    spans: () =>
      resourceSpans()
        .flatMap((each) => messages(each, 2))
        .flatMap((scope) => messages(scope, 2))
        .map(toSpan),
    resource: () => attributesOf(resourceSpans().flatMap((each) => messages(each, 1))[0] ?? Buffer.alloc(0), 1),
  };
}

/** Traces of a gateway in this process, sent to a collector by OpenTelemetry's SDK. */
export function tracingTo(collector: Collector): { readonly tracing: Tracing; flush(): Promise<void> } {
  const exporter = new OTLPTraceExporter({ url: `${collector.url}/v1/traces` });
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  onTestFinished(() => provider.shutdown());
  return { tracing: createTracing(provider.getTracer('test')), flush: () => provider.forceFlush() };
}

const KINDS = ['other', 'internal', 'server', 'client'] as const;

/** opentelemetry/proto/trace/v1/trace.proto, as far as the tests look. */
function toSpan(span: Buffer): ReceivedSpan {
  const [status] = messages(span, 15);
  const isError = status !== undefined && numbers(status, 3)[0] === 2n;
  return {
    traceId: messages(span, 1)[0]?.toString('hex') ?? '',
    spanId: messages(span, 2)[0]?.toString('hex') ?? '',
    parentSpanId: messages(span, 4)[0]?.toString('hex') ?? '',
    name: text(span, 5),
    kind: KINDS[Number(numbers(span, 6)[0] ?? 0n)] ?? 'other',
    attributes: attributesOf(span, 9),
    links: messages(span, 13).map((link) => messages(link, 1)[0]?.toString('hex') ?? ''),
    error: isError ? text(status, 2) : undefined,
  };
}

function attributesOf(message: Buffer, number: number): Record<string, string | number | boolean> {
  return Object.fromEntries(
    messages(message, number).map((pair) => {
      const [value = Buffer.alloc(0)] = messages(pair, 2);
      const [[field, raw] = [0, 0n]] = fields(value);
      if (typeof raw !== 'bigint') return [text(pair, 1), raw.toString()];
      return [text(pair, 1), field === 2 ? raw === 1n : Number(raw)];
    }),
  );
}

function text(message: Buffer, number: number): string {
  return messages(message, number)[0]?.toString() ?? '';
}

function messages(message: Buffer, number: number): readonly Buffer[] {
  return fields(message).flatMap(([field, value]) => (field === number && typeof value !== 'bigint' ? [value] : []));
}

function numbers(message: Buffer, number: number): readonly bigint[] {
  return fields(message).flatMap(([field, value]) => (field === number && typeof value === 'bigint' ? [value] : []));
}

/** The fields of a protobuf message, by their wire types alone. */
function fields(message: Buffer): readonly (readonly [number, bigint | Buffer])[] {
  const found: (readonly [number, bigint | Buffer])[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(message.readUInt8(at++));
      value |= (byte & 0x7fn) << shift;
      if (byte < 0x80n) return value;
    }
  };
  const bytes = (length: number) => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const wireType = tag & 7;
    const value = wireType === 0 ? varint() : bytes(wireType === 2 ? Number(varint()) : wireType === 1 ? 8 : 4);
    found.push([tag >> 3, value]);
  }
  return found;
}
