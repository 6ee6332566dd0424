import { Counter, Gauge, type Registry } from 'prom-client';

/** What is counted of the Redis that instances share. */
export interface RedisMetrics {
  readonly failures: { add(labels: { readonly use: string }): void };
  /** Lends a look at whether it is of use; null counts as no. */
  watch(isOfUse: () => boolean | null): void;
}

/** Registers the metrics of a shared Redis: only where there is one, since a 0 would read as an outage elsewhere. */
export function createRedisMetrics(registry: Registry): RedisMetrics {
  const registers = [registry];
  const failures = new Counter({
    name: 'hookgraph_redis_failures_total',
    help: "Uses of the shared Redis that failed, so that this instance's memory took its place, by use.",
    labelNames: ['use'],
    registers,
  });
  return {
    failures: { add: (labels) => failures.inc({ ...labels }) },
    watch: (isOfUse) => {
      new Gauge({
        name: 'hookgraph_redis_up',
        help: '1 while the shared Redis answers and has refused nothing for a minute, else 0; absent where there is none.',
        registers,
        collect() {
          this.set(isOfUse() ? 1 : 0);
        },
      });
    },
  };
}
