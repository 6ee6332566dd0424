import { describe, expect, test } from 'vitest';
import { createParseMemo } from '../../../src/http/parse-memo.ts';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

/** A memo, and the parsed value of a key that was read before, which is when answers begin to be kept. */
function memoOf(known: Readonly<Record<string, unknown>> = {}) {
  let nowMs = 0;
  const memo = createParseMemo(() => nowMs);
  for (const [key, value] of Object.entries(known)) memo.parse(key, bytes(value));
  return {
    read: (key: string, value: unknown) => memo.parse(key, bytes(value)).value,
    memo,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

const LARGE = 'x'.repeat(150_000);

/** Reads so many large answers, one after the other; there is room for forty. */
function readInTurn(read: (key: string, value: unknown) => unknown, count: number, name = 'key'): readonly unknown[] {
  return Array.from({ length: count }, (_, index) => read(`${name} ${index}`, [index, LARGE]));
}

describe('a parse memo', () => {
  test('answers the very same value, and what was made of it, for the same bytes of a key', () => {
    const { memo } = memoOf({ here: 0 });
    const first = memo.parse('here', bytes({ a: 1 }));
    const again = memo.parse('here', bytes({ a: 1 }));
    expect(again.value).toBe(first.value);
    expect(again.lastMade).toBe(first.lastMade);
    expect(first.value).toEqual({ a: 1 });
  });

  test('keeps nothing of a key that is read once and never again', () => {
    const { read } = memoOf();
    expect(read('here', { a: 1 })).not.toBe(read('here', { a: 1 }));
  });

  test('keeps nothing where more keys are read in turn than it remembers', () => {
    const { read } = memoOf();
    const turn = () => Array.from({ length: 2_000 }, (_, index) => read(`key ${index}`, [index]));
    turn();
    const second = turn();
    expect(turn().filter((value, index) => value === second[index])).toEqual([]);
  });

  test('parses what has changed, at once', () => {
    const { read } = memoOf({ here: 0 });
    read('here', { a: 1 });
    expect(read('here', { a: 2 })).toEqual({ a: 2 });
    expect(read('here', { a: 1 })).toEqual({ a: 1 });
  });

  test('keeps keys apart', () => {
    const { read } = memoOf({ here: 0, there: 0 });
    expect(read('here', { a: 1 })).not.toBe(read('there', { a: 1 }));
  });

  test('throws what cannot be parsed each time, and forgets the key', () => {
    const { read, memo } = memoOf({ here: 0 });
    const first = read('here', [1]);
    expect(() => memo.parse('here', Buffer.from('{'))).toThrow('the body is not JSON');
    expect(() => memo.parse('here', Buffer.from('{'))).toThrow('the body is not JSON');
    expect(read('here', [1])).not.toBe(first);
  });

  test('holds a few megabytes at most: what comes again stays, what does not goes', () => {
    const keys = Array.from({ length: 120 }, (_, index) => `key ${index}`);
    const { read } = memoOf(Object.fromEntries([...keys, 'asked often', 'asked once'].map((key) => [key, 0])));
    const [often, once] = [read('asked often', [0]), read('asked once', [1])];
    for (const key of keys) {
      read(key, LARGE);
      expect(read('asked often', [0])).toBe(often);
    }
    expect(read('asked once', [1])).not.toBe(once);
  });

  test('knows most of what is read in turn where it is a little more than there is room for', () => {
    const { read } = memoOf();
    for (let turns = 0; turns < 5; turns += 1) readInTurn(read, 50);
    const before = readInTurn(read, 50);
    expect(readInTurn(read, 50).filter((value, index) => value === before[index]).length).toBeGreaterThan(30);
  });

  test('leaves what it knows in peace where far more is read in turn than there is room for', () => {
    const { read } = memoOf();
    for (let turns = 0; turns < 3; turns += 1) readInTurn(read, 100);
    const before = readInTurn(read, 100);
    for (let turns = 0; turns < 10; turns += 1) readInTurn(read, 100);
    expect(readInTurn(read, 100).filter((value, index) => value === before[index]).length).toBeGreaterThan(20);
  });

  test('takes in what is asked for instead within seconds', () => {
    const { read, pass } = memoOf();
    for (let turns = 0; turns < 10; turns += 1) readInTurn(read, 40, 'before');
    for (let turns = 0; turns < 10; turns += 1) {
      pass(500);
      readInTurn(read, 40, 'now');
    }
    const before = readInTurn(read, 40, 'now');
    expect(readInTurn(read, 40, 'now').filter((value, index) => value === before[index]).length).toBeGreaterThan(35);
  });

  test('lets go of what nobody has asked for in a while, and of nothing that is asked for', () => {
    const { read, pass } = memoOf({ often: 0, seldom: 0 });
    const [often, seldom] = [read('often', [1]), read('seldom', [1])];
    for (let times = 0; times < 4; times += 1) {
      pass(5_000);
      expect(read('often', [1])).toBe(often);
    }
    expect(read('seldom', [1])).not.toBe(seldom);
    // What comes back is known from then on.
    expect(read('seldom', [1])).toBe(read('seldom', [1]));
  });
});
