/** The longest that a timer of Node's can wait: it takes a longer delay for 1 ms. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * The same stream until `endsAtMs` (since the epoch), then `last` as its last value. What is waited for at that time is
 * given up. Whoever stops reading sooner must `return` it, as `for await` does; nothing is left behind then, nor by a stream
 * that nobody begins to read. It has one reader, who waits for each value before asking for the next.
 */
export function expiringStream<T>(
  stream: AsyncIterable<T>,
  { endsAtMs, last }: { readonly endsAtMs: number; readonly last: () => T },
): AsyncIterableIterator<T> {
  const source = stream[Symbol.asyncIterator]();
  let state: 'running' | 'expired' | 'over' = 'running';
  let giveUp: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  function watch(): void {
    const leftMs = endsAtMs - Date.now();
    if (leftMs <= 0) expire();
    else timer = setTimeout(watch, Math.min(leftMs, MAX_DELAY_MS));
  }

  function expire(): void {
    state = 'expired';
    giveUp?.();
  }

  async function end(): Promise<void> {
    state = 'over';
    clearTimeout(timer);
    await source.return?.();
  }

  async function tellLast(): Promise<IteratorResult<T, undefined>> {
    await end();
    return { value: last(), done: false };
  }

  return {
    async next() {
      // Not before somebody reads: a timer would hold a stream that is never read, with all it knows, until its time.
      if (state === 'running' && timer === undefined) watch();
      if (state === 'over') return { value: undefined, done: true };
      if (state === 'expired') return tellLast();
      const given = new Promise<'given up'>((resolve) => {
        giveUp = () => resolve('given up');
      });
      try {
        const result = await Promise.race([source.next(), given]);
        if (result === 'given up') return await tellLast();
        if (result.done) await end();
        return result.done ? { value: undefined, done: true } : result;
      } catch (error) {
        await end();
        throw error;
      }
    },
    async return() {
      await end();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
