import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { OperationLabels } from './operation-labels.ts';

/**
 * What became of an operation: `ok`, without an error; `partial`, with data and errors; `failed`, each of its fields is
 * null; `refused`, before any of it was executed; `aborted`, since the client left.
 */
export type OperationResult = 'ok' | 'partial' | 'failed' | 'refused' | 'aborted';

/** One operation from its arrival to its answer; of a stream, to the answer's head. */
export interface OperationReport {
  readonly labels: OperationLabels;
  readonly result: OperationResult;
  readonly ms: number;
}

/** Counts what clients ask for and get. */
export interface OperationMetrics {
  /** One waits for its turn to begin. */
  waits(): void;
  /** Its wait is over: it begins, or its client has left. */
  waited(hasLeft: boolean): void;
  begun(): void;
  /** `httpStatus`: that of the answer, undefined where nobody waits for it any more; `report` is undefined for what was refused before it was read. */
  ended(httpStatus: number | undefined, report: OperationReport | undefined): void;
  failed(code: string, provider: string | undefined): void;
  /** A subscription has told something. */
  told(): void;
}

/** From what an operation without an upstream call takes up to its deadline. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Registers the metrics of operations. */
export function createOperationMetrics(registry: Registry): OperationMetrics {
  const registers = [registry];
  let underWay = 0;
  const requests = new Counter({
    name: 'hookgraph_http_requests_total',
    help: 'Requests for GraphQL by the HTTP status of their answer, those that were refused unread included; aborted: the client left.',
    labelNames: ['status'],
    registers,
  });
  const operations = new Counter({
    name: 'hookgraph_operations_total',
    help: 'GraphQL operations by name, type and result: ok, partial (data and errors), failed (errors only), refused (not executed) or aborted (the client left).',
    labelNames: ['operation', 'type', 'result'],
    registers,
  });
  const durations = new Histogram({
    name: 'hookgraph_operation_duration_seconds',
    help: 'Time from the arrival of an operation to its answer; of a stream, to its beginning.',
    labelNames: ['operation', 'type'],
    buckets: SECONDS,
    registers,
  });
  const errors = new Counter({
    name: 'hookgraph_errors_total',
    help: 'Errors in GraphQL answers by code, and by the provider that they concern (none: no provider).',
    labelNames: ['code', 'provider'],
    registers,
  });
  const told = new Counter({
    name: 'hookgraph_tail_deliveries_total',
    help: 'Deliveries told to those who follow a delivery log.',
    registers,
  });
  new Gauge({
    name: 'hookgraph_operations_in_flight',
    help: 'GraphQL requests that are being answered, or wait for their turn to be; of streams, those that are being opened.',
    registers,
    collect() {
      this.set(underWay);
    },
  });

  return {
    waits: () => {
      underWay += 1;
    },
    waited: (hasLeft) => {
      underWay -= 1;
      if (hasLeft) requests.inc({ status: 'aborted' });
    },
    begun: () => {
      underWay += 1;
    },
    ended: (httpStatus, report) => {
      underWay -= 1;
      requests.inc({ status: httpStatus ?? 'aborted' });
      if (!report) return;
      const { labels, result, ms } = report;
      const { operation, type } = labels;
      operations.inc({ operation, type, result });
      durations.observe({ operation, type }, ms / 1_000);
    },
    failed: (code, provider = 'none') => errors.inc({ code, provider }),
    told: () => told.inc(),
  };
}
