import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { UpstreamLoad, UpstreamObserver } from './upstream-observer.ts';

/** A fast answer of a data centre nearby up to more than an attempt may take by default. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** An upstream could invent statuses without end: those of the contracts are told apart, the rest by their class. */
const STATUSES: ReadonlySet<number> = new Set([
  200, 201, 202, 204, 400, 401, 402, 403, 404, 409, 410, 415, 422, 429, 500, 502, 503, 504,
]);

/** Registers the metrics of upstreams; the result makes the observer of one provider. */
export function createUpstreamMetrics(registry: Registry): (provider: string) => UpstreamObserver {
  const registers = [registry];
  const loads = new Map<string, () => UpstreamLoad>();
  const attempts = new Counter({
    name: 'hookgraph_upstream_attempts_total',
    help: 'Calls sent to a provider by operation of its contract and outcome: the status, timeout, connection, invalid-answer, or aborted (the client left).',
    labelNames: ['provider', 'operation', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'hookgraph_upstream_attempt_duration_seconds',
    help: 'Time of one call from sending to the last byte of its answer, without the wait for a connection.',
    labelNames: ['provider', 'operation'],
    buckets: SECONDS,
    registers,
  });
  const retries = new Counter({
    name: 'hookgraph_upstream_retries_total',
    help: 'Those of the attempts that repeat a call: after a passing failure, or with renewed credentials.',
    labelNames: ['provider', 'operation'],
    registers,
  });
  const shared = new Counter({
    name: 'hookgraph_upstream_shared_reads_total',
    help: 'Reads that were answered by an identical call already under way, and so cost none.',
    labelNames: ['provider', 'operation'],
    registers,
  });
  const refusals = new Counter({
    name: 'hookgraph_upstream_refusals_total',
    help: 'Calls that were not tried: circuit-open, or queue-full.',
    labelNames: ['provider', 'reason'],
    registers,
  });
  const tokens = new Counter({
    name: 'hookgraph_token_requests_total',
    help: 'Requests for an access token by result: ok or failed.',
    labelNames: ['provider', 'result'],
    registers,
  });
  const circuits = new Gauge({
    name: 'hookgraph_upstream_circuit_open',
    help: '1 while calls to a provider are refused since the last ones failed, else 0.',
    labelNames: ['provider'],
    registers,
  });
  const openings = new Counter({
    name: 'hookgraph_upstream_circuit_openings_total',
    help: 'How often the circuit of a provider has opened.',
    labelNames: ['provider'],
    registers,
  });
  const loadGauge = (name: string, help: string, value: (load: UpstreamLoad) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['provider'],
      registers,
      collect() {
        for (const [provider, load] of loads) this.set({ provider }, value(load()));
      },
    });
  loadGauge('hookgraph_upstream_active_calls', 'Calls to a provider under way.', ({ active }) => active);
  loadGauge(
    'hookgraph_upstream_queued_calls',
    'Calls that wait for a connection to a provider.',
    ({ queued }) => queued,
  );
  loadGauge('hookgraph_upstream_connection_limit', 'Calls to a provider that may be under way.', ({ limit }) => limit);

  return (provider) => {
    // Series that are there from the beginning can be watched for their first rise.
    circuits.set({ provider }, 0);
    openings.inc({ provider }, 0);
    for (const reason of ['circuit-open', 'queue-full']) refusals.inc({ provider, reason }, 0);
    for (const result of ['ok', 'failed']) tokens.inc({ provider, result }, 0);
    return {
      attempted: ({ operation, outcome, ms, resends, isToken }) => {
        attempts.inc({ provider, operation, outcome: outcomeLabel(outcome) });
        durations.observe({ provider, operation }, ms / 1_000);
        if (resends > 0) retries.inc({ provider, operation });
        if (isToken) tokens.inc({ provider, result: Number(outcome) < 300 ? 'ok' : 'failed' });
      },
      refused: (reason) => refusals.inc({ provider, reason }),
      shared: (operation) => shared.inc({ provider, operation }),
      circuitChanged: (state) => {
        circuits.set({ provider }, state === 'open' ? 1 : 0);
        if (state === 'open') openings.inc({ provider });
      },
      watchLoad: (load) => void loads.set(provider, load),
    };
  };
}

function outcomeLabel(outcome: number | string): string {
  if (typeof outcome === 'string' || STATUSES.has(outcome)) return String(outcome);
  return `${Math.min(Math.floor(outcome / 100), 9)}xx`;
}
