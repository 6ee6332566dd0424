/** Wakes one who waits: when it is rung, and after a while in any case. */
export interface Reminder {
  ring(): void;
  /** Resolves at once where it has rung since the last time; rejects with the signal's reason when that aborts first. */
  wait(signal: AbortSignal): Promise<void>;
}

/** Makes a reminder that lets nobody wait longer than `maxMs`. */
export function createReminder(maxMs: number): Reminder {
  let hasRung = false;
  let wake = () => {};

  return {
    ring: () => {
      hasRung = true;
      wake();
    },
    wait: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const stop = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', leave);
          wake = () => {};
          hasRung = false;
        };
        const leave = () => {
          stop();
          reject(signal.reason);
        };
        const go = () => {
          stop();
          resolve();
        };
        const timer = setTimeout(go, hasRung ? 0 : maxMs);
        signal.addEventListener('abort', leave, { once: true });
        wake = go;
      }),
  };
}
