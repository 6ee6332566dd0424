import { performance } from 'node:perf_hooks';
import { type Dispatcher, errors } from 'undici';
import type { Connections } from './connections.ts';
import { safeCause } from './safe-cause.ts';

/** One request as it goes over the wire. */
export interface WireRequest {
  readonly method: Dispatcher.HttpMethod;
  /** With the base path and the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** One answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
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

/**
 * Makes one attempt. Rejects with `ExchangeError`, or with undici's own error where the request itself is malformed.
 * Whatever ends the attempt early also closes its socket. `dispatch` with a handler of our own: it is cheaper than
 * `request`, sees when the first byte leaves, and its timer is exact and total where undici's are coarse and count only
 * silence.
 */
export function exchange(
  connections: Connections,
  request: WireRequest,
  { connectMs, attemptMs, maxBodyBytes }: ExchangeLimits,
  signal: AbortSignal,
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    let wasSent = false;
    let isSettled = false;
    let status: number | null = null;
    let headers: Readonly<Record<string, string>> = {};
    let maxBytes = maxBodyBytes;
    let size = 0;
    const chunks: Buffer[] = [];

    if (signal.aborted) return reject(new ExchangeError('aborted', { wasSent, status, cause: signal.reason }));
    const connection = connections.take();

    const settle = (fate: 'giveBack' | 'discard') => {
      isSettled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      connections[fate](connection);
    };
    const fail = (reason: ExchangeError['reason'], cause?: unknown) => {
      if (isSettled) return;
      settle('discard');
      if (status !== null && status >= 400 && reason !== 'aborted') {
        return resolve({ status, headers, body: undefined, hasTimedOut: reason === 'timeout' });
      }
      reject(new ExchangeError(reason, { wasSent, status, cause: safeCause(cause) }));
    };
    const onAbort = () => fail('aborted', signal.reason);
    const onTimeout = () => fail('timeout');

    signal.addEventListener('abort', onAbort, { once: true });
    const startedAt = performance.now();
    let timer = setTimeout(onTimeout, Math.min(connectMs, attemptMs));

    const handler: Dispatcher.DispatchHandler = {
      // Called when the request is about to be written on a connection that stands.
      onRequestStart() {
        if (isSettled) return;
        // A client may queue again what its connection lost; whether to repeat is not for it to say.
        if (wasSent) return fail('connection');
        wasSent = true;
        clearTimeout(timer);
        timer = setTimeout(onTimeout, attemptMs - (performance.now() - startedAt));
      },
      onResponseStart(_controller, statusCode, received) {
        if (isSettled || statusCode < 200) return;
        status = statusCode;
        headers = flatten(received);
        if (status >= 300 && status < 400) {
          settle('discard');
          return resolve({ status, headers, body: undefined, hasTimedOut: false });
        }
        if (status >= 400) maxBytes = Math.min(maxBodyBytes, MAX_ERROR_BODY_BYTES);
        if (Number(headers['content-length'] ?? 0) > maxBytes) fail('invalid-answer');
      },
      onResponseData(_controller, chunk) {
        if (isSettled) return;
        size += chunk.length;
        if (size > maxBytes) return fail('invalid-answer');
        chunks.push(chunk);
      },
      onResponseEnd() {
        if (isSettled || status === null) return;
        settle('giveBack');
        const [only = Buffer.alloc(0)] = chunks;
        resolve({ status, headers, body: chunks.length > 1 ? Buffer.concat(chunks) : only, hasTimedOut: false });
      },
      onResponseError(_controller, error) {
        if (!(error instanceof errors.InvalidArgumentError)) return fail(reasonOf(error), error);
        settle('discard');
        reject(error);
      },
    };
    connection.dispatch(request, handler);
  });
}

function reasonOf(error: Error): ExchangeError['reason'] {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'timeout';
  return code === 'UND_ERR_HEADERS_OVERFLOW' ? 'invalid-answer' : 'connection';
}

function flatten(received: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(received)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
