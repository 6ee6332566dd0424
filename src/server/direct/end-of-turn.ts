let end: Promise<void> | undefined;

/**
 * Resolves at the end of the event loop's turn, for all who ask within it. Answers that are finished in the same turn are
 * written one right after the other: whoever reads them is woken once and not for each of them, and waking a process is what
 * a small answer costs most (docs/performance.md). Nobody waits longer than it takes to look at what has arrived by now.
 */
export function endOfTurn(): Promise<void> {
  end ??= new Promise((resolve) => {
    setImmediate(() => {
      end = undefined;
      resolve();
    });
  });
  return end;
}
