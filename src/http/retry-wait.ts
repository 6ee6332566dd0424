import type { CallSignal } from '../domain/call-signal.ts';

/**
 * Waits so many milliseconds, or until one of the signals aborts, whichever comes first. Leaves nothing behind on them: some
 * live as long as the gateway.
 */
export function waitForRetry(ms: number, signals: readonly CallSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    for (const signal of signals) signal.addEventListener('abort', end, { once: true });
    if (signals.some(({ aborted }) => aborted)) end();
  });
}
