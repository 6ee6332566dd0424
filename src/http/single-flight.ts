import type { CallScope } from '../domain/call-scope.ts';
import { CallEnding } from '../domain/call-signal.ts';

/**
 * Lets callers that ask for the same thing at the same time share one flight. A caller whose signal aborts rejects with the
 * signal's reason and never disturbs the others; when the last one leaves, the flight's own signal is aborted.
 */
export interface SingleFlight<T> {
  /** Joins the flight under way for the same thing; undefined where there is none. */
  join(call: KeyedCall): Promise<T> | undefined;
  /**
   * Starts a flight that others may join. `start` gets a scope of the flight's own: it lives as long as anybody waits, and
   * its calls are counted against those who wait.
   */
  lead(call: KeyedCall, start: (shared: CallScope) => Promise<T>): Promise<T>;
  /** From now on nobody joins the flights of this group that are under way; who waits for them is still served. */
  forget(group: string): void;
}

/** What is asked for, and on whose behalf. */
interface KeyedCall {
  /** By whose credentials: their hash. */
  readonly group: string;
  /** The same for those who ask for the same. */
  readonly key: string;
  readonly scope: CallScope;
}

/** The flights under way of one group. */
interface FlightGroup<T> {
  // A plain object: a Map that entries come to and go from leaves its old tables behind, and each of them keeps the next
  // one and all that is in it alive until the next full collection (docs/performance.md).
  readonly flights: Record<string, Flight<T>>;
  size: number;
}

/** Makes a table of flights; it holds an entry only while somebody waits for it. */
export function createSingleFlight<T>(): SingleFlight<T> {
  const groups: Record<string, FlightGroup<T>> = Object.create(null);

  function add({ group, key }: KeyedCall, flight: Flight<T>): void {
    groups[group] ??= { flights: Object.create(null), size: 0 };
    groups[group].flights[key] = flight;
    groups[group].size += 1;
  }

  function remove({ group, key }: KeyedCall, flight: Flight<T>): void {
    const underWay = groups[group];
    if (underWay?.flights[key] !== flight) return;
    delete underWay.flights[key];
    underWay.size -= 1;
    if (underWay.size === 0) delete groups[group];
  }

  return {
    join({ group, key, scope }) {
      const flight = groups[group]?.flights[key];
      if (!flight) return undefined;
      if (scope.signal.aborted) return Promise.reject(scope.signal.reason);
      if (flight.span) scope.span?.link(flight.span);
      return flight.wait(scope);
    },
    lead(call, start) {
      const { scope } = call;
      if (scope.signal.aborted) return Promise.reject(scope.signal.reason);
      const flight = new Flight(call, remove);
      const result = flight.wait(scope);
      add(call, flight);
      flight.start(start);
      return result;
    },
    forget: (group) => {
      delete groups[group];
    },
  };
}

/** One who waits for a flight, and leaves it when its own signal is aborted. A class, since a closure for each costs more. */
class Waiter<T> {
  readonly flight: Flight<T>;
  readonly scope: CallScope;
  readonly resolve: (result: T) => void;
  readonly reject: (error: unknown) => void;

  constructor(flight: Flight<T>, scope: CallScope, resolve: (result: T) => void, reject: (error: unknown) => void) {
    this.flight = flight;
    this.scope = scope;
    this.resolve = resolve;
    this.reject = reject;
    scope.signal.addEventListener('abort', this, ONCE);
  }

  handleEvent(): void {
    this.reject(this.scope.signal.reason);
    this.flight.leave(this);
  }
}

const ONCE = { once: true };

/** One flight; it is the scope of its own call. A class, since it owns its state. */
class Flight<T> implements CallScope {
  readonly signal = new CallEnding();
  readonly forwardedAuthorization: CallScope['forwardedAuthorization'];
  /** Of the caller that started it: below it stand the calls that all share. */
  readonly span: CallScope['span'];
  readonly #call: KeyedCall;
  readonly #remove: (call: KeyedCall, flight: Flight<T>) => void;
  #waiters: Waiter<T>[] = [];
  #secrets: readonly string[] = [];

  /** Of its leader's call; `remove` is called when nobody can join it any more. */
  constructor(call: KeyedCall, remove: (call: KeyedCall, flight: Flight<T>) => void) {
    this.#call = call;
    this.#remove = remove;
    this.forwardedAuthorization = call.scope.forwardedAuthorization;
    this.span = call.scope.span;
  }

  /** Resolves, or rejects, as the flight does; rejects with the signal's reason where that aborts first. */
  wait(scope: CallScope): Promise<T> {
    for (const secret of this.#secrets) scope.keepSecret(secret);
    return new Promise((resolve, reject) => {
      const waiter = new Waiter(this, scope, resolve, reject);
      // Most have one: a list that grows by `push` has room for 17 at once.
      if (this.#waiters.length === 0) this.#waiters = [waiter];
      else this.#waiters.push(waiter);
    });
  }

  start(call: (shared: CallScope) => Promise<T>): void {
    call(this).then(
      (result) => {
        for (const { resolve } of this.#takeWaiters()) resolve(result);
      },
      (error: unknown) => {
        for (const { reject } of this.#takeWaiters()) reject(error);
      },
    );
  }

  /** One leaves early; with the last one the flight ends. */
  leave(waiter: Waiter<T>): void {
    this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
    if (this.#waiters.length > 0) return;
    this.#remove(this.#call, this);
    this.signal.abort(waiter.scope.signal.reason);
  }

  /** The flight has ended: its waiters, none of whom can leave it any more. */
  #takeWaiters(): readonly Waiter<T>[] {
    this.#remove(this.#call, this);
    for (const waiter of this.#waiters) waiter.scope.signal.removeEventListener('abort', waiter);
    return this.#waiters.splice(0);
  }

  /** The latest of those who wait: one caller's end is not the flight's. */
  get deadlineAt(): number {
    return Math.max(...this.#waiters.map(({ scope }) => scope.deadlineAt));
  }

  /** The first who can still pay does, so that one caller's empty budget does not take the answer from the others. */
  countUpstreamCall(): void {
    let refusal: unknown = this.signal.reason;
    for (const { scope } of this.#waiters) {
      try {
        scope.countUpstreamCall();
        return;
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  }

  keepSecret(text: string): void {
    this.#secrets = this.#secrets.concat(text);
    for (const { scope } of this.#waiters) scope.keepSecret(text);
  }
}
