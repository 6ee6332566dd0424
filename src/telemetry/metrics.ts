import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { CountDrift } from './drift-reporter.ts';
import { createOperationMetrics, type OperationMetrics } from './operation-metrics.ts';
import { createUpstreamMetrics } from './upstream-metrics.ts';
import type { UpstreamObserver } from './upstream-observer.ts';
import { version } from './version.ts';

/** What a gateway counts of itself. Every label comes from a short list, so that the series stay few. */
export interface Metrics {
  readonly operations: OperationMetrics;
  /** Makes the observer of one provider. */
  upstream(provider: string): UpstreamObserver;
  readonly countDrift: CountDrift;
  readonly redisFailures: { add(labels: { readonly use: string }): void };
  /** Lends a look at the shared Redis. */
  watchRedis(isUp: () => boolean | null): void;
  /** Lends a look at the live tails. */
  watchTails(counts: () => { readonly pollers: number; readonly streams: number }): void;
  /** Everything, as Prometheus reads it. */
  page(): Promise<MetricsPage>;
}

/** An answer to Prometheus. */
export interface MetricsPage {
  readonly contentType: string;
  readonly text: string;
}

/** Makes the metrics of one gateway, in a registry of their own: a process may hold several gateways. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  let isProcessWatched = false;
  const drifts = new Counter({
    name: 'hookgraph_schema_drift_total',
    help: 'Upstream answers that are not what their contract says, by kind: missing, unfit or unknown members.',
    labelNames: ['provider', 'operation', 'kind'],
    registers,
  });
  const redisFailures = new Counter({
    name: 'hookgraph_redis_failures_total',
    help: "Uses of the shared Redis that failed, so that this instance's memory took its place, by use.",
    labelNames: ['use'],
    registers,
  });
  new Gauge({
    name: 'hookgraph_build_info',
    help: 'Always 1; the labels say what runs.',
    labelNames: ['version'],
    registers,
  }).set({ version: version() }, 1);

  return {
    operations: createOperationMetrics(registry),
    upstream: createUpstreamMetrics(registry),
    countDrift: (labels) => drifts.inc({ ...labels }),
    redisFailures: { add: (labels) => redisFailures.inc({ ...labels }) },
    watchRedis: (isUp) => {
      new Gauge({
        name: 'hookgraph_redis_up',
        help: 'Whether the shared Redis answers: 1 or 0; absent where there is none.',
        registers,
        collect() {
          const isAnswering = isUp();
          if (isAnswering !== null) this.set(Number(isAnswering));
        },
      });
    },
    watchTails: (counts) => {
      new Gauge({
        name: 'hookgraph_tail_streams',
        help: 'Subscriptions that follow a delivery log.',
        registers,
        collect() {
          this.set(counts().streams);
        },
      });
      new Gauge({
        name: 'hookgraph_tail_pollers',
        help: 'Delivery logs that are asked for what is new, each once for all who follow it.',
        registers,
        collect() {
          this.set(counts().pollers);
        },
      });
    },
    page: async () => {
      // These watch the event loop and each garbage collection: not before somebody looks.
      if (!isProcessWatched) collectDefaultMetrics({ register: registry });
      isProcessWatched = true;
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
