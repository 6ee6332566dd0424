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

interface Flight<T> {
  readonly members: Set<Member>;
  readonly secrets: Set<string>;
  /** Of the caller that started it: below it stand the calls that all share. */
  readonly span: CallScope['span'];
  readonly abort: (reason: unknown) => void;
  readonly result: Promise<T>;
}

interface Member {
  readonly scope: CallScope;
}

/** Makes a table of flights; it holds an entry only while somebody waits for it. */
export function createSingleFlight<T>(): SingleFlight<T> {
  const groups = new Map<string, Map<string, Flight<T>>>();

  function remove(group: string, key: string, flight: Flight<T>): void {
    const flights = groups.get(group);
    if (flights?.get(key) !== flight) return;
    flights.delete(key);
    if (flights.size === 0) groups.delete(group);
  }

  function start({ group, key, scope, start }: FlightPlan<T>, leader: Member): Flight<T> {
    const controller = new AbortController();
    const members = new Set([leader]);
    const secrets = new Set<string>();
    const result = start(sharedScope(scope, { signal: controller.signal, members, secrets }));
    const flight: Flight<T> = {
      members,
      secrets,
      span: scope.span,
      result,
      abort: (reason) => controller.abort(reason),
    };
    const flights = groups.get(group) ?? new Map<string, Flight<T>>();
    groups.set(group, flights.set(key, flight));
    const land = () => remove(group, key, flight);
    result.then(land, land);
    return flight;
  }

  return {
    run(plan) {
      const { group, key, scope } = plan;
      if (scope.signal.aborted) return Promise.reject(scope.signal.reason);
      const member: Member = { scope };
      const underWay = groups.get(group)?.get(key);
      const flight = underWay ?? start(plan, member);
      if (underWay) {
        underWay.members.add(member);
        for (const secret of underWay.secrets) scope.keepSecret(secret);
        if (underWay.span) scope.span?.link(underWay.span);
      }
      return new Promise<T>((resolve, reject) => {
        const leave = () => {
          flight.members.delete(member);
          reject(scope.signal.reason);
          if (flight.members.size > 0) return;
          remove(group, key, flight);
          flight.abort(scope.signal.reason);
        };
        const stopListening = () => scope.signal.removeEventListener('abort', leave);
        scope.signal.addEventListener('abort', leave, { once: true });
        void flight.result.then(resolve, reject).then(stopListening);
      });
    },
    closeDoors: (group) => void groups.delete(group),
  };
}

function sharedScope(
  leader: CallScope,
  flight: Pick<Flight<unknown>, 'members' | 'secrets'> & { readonly signal: AbortSignal },
): CallScope {
  const { signal, members, secrets } = flight;
  return {
    signal,
    span: leader.span,
    forwardedAuthorization: leader.forwardedAuthorization,
    /** The latest of those who wait: one caller's end is not the flight's. */
    get deadlineAt() {
      return Math.max(...Array.from(members, ({ scope }) => scope.deadlineAt));
    },
    /** The first who can still pay does, so that one caller's empty budget does not take the answer from the others. */
    countUpstreamCall() {
      let refusal: unknown = signal.reason;
      for (const { scope } of members) {
        try {
          scope.countUpstreamCall();
          return;
        } catch (error) {
          refusal = error;
        }
      }
      throw refusal;
    },
    keepSecret(text) {
      secrets.add(text);
      for (const { scope } of members) scope.keepSecret(text);
    },
  };
}
