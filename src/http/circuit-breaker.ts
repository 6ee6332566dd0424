import { CircuitState, circuitBreaker, handleWhen } from 'cockatiel';
import { createSlidingCounter } from './sliding-counter.ts';

/** Stops asking an upstream that keeps failing, and tries it now and then. */
export interface CircuitBreaker {
  /** Whether a call now would be refused: it is open, or its one probe is under way. */
  isOpen(): boolean;
  /** Makes the call and learns from what becomes of it. Ask `isOpen` in the same turn before. */
  run<T>(call: () => Promise<T>): Promise<T>;
}

/** An upstream that restarts fails all that is under way at once; that alone is no outage. */
const OUTAGE_MS = 1_000;

/**
 * Opens when at least `failurePercent` of at least `minCalls` calls of the last 10 s failed, or when for a second nothing
 * but failures came, at least `minCalls` of them: the successes of a busy time before would hide an outage for seconds.
 * After `openMs` one probe decides. The states are cockatiel's; the count is ours, since its SamplingBreaker takes
 * failures of long ago for recent ones after a quiet time; so is the time, since a clock may be set back. Of what `call`
 * throws, `isFailure` tells failures from what says nothing about the upstream.
 */
export function createCircuitBreaker({
  minCalls = 20,
  failurePercent = 50,
  openMs = 5_000,
  isFailure,
  isFailedResult,
  onChange,
}: {
  readonly minCalls?: number | undefined;
  readonly failurePercent?: number | undefined;
  readonly openMs?: number | undefined;
  readonly isFailure: (error: unknown) => boolean;
  readonly isFailedResult: (result: unknown) => boolean;
  readonly onChange: (state: 'open' | 'closed') => void;
}): CircuitBreaker {
  const now = () => performance.now();
  const calls = createSlidingCounter({ now });
  const failures = createSlidingCounter({ now });
  let openUntil = 0;
  let failuresInARow = 0;
  let failingSince = 0;

  const countSuccess = () => {
    calls.add();
    failuresInARow = 0;
  };

  // A probe that ends without a verdict (its caller left) proves nothing: the circuit stays open, where cockatiel would
  // close it.
  const isHandled = (error: unknown): boolean => isFailure(error) || policy.state === CircuitState.HalfOpen;
  const policy = circuitBreaker(handleWhen(isHandled).orWhenResult(isFailedResult), {
    // At once, for all that the library knows: `isOpen` says when.
    halfOpenAfter: Number.NEGATIVE_INFINITY,
    breaker: {
      state: undefined,
      // A call from before the circuit opened says nothing about now.
      success(state) {
        if (state !== policy.state) return;
        if (state === CircuitState.HalfOpen) {
          calls.reset();
          failures.reset();
        }
        countSuccess();
      },
      failure(state) {
        if (state !== policy.state) return false;
        calls.add();
        failures.add();
        const total = calls.total();
        if (failures.total() === 1) failuresInARow = 0;
        if (failuresInARow === 0) failingSince = now();
        failuresInARow += 1;
        const isOutage = failuresInARow >= minCalls && now() - failingSince >= OUTAGE_MS;
        if (isOutage && failures.total() >= minCalls) return true;
        return total >= minCalls && failures.total() * 100 >= failurePercent * total;
      },
    },
  });
  policy.onBreak(() => {
    openUntil = now() + openMs;
    onChange('open');
  });
  policy.onReset(() => onChange('closed'));

  // The library is asked about failures only: to pass every call through it costs as much as the call's own promises.
  function noteResult<T>(result: T): T | Promise<T> {
    if (policy.state !== CircuitState.Closed) return result;
    if (isFailedResult(result)) return policy.execute(() => result);
    countSuccess();
    return result;
  }

  function noteError(error: unknown): Promise<never> {
    if (policy.state !== CircuitState.Closed || !isFailure(error)) throw error;
    return policy.execute(() => Promise.reject(error));
  }

  return {
    isOpen() {
      if (policy.state === CircuitState.Closed) return false;
      return policy.state === CircuitState.HalfOpen || now() < openUntil;
    },
    run: (call) => (policy.state === CircuitState.Closed ? call().then(noteResult, noteError) : policy.execute(call)),
  };
}
