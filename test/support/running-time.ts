/** Between two ticks of a process that nothing holds up. */
const TICK_MS = 5;

/** How long something took, in milliseconds. */
export interface Took<Result> {
  readonly result: Result;
  /** By the clock on the wall: what «at least» is said of. */
  readonly passedMs: number;
  /** While this process ran: what «at most» is said of. Never more than twice `TICK_MS` of a tick's wait count. */
  readonly runningMs: number;
}

/**
 * Runs something, and tells how long it took. A deadline holds in a process that runs; where the machine gives the
 * processor to others, or memory is collected, everything in it ends later, which says nothing of the deadline.
 */
export async function measured<Result>(run: () => Promise<Result>): Promise<Took<Result>> {
  const startedAt = performance.now();
  let lastAt = startedAt;
  let runningMs = 0;
  const tick = () => {
    const now = performance.now();
    runningMs += Math.min(now - lastAt, 2 * TICK_MS);
    lastAt = now;
  };
  const ticks = setInterval(tick, TICK_MS);
  try {
    const result = await run();
    tick();
    return { result, passedMs: performance.now() - startedAt, runningMs };
  } finally {
    clearInterval(ticks);
  }
}
