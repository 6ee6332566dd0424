import { performance } from 'node:perf_hooks';
import { type Client, type Dispatcher, errors } from 'undici';
import type { CallSignal } from '../domain/call-signal.ts';
import type { Connections } from './connections.ts';
import { safeCause } from './safe-cause.ts';

/** One request as it goes over the wire. */
export interface WireRequest {
  readonly method: Dispatcher.HttpMethod;
  /** With the base path and the query. */
  readonly path: string;
  /** Names and values by turns; undici wants no read-only list. */
  readonly headers: string[];
  readonly body: string | null;
}

/** Names in lower case; a header that comes more than once is a list. */
export type WireHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** One answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: WireHeaders;
  /**
   * Undefined where it was not wanted (3xx), or where an error's body was too long, cut off or too slow: its status
   * decides.
   */
  readonly body: Buffer | undefined;
  /** The status came in time, the body did not. */
  readonly hasTimedOut: boolean;
}

/** Bounds of one attempt. */
export interface ExchangeLimits {
  readonly connectMs: number;
  /** From the start to the last byte of the answer. */
  readonly attemptMs: number;
  /** On the wire. */
  readonly maxBodyBytes: number;
}

/** An attempt without a complete answer. */
export class ExchangeError extends Error {
  /** `aborted`: by the caller's signal. */
  readonly reason: 'timeout' | 'connection' | 'invalid-answer' | 'aborted';
  /** Whether the first byte of the request left. */
  readonly wasSent: boolean;
  /** Null where no status came. */
  readonly status: number | null;

  constructor(reason: ExchangeError['reason'], details: { wasSent: boolean; status: number | null; cause?: unknown }) {
    super(`no complete answer: ${reason}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ExchangeError';
    this.reason = reason;
    this.wasSent = details.wasSent;
    this.status = details.status;
  }
}

/** Whether an attempt failed in a way that speaks against the upstream as a whole. */
export function isOutage(error: unknown): boolean {
  return error instanceof ExchangeError && (error.reason === 'timeout' || error.reason === 'connection');
}

/** Whether an answer speaks against the upstream as a whole; a 4xx, 429 included, shows that it is alive. */
export function hasFailed(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || !('status' in answer)) return false;
  return Number(answer.status) >= 500 || ('hasTimedOut' in answer && answer.hasTimedOut === true);
}

const MAX_ERROR_BODY_BYTES = 65_536;
const ONCE = { once: true };

/**
 * Makes one attempt. Rejects with `ExchangeError`, or with undici's own error where the request itself is malformed.
 * Whatever ends the attempt early also closes its socket. `dispatch` with a handler of our own: it is cheaper than
 * `request`, sees when the first byte leaves, and its timer is exact and total where undici's are coarse and count only
 * silence.
 */
export function exchange(
  connections: Connections,
  request: WireRequest,
  limits: ExchangeLimits,
  signal: CallSignal,
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      return reject(new ExchangeError('aborted', { wasSent: false, status: null, cause: signal.reason }));
    }
    const handler = new ExchangeHandler({ connections, limits, signal, resolve, reject });
    handler.connection.dispatch(request, handler);
  });
}

/** The value of a header; several in one text. */
export function headerIn(headers: WireHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** One exchange as undici tells of it. A class, since it owns its state, and a closure for each of its methods costs more. */
class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly connection: Client;
  readonly #connections: Connections;
  readonly #limits: ExchangeLimits;
  readonly #signal: CallSignal;
  readonly #resolve: (answer: WireAnswer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #startedAt = performance.now();
  #timer: NodeJS.Timeout;
  #wasSent = false;
  #isSettled = false;
  #status: number | null = null;
  #headers: WireHeaders = {};
  #maxBytes: number;
  #size = 0;
  #chunk: Buffer | undefined;
  #chunks: Buffer[] | undefined;

  constructor(options: {
    readonly connections: Connections;
    readonly limits: ExchangeLimits;
    readonly signal: CallSignal;
    readonly resolve: (answer: WireAnswer) => void;
    readonly reject: (error: unknown) => void;
  }) {
    const { connections, limits, signal, resolve, reject } = options;
    this.#connections = connections;
    this.#limits = limits;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#maxBytes = limits.maxBodyBytes;
    this.connection = connections.take();
    this.#timer = setTimeout(onTime, Math.min(limits.connectMs, limits.attemptMs), this);
    signal.addEventListener('abort', this, ONCE);
  }

  /** The caller's signal was aborted. */
  handleEvent(): void {
    this.#fail('aborted', this.#signal.reason);
  }

  /** Called when the request is about to be written on a connection that stands. */
  onRequestStart(): void {
    if (this.#isSettled) return;
    // A client may queue again what its connection lost; whether to repeat is not for it to say.
    if (this.#wasSent) this.#fail('connection');
    else this.#wasSent = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: WireHeaders): void {
    if (this.#isSettled || status < 200) return;
    this.#status = status;
    this.#headers = headers;
    if (status >= 300 && status < 400) {
      this.#settle('discard');
      this.#resolve({ status, headers, body: undefined, hasTimedOut: false });
      return;
    }
    // Its head is its end, whatever length that announces (RFC 9112 §6.3); undici would take the body for cut off.
    if (status === 204 && Number(headers['content-length'] ?? 0) > 0) {
      this.#settle('discard');
      this.#resolve({ status, headers, body: Buffer.alloc(0), hasTimedOut: false });
      return;
    }
    if (status >= 400) this.#maxBytes = Math.min(this.#maxBytes, MAX_ERROR_BODY_BYTES);
    if (Number(headers['content-length'] ?? 0) > this.#maxBytes) this.#fail('invalid-answer');
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isSettled) return;
    this.#size += chunk.length;
    if (this.#size > this.#maxBytes) this.#fail('invalid-answer');
    else if (this.#chunks) this.#chunks.push(chunk);
    else if (this.#chunk) this.#chunks = [this.#chunk, chunk];
    else this.#chunk = chunk;
  }

  onResponseEnd(): void {
    if (this.#isSettled || this.#status === null) return;
    if (this.#connections.isBroken(this.connection)) {
      this.#fail('connection');
      return;
    }
    this.#settle('giveBack');
    const body = this.#chunks ? Buffer.concat(this.#chunks) : (this.#chunk ?? Buffer.alloc(0));
    this.#resolve({ status: this.#status, headers: this.#headers, body, hasTimedOut: false });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!(error instanceof errors.InvalidArgumentError)) {
      this.#fail(reasonOf(error), error);
      return;
    }
    this.#settle('discard');
    this.#reject(error);
  }

  /** The time to connect is over, or that of the whole attempt: one timer for both, since nearly all end before either. */
  onTime(): void {
    if (!this.#goOn()) setImmediate(onOverdue, this);
  }

  /** What came while this process itself was held up has been looked at by now: nothing of that is the upstream's delay. */
  onOverdue(): void {
    if (!this.#isSettled && !this.#goOn()) this.#fail('timeout');
  }

  /** Whether there is time left. */
  #goOn(): boolean {
    const leftMs = this.#limits.attemptMs - (performance.now() - this.#startedAt);
    if (!this.#wasSent || leftMs <= 0) return false;
    this.#timer = setTimeout(onTime, leftMs, this);
    return true;
  }

  #fail(reason: ExchangeError['reason'], cause?: unknown): void {
    if (this.#isSettled) return;
    this.#settle('discard');
    const status = this.#status;
    if (status !== null && status >= 400 && reason !== 'aborted') {
      const hasTimedOut = reason === 'timeout';
      this.#resolve({ status, headers: this.#headers, body: undefined, hasTimedOut });
      return;
    }
    this.#reject(new ExchangeError(reason, { wasSent: this.#wasSent, status, cause: safeCause(cause) }));
  }

  #settle(fate: 'giveBack' | 'discard'): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this);
    this.#connections[fate](this.connection);
  }
}

function onTime(handler: ExchangeHandler): void {
  handler.onTime();
}

function onOverdue(handler: ExchangeHandler): void {
  handler.onOverdue();
}

function reasonOf(error: Error): ExchangeError['reason'] {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'timeout';
  return code === 'UND_ERR_HEADERS_OVERFLOW' ? 'invalid-answer' : 'connection';
}
