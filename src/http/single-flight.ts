import { CallEnding } from '../domain/call-signal.ts';
import type { CallScope } from '../domain/webhook-provider.ts';

/** Lets callers that ask for the same thing at the same time share one flight. */
export interface SingleFlight<T> {
  /**
   * Joins the flight under way for `key`, or starts one. A caller whose signal aborts rejects with the signal's reason
   * and never disturbs the others; when the last one leaves, the flight's own signal is aborted.
   */
  run(flight: FlightPlan<T>): Promise<T>;
  /** From now on nobody joins the flights of this group that are under way; who waits in them is still served. */
  closeDoors(group: string): void;
}

interface FlightPlan<T> {
  /** Whose flight it is: a hash of credentials. */
  readonly group: string;
  readonly key: string;
  readonly scope: CallScope;
  /**
   * Gets a scope of the flight's own: it lives as long as anybody waits, and its calls are counted against those who
   * wait.
   */
  readonly start: (shared: CallScope) => Promise<T>;
}

/** The flights under way of one group. */
interface Airline<T> {
  // A plain object: a Map that entries come to and go from leaves its old tables behind, and each of them keeps the next
  // one and all that is in it alive until the next full collection (docs/performance.md).
  readonly flights: Record<string, Flight<T>>;
  size: number;
}

/** Makes a table of flights; it holds an entry only while somebody waits for it. */
export function createSingleFlight<T>(): SingleFlight<T> {
  const airlines: Record<string, Airline<T>> = Object.create(null);

  function add(group: string, key: string, flight: Flight<T>): void {
    airlines[group] ??= { flights: Object.create(null), size: 0 };
    airlines[group].flights[key] = flight;
    airlines[group].size += 1;
  }

  function remove(group: string, key: string, flight: Flight<T>): void {
    const airline = airlines[group];
    if (airline?.flights[key] !== flight) return;
    delete airline.flights[key];
    airline.size -= 1;
    if (airline.size === 0) delete airlines[group];
  }

  function takeOff({ group, key, start }: FlightPlan<T>, flight: Flight<T>): void {
    add(group, key, flight);
    start(flight).then(
      (result) => {
        remove(group, key, flight);
        flight.land(result);
      },
      (error: unknown) => {
        remove(group, key, flight);
        flight.crash(error);
      },
    );
  }

  return {
    run(plan) {
      const { group, key, scope } = plan;
      if (scope.signal.aborted) return Promise.reject(scope.signal.reason);
      const underWay = airlines[group]?.flights[key];
      if (underWay?.span) scope.span?.link(underWay.span);
      const flight = underWay ?? new Flight<T>(scope);
      const arrival = flight.board(scope, () => remove(group, key, flight));
      if (!underWay) takeOff(plan, flight);
      return arrival;
    },
    closeDoors: (group) => {
      delete airlines[group];
    },
  };
}

/** Who waits for a flight. */
interface Passenger<T> {
  readonly scope: CallScope;
  readonly leave: () => void;
  readonly resolve: (result: T) => void;
  readonly reject: (error: unknown) => void;
}

/** One flight; it is the scope of its own call. A class, since it owns its state. */
class Flight<T> implements CallScope {
  readonly signal = new CallEnding();
  readonly forwardedAuthorization: CallScope['forwardedAuthorization'];
  /** Of the caller that started it: below it stand the calls that all share. */
  readonly span: CallScope['span'];
  readonly #passengers: Passenger<T>[] = [];
  readonly #secrets: string[] = [];

  constructor(leader: CallScope) {
    this.forwardedAuthorization = leader.forwardedAuthorization;
    this.span = leader.span;
  }

  /** Waits for the flight; when the last one leaves, it ends, and `onDeserted` is called. */
  board(scope: CallScope, onDeserted: () => void): Promise<T> {
    for (const secret of this.#secrets) scope.keepSecret(secret);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#passengers.splice(this.#passengers.indexOf(passenger), 1);
        reject(scope.signal.reason);
        if (this.#passengers.length > 0) return;
        onDeserted();
        this.signal.abort(scope.signal.reason);
      };
      const passenger = { scope, leave, resolve, reject };
      this.#passengers.push(passenger);
      scope.signal.addEventListener('abort', leave, { once: true });
    });
  }

  land(result: T): void {
    for (const { resolve } of this.#disembarked()) resolve(result);
  }

  crash(error: unknown): void {
    for (const { reject } of this.#disembarked()) reject(error);
  }

  #disembarked(): readonly Passenger<T>[] {
    for (const { scope, leave } of this.#passengers) scope.signal.removeEventListener('abort', leave);
    return this.#passengers.splice(0);
  }

  /** The latest of those who wait: one caller's end is not the flight's. */
  get deadlineAt(): number {
    return Math.max(...this.#passengers.map(({ scope }) => scope.deadlineAt));
  }

  /** The first who can still pay does, so that one caller's empty budget does not take the answer from the others. */
  countUpstreamCall(): void {
    let refusal: unknown = this.signal.reason;
    for (const { scope } of this.#passengers) {
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
    this.#secrets.push(text);
    for (const { scope } of this.#passengers) scope.keepSecret(text);
  }
}
