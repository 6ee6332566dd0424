import type { TailSession } from './activity-tails.ts';

/**
 * What `follow` yields, until its session ends or the stream is returned: at once, also while it waits, where a generator
 * alone would answer `return` only after whatever it waits for. A failure is its last value, so that it is told like any
 * other. The session is opened when the stream is first read.
 */
export function sessionStream<T>(
  openSession: () => TailSession,
  follow: (session: TailSession) => AsyncGenerator<T, void>,
): AsyncIterableIterator<T | Error> {
  let session: TailSession | undefined;

  async function* run(): AsyncGenerator<T | Error, void> {
    try {
      session = openSession();
      yield* follow(session);
    } catch (error) {
      if (!session?.signal.aborted)
        yield error instanceof Error ? error : new Error('The tail failed.', { cause: error });
    } finally {
      session?.end();
    }
  }

  const generator = run();
  return {
    next: () => generator.next(),
    return: () => {
      session?.end();
      return generator.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
