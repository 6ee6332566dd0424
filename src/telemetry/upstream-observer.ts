/** What became of one attempt. */
export interface AttemptReport {
  /** The contract's operationId. */
  readonly operation: string;
  /** The status, or why there was none. */
  readonly outcome: number | 'timeout' | 'connection' | 'invalid-answer' | 'aborted';
  readonly ms: number;
  /** How often the same call was sent before. */
  readonly resends: number;
  /** Whether it asked for an access token. */
  readonly isToken: boolean;
}

/** How much of what one upstream may get is taken. */
export interface UpstreamLoad {
  readonly active: number;
  readonly queued: number;
  /** How many may be active. */
  readonly limit: number;
}

/** Takes note of what goes on between the gateway and one upstream. Nothing of it may take time or fail. */
export interface UpstreamObserver {
  attempted(report: AttemptReport): void;
  /** A call was not even tried. */
  refused(reason: 'circuit-open' | 'queue-full'): void;
  /** A read was answered by another's call. */
  shared(operation: string): void;
  circuitChanged(state: 'open' | 'closed'): void;
  /** Lends a look at the load, for as long as the gateway lives. */
  watchLoad(load: () => UpstreamLoad): void;
}
