/** Something that several wait for, and that can happen again and again. */
export interface Bell {
  /** Wakes whoever waits now. */
  ring(): void;
  /** Rejects with the signal's reason when that aborts first. */
  wait(signal: AbortSignal): Promise<void>;
}

/** Makes a bell. */
export function createBell(): Bell {
  const waiting = new Set<() => void>();
  return {
    ring: () => {
      for (const wake of [...waiting]) wake();
    },
    wait: (signal) =>
      abortable(signal, (wake) => {
        waiting.add(wake);
        return () => waiting.delete(wake);
      }),
  };
}

/** Waits some hours at most (tail-pace.ts); rejects with the signal's reason when that aborts first. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return abortable(signal, (wake) => {
    const timer = setTimeout(wake, ms);
    return () => clearTimeout(timer);
  });
}

/** Every wait races its signal and leaves nothing behind: `start` gets what ends it, and answers how to take it back. */
function abortable(signal: AbortSignal, start: (wake: () => void) => () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const leave = () => {
      stop();
      reject(signal.reason);
    };
    const stop = start(() => {
      signal.removeEventListener('abort', leave);
      stop();
      resolve();
    });
    signal.addEventListener('abort', leave, { once: true });
  });
}
