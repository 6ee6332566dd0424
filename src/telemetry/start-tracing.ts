import { setTimeout as sleep } from 'node:timers/promises';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Logger } from './logger.ts';
import { createTracing, type Tracing } from './tracing.ts';
import { version } from './version.ts';

/** Traces that go to a collector. */
export interface RunningTracing {
  readonly tracing: Tracing;
  /** Sends what is still to be sent, for two seconds at most. */
  stop(): Promise<void>;
}

const FLUSH_MS = 2_000;
const NAME = 'hookgraph';

/**
 * Starts OpenTelemetry's SDK, which reads its own variables from the environment: endpoint, headers, compression,
 * sampler, service name, resource attributes, sizes of batches. Loaded only where traces are switched on. Nothing is
 * registered globally, and no library is patched.
 */
export function startTracing({ logger }: { readonly logger: Pick<Logger, 'warn' | 'error'> }): RunningTracing {
  const tell = (level: 'warn' | 'error') => (message: string) => logger[level]({ about: 'tracing' }, message);
  const silent = () => {};
  diag.setLogger(
    { error: tell('error'), warn: tell('warn'), info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const own = resourceFromAttributes({ 'service.name': NAME, 'service.version': version() });
  const resource = defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }));
  const spanProcessors = [new BatchSpanProcessor(new OTLPTraceExporter())];
  const provider = new NodeTracerProvider({ resource, spanProcessors });
  return {
    tracing: createTracing(provider.getTracer(NAME, version())),
    stop: async () => {
      const stopped = provider.shutdown().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      const failure = await Promise.race([stopped, sleep(FLUSH_MS, 'no answer in time', { ref: false })]);
      if (failure !== undefined) logger.warn({ about: 'tracing', failure }, 'the last spans were not taken');
    },
  };
}
