import { setMaxListeners } from 'node:events';
import { CallEnding, type CallSignal } from '../domain/call-signal.ts';
import { LimitExceededError } from '../domain/errors.ts';
import type { CallScope } from '../domain/webhook-provider.ts';

/** The scope of one GraphQL operation, with what only its owner may see. */
export interface OperationScope extends CallScope {
  /** Every text that must not appear in an answer or a log. */
  readonly secrets: ReadonlySet<string>;
  /** Aborted when the client leaves, and then only: what outlives every deadline goes by it. */
  readonly departure: CallSignal;
  /** How many upstream calls it has paid for so far. */
  upstreamCalls(): number;
}

/** Shorter texts are too common to be told from ordinary words. */
const MIN_SECRET_LENGTH = 4;

/**
 * Opens the scope of one operation: it ends when `clientSignal` aborts or after `timeoutMs`, and lends at most
 * `maxUpstreamCalls` upstream calls.
 */
export function openOperationScope(options: {
  readonly clientSignal: AbortSignal;
  readonly timeoutMs: number;
  readonly maxUpstreamCalls: number;
  readonly forwardedAuthorization: CallScope['forwardedAuthorization'];
  readonly span?: CallScope['span'];
}): OperationScope {
  const { clientSignal, timeoutMs, ...others } = options;
  // The server's own signal is none of Node's: once it is part of another, it neither tells its listeners nor says that it
  // is aborted (@whatwg-node/server 0.11, `CustomAbortControllerSignal`). What follows it is real.
  const departure = AbortSignal.any([clientSignal]);
  const signal = AbortSignal.any([departure, AbortSignal.timeout(timeoutMs)]);
  // Each upstream call of the operation listens; Node would take more than ten for a leak.
  setMaxListeners(0, signal);
  return scopeOf({ signal, departure, timeoutMs, ...others });
}

/** The same for an operation whose end is known, without the timers and signals of Node's, which cost ten times as much. */
export function openEndingScope(options: Omit<ScopeOptions, 'signal' | 'departure'>): EndingScope {
  const signal = new CallEnding();
  const timer = setTimeout(tookTooLong, options.timeoutMs, signal);
  timer.unref();
  return {
    scope: scopeOf({ ...options, signal, departure: signal }),
    leave: () => {
      clearTimeout(timer);
      signal.abort();
    },
    end: () => clearTimeout(timer),
  };
}

function tookTooLong(signal: CallEnding): void {
  signal.abort(new DOMException('The operation took too long.', 'TimeoutError'));
}

/** A scope, and who ends it. */
export interface EndingScope {
  readonly scope: OperationScope;
  /** The client has left. */
  leave(): void;
  /** The operation has its answer. */
  end(): void;
}

interface ScopeOptions {
  readonly signal: CallSignal;
  readonly departure: CallSignal;
  readonly timeoutMs: number;
  readonly maxUpstreamCalls: number;
  readonly forwardedAuthorization: CallScope['forwardedAuthorization'];
  readonly span?: CallScope['span'];
}

function scopeOf(options: ScopeOptions): OperationScope {
  return new LendingScope(options);
}

/** A class, since it owns its state; closures and a getter of a literal cost each operation ten times as much. */
class LendingScope implements OperationScope {
  readonly signal: CallSignal;
  readonly departure: CallSignal;
  readonly deadlineAt: number;
  readonly forwardedAuthorization: CallScope['forwardedAuthorization'];
  readonly span: CallScope['span'];
  readonly #maxUpstreamCalls: number;
  #upstreamCalls = 0;
  #secrets: Set<string> | undefined;

  constructor({ signal, departure, timeoutMs, maxUpstreamCalls, forwardedAuthorization, span }: ScopeOptions) {
    this.signal = signal;
    this.departure = departure;
    this.deadlineAt = Date.now() + timeoutMs;
    this.forwardedAuthorization = forwardedAuthorization;
    this.span = span;
    this.#maxUpstreamCalls = maxUpstreamCalls;
  }

  get secrets(): ReadonlySet<string> {
    return this.#secretsKept();
  }

  upstreamCalls(): number {
    return this.#upstreamCalls;
  }

  countUpstreamCall(): void {
    const max = this.#maxUpstreamCalls;
    if (this.#upstreamCalls >= max) {
      throw new LimitExceededError(`The operation needs more than ${max} upstream calls; ask for less.`);
    }
    this.#upstreamCalls += 1;
  }

  keepSecret(text: string): void {
    if (text.length >= MIN_SECRET_LENGTH) this.#secretsKept().add(text);
  }

  #secretsKept(): Set<string> {
    this.#secrets ??= new Set();
    return this.#secrets;
  }
}
