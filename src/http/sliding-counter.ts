/** Counts what happened lately. */
export interface SlidingCounter {
  add(): void;
  /** How often within the window. */
  total(): number;
  reset(): void;
}

const SLOTS = 10;

/** A counter over the last `windowMs`, exact to a tenth of it; ten numbers, however much is counted. */
export function createSlidingCounter({
  now,
  windowMs = 10_000,
}: {
  readonly now: () => number;
  readonly windowMs?: number;
}): SlidingCounter {
  const slotMs = windowMs / SLOTS;
  const counts = new Array<number>(SLOTS).fill(0);
  let current = Math.floor(now() / slotMs);

  function moveOn(): number {
    const slot = Math.floor(now() / slotMs);
    // A clock that was set back empties the window too.
    if (Math.abs(slot - current) >= SLOTS) counts.fill(0);
    else for (let passed = current + 1; passed <= slot; passed++) counts[passed % SLOTS] = 0;
    current = slot;
    return slot % SLOTS;
  }

  return {
    add() {
      const index = moveOn();
      counts[index] = (counts[index] ?? 0) + 1;
    },
    total() {
      moveOn();
      return counts.reduce((sum, count) => sum + count, 0);
    },
    reset: () => void counts.fill(0),
  };
}
