import { setMaxListeners } from 'node:events';
import type { CallScope } from '../../../src/domain/call-scope.ts';
import { LimitExceededError } from '../../../src/domain/errors.ts';

/** The scope of a pretended operation, and what it has seen. */
export interface TestScope extends CallScope {
  /** The client leaves. */
  leave(): void;
  /** The operation's time is over. */
  expire(): void;
  calls(): number;
  readonly secrets: ReadonlySet<string>;
}

/** Makes a scope that ends only when told; `timeLeftMs` is what it claims to have left. */
export function callScope({ timeLeftMs = 25_000, maxCalls = 1_000 } = {}): TestScope {
  const controller = new AbortController();
  // As for every operation: it may wait for many calls at once.
  setMaxListeners(0, controller.signal);
  const secrets = new Set<string>();
  let calls = 0;
  return {
    signal: controller.signal,
    deadlineAt: Date.now() + timeLeftMs,
    forwardedAuthorization: {},
    secrets,
    calls: () => calls,
    keepSecret: (text) => void secrets.add(text),
    leave: () => controller.abort(),
    expire: () => controller.abort(new DOMException('The operation took too long.', 'TimeoutError')),
    countUpstreamCall() {
      if (calls >= maxCalls) throw new LimitExceededError('Too many upstream calls.');
      calls++;
    },
  };
}
