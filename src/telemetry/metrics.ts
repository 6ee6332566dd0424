import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { CountDrift } from './drift-reporter.ts';
import { createOperationMetrics, type OperationMetrics } from './operation-metrics.ts';
import { createRedisMetrics, type RedisMetrics } from './redis-metrics.ts';
import { createUpstreamMetrics } from './upstream-metrics.ts';
import type { UpstreamObserver } from './upstream-observer.ts';
import { version } from './version.ts';

/** What a gateway counts of itself. Every label comes from a short list, so that the series stay few. */
export interface Metrics {
  readonly operations: OperationMetrics;
  /** Makes the observer of one provider. */
  upstream(provider: string): UpstreamObserver;
  readonly countDrift: CountDrift;
  /** Makes the metrics of a shared Redis, where there is one. */
  redis(): RedisMetrics;
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
    redis: () => createRedisMetrics(registry),
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
