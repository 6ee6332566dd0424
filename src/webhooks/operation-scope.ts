import { setMaxListeners } from 'node:events';
import type { CallScope } from '../domain/call-scope.ts';
import { CallEnding, type CallSignal } from '../domain/call-signal.ts';
import { LimitExceededError } from '../domain/errors.ts';

/** The scope of one GraphQL operation, with what only its owner may see. */
export interface OperationScope extends CallScope {
  /** Every text that must not appear in an answer or a log. */
  readonly secrets: ReadonlySet<string>;
  /** Aborted when the client leaves: what outlives every deadline, as a subscription does, goes by it alone. */
  readonly departure: CallSignal;
  /** How many upstream calls it has paid for so far. */
  upstreamCalls(): number;
  /** Adds calls that another scope has paid for: those that a stream begins with. */
  addUpstreamCalls(count: number): void;
  /** Counts what a list refers to. Throws `LimitExceededError` where all lists of the operation together refer to too much. */
  countReferences(count: number): void;
}

/**
 * More than a gateway sends in one go. Each may fail by itself, and an error of its own takes a hundred times longer than
 * a place in the answer: without an end to them one operation would keep all others waiting for seconds.
 */
export const MAX_REFERENCES = 1_000;

/** Shorter texts are too common to be told from ordinary words. */
const MIN_SECRET_LENGTH = 4;

/**
 * Opens the scope of one operation: it ends when `clientSignal` aborts or after `timeoutMs`, and lends at most
 * `maxUpstreamCalls` upstream calls.
 */
export function openOperationScope({
  clientSignal,
  ...terms
}: ScopeTerms & { readonly clientSignal: AbortSignal }): OperationScope {
  // The server's own signal is none of Node's: once it is part of another, it neither tells its listeners nor says that it
  // is aborted (@whatwg-node/server 0.11, `CustomAbortControllerSignal`). What follows it is real.
  const departure = AbortSignal.any([clientSignal]);
  const deadline = AbortSignal.timeout(terms.timeoutMs);
  const signal = AbortSignal.any([departure, deadline]);
  // Each upstream call of the operation listens; Node would take more than ten for a leak.
  setMaxListeners(0, signal);
  return new FollowingScope(terms, { signal, departure, deadline });
}

/** The same for an operation whose end is known, without the timers and signals of Node's, which cost ten times as much. */
export function openEndingScope(terms: ScopeTerms): EndingScope {
  return new TimedScope(terms, new CallEnding());
}

/** A scope that is told of its end. */
export interface EndingScope extends OperationScope {
  /** The client has left. */
  leave(): void;
  /** The operation has its answer. What it may have left behind, as where a null bubbled up, still ends in time. */
  end(): void;
}

/** What an operation may take, and what it brings along. */
interface ScopeTerms {
  readonly timeoutMs: number;
  readonly maxUpstreamCalls: number;
  readonly forwardedAuthorization: CallScope['forwardedAuthorization'];
  readonly span?: CallScope['span'];
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
  #references = 0;
  #secrets: string[] | undefined;

  constructor(
    { timeoutMs, maxUpstreamCalls, forwardedAuthorization, span }: ScopeTerms,
    signal: CallSignal,
    departure: CallSignal,
  ) {
    this.signal = signal;
    this.departure = departure;
    this.deadlineAt = Date.now() + timeoutMs;
    this.forwardedAuthorization = forwardedAuthorization;
    this.span = span;
    this.#maxUpstreamCalls = maxUpstreamCalls;
  }

  get secrets(): ReadonlySet<string> {
    // Asked for once, and only where something failed: a list, though it holds texts twice, is cheaper to add to.
    return new Set(this.#secrets);
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

  addUpstreamCalls(count: number): void {
    this.#upstreamCalls += count;
  }

  countReferences(count: number): void {
    this.#references += count;
    if (this.#references > MAX_REFERENCES) {
      throw new LimitExceededError(`At most ${MAX_REFERENCES} ids and representations in one operation.`);
    }
  }

  keepSecret(text: string): void {
    if (text.length < MIN_SECRET_LENGTH) return;
    this.#secrets ??= [];
    this.#secrets.push(text);
  }
}

/** Of an operation that ends with other signals. */
class FollowingScope extends LendingScope {
  /** Nothing else holds it: Node 20 would collect it under `signal`, which then never aborts (nodejs/node#57736). */
  readonly deadline: AbortSignal;

  constructor(
    terms: ScopeTerms,
    { signal, departure, deadline }: Readonly<Record<'signal' | 'departure' | 'deadline', AbortSignal>>,
  ) {
    super(terms, signal, departure);
    this.deadline = deadline;
  }
}

/** Of an operation that ends in time, as a subscription does not: its departure is its end. */
class TimedScope extends LendingScope implements EndingScope {
  readonly #ending: CallEnding;
  readonly #timer: NodeJS.Timeout;

  constructor(terms: ScopeTerms, ending: CallEnding) {
    super(terms, ending, ending);
    this.#ending = ending;
    this.#timer = setTimeout(tookTooLong, terms.timeoutMs, ending);
    this.#timer.unref();
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.#ending.abort();
  }

  end(): void {
    if (!this.#ending.isListenedTo) clearTimeout(this.#timer);
  }
}

function tookTooLong(ending: CallEnding): void {
  ending.abort(new DOMException('The operation took too long.', 'TimeoutError'));
}
