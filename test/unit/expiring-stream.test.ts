import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { expiringStream } from '../../src/server/caller/expiring-stream.ts';

const DAY_MS = 86_400_000;

/** A stream that gives what is pushed, and knows whether it was ended. */
function pushed() {
  const waiting: ((result: IteratorResult<string, undefined>) => void)[] = [];
  let isEnded = false;
  const stream: AsyncIterableIterator<string, undefined> = {
    next: () => new Promise((resolve) => void waiting.push(resolve)),
    return: async () => {
      isEnded = true;
      for (const resolve of waiting) resolve({ value: undefined, done: true });
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return {
    stream,
    push: (value: string) => waiting.shift()?.({ value, done: false }),
    isEnded: () => isEnded,
  };
}

const expiring = (stream: AsyncIterable<string>, inMs: number) =>
  expiringStream(stream, { endsAtMs: Date.now() + inMs, last: () => 'last' });
const OVER = { value: undefined, done: true };

beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => void vi.useRealTimers());

describe('a stream that expires', () => {
  test('gives what the stream gives, until its time', async () => {
    const { stream, push, isEnded } = pushed();
    const ending = expiring(stream, 1_000);
    const first = ending.next();
    push('a');
    expect(await first).toEqual({ value: 'a', done: false });
    const second = ending.next();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([await second, await ending.next(), isEnded()]).toEqual([{ value: 'last', done: false }, OVER, true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('tells its last value also to a reader who was busy when it ended', async () => {
    const { stream } = pushed();
    const ending = expiring(stream, 1_000);
    await vi.advanceTimersByTimeAsync(5_000);
    expect([await ending.next(), await ending.next()]).toEqual([{ value: 'last', done: false }, OVER]);
  });

  test('whose time is over already begins with its last value', async () => {
    const ending = expiring(pushed().stream, -1);
    const first = ending.next();
    await vi.advanceTimersByTimeAsync(1);
    expect([await first, await ending.next()]).toEqual([{ value: 'last', done: false }, OVER]);
  });

  test('in a year ends in a year, although no timer is that long', async () => {
    const { stream, isEnded } = pushed();
    const ending = expiring(stream, 365 * DAY_MS);
    const only = ending.next();
    await vi.advanceTimersByTimeAsync(364 * DAY_MS);
    expect([isEnded(), vi.getTimerCount()]).toEqual([false, 1]);
    await vi.advanceTimersByTimeAsync(DAY_MS);
    expect(await only).toEqual({ value: 'last', done: false });
  });

  test('has no timer until it is read, which may be never', async () => {
    const { stream, push } = pushed();
    const ending = expiring(stream, DAY_MS);
    expect(vi.getTimerCount()).toBe(0);
    const first = ending.next();
    push('a');
    expect([await first, vi.getTimerCount()]).toEqual([{ value: 'a', done: false }, 1]);
    await vi.advanceTimersByTimeAsync(DAY_MS);
    expect([await ending.next(), vi.getTimerCount()]).toEqual([{ value: 'last', done: false }, 0]);
  });

  test('leaves no timer behind when its reader leaves, while it waits or not', async () => {
    for (const isWaiting of [true, false]) {
      const { stream, isEnded } = pushed();
      const ending = expiring(stream, DAY_MS);
      const waiting = isWaiting ? ending.next() : undefined;
      expect(await ending.return?.()).toEqual(OVER);
      if (waiting) expect(await waiting).toEqual(OVER);
      expect([isEnded(), vi.getTimerCount()]).toEqual([true, 0]);
    }
  });

  test('leaves no timer behind when the stream ends or fails by itself', async () => {
    async function* short() {
      yield 'a';
    }
    async function* broken(): AsyncGenerator<string> {
      yield 'a';
      throw new Error('broken');
    }
    const ended = expiring(short(), DAY_MS);
    expect([await ended.next(), await ended.next()]).toEqual([{ value: 'a', done: false }, OVER]);
    const failing = expiring(broken(), DAY_MS);
    await failing.next();
    await expect(failing.next()).rejects.toThrow('broken');
    expect(vi.getTimerCount()).toBe(0);
  });
});
