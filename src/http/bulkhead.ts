import type { CallSignal } from '../domain/call-signal.ts';

/** Bounds how much is under way at once, and how much waits for it. */
export interface Bulkhead {
  /**
   * Takes a slot, in the order of asking: at once (undefined), or by a promise, which rejects with the signal's reason
   * when that aborts first. Throws what `refuse` makes when the queue is full. Every slot taken must be released once.
   */
  acquire(signal: CallSignal): Promise<void> | undefined;
  release(): void;
  /** How many slots are taken, and how many calls wait for one. */
  load(): { readonly active: number; readonly queued: number };
}

/** Makes a bulkhead of `slots` and a queue of `maxQueue` behind them. */
export function createBulkhead({
  slots,
  maxQueue,
  refuse,
}: {
  readonly slots: number;
  readonly maxQueue: number;
  readonly refuse: () => Error;
}): Bulkhead {
  let free = slots;
  // A Set keeps the order and lets whoever leaves go without a search.
  const waiting = new Set<() => void>();

  return {
    acquire(signal) {
      if (free > 0) {
        free--;
        return undefined;
      }
      if (waiting.size >= maxQueue) throw refuse();
      return new Promise((resolve, reject) => {
        const leave = () => {
          waiting.delete(enter);
          reject(signal.reason);
        };
        const enter = () => {
          waiting.delete(enter);
          signal.removeEventListener('abort', leave);
          resolve();
        };
        if (signal.aborted) return reject(signal.reason);
        waiting.add(enter);
        signal.addEventListener('abort', leave, { once: true });
      });
    },
    release() {
      const [next] = waiting;
      if (next) next();
      else free++;
    },
    load: () => ({ active: slots - free, queued: waiting.size }),
  };
}
