import { describe, expect, test } from 'vitest';
import { createParseMemo } from '../../../src/http/parse-memo.ts';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('a parse memo', () => {
  test('answers the very same value for the same bytes of a place', () => {
    const memo = createParseMemo();
    const first = memo.parse('here', bytes({ a: 1 }));
    expect(memo.parse('here', bytes({ a: 1 }))).toBe(first);
    expect(first).toEqual({ a: 1 });
  });

  test('parses what has changed, at once', () => {
    const memo = createParseMemo();
    memo.parse('here', bytes({ a: 1 }));
    expect(memo.parse('here', bytes({ a: 2 }))).toEqual({ a: 2 });
    expect(memo.parse('here', bytes({ a: 1 }))).toEqual({ a: 1 });
  });

  test('keeps places apart', () => {
    const memo = createParseMemo();
    expect(memo.parse('here', bytes({ a: 1 }))).not.toBe(memo.parse('there', bytes({ a: 1 })));
  });

  test('throws what cannot be parsed each time, and forgets the place', () => {
    const memo = createParseMemo();
    const first = memo.parse('here', bytes([1]));
    expect(() => memo.parse('here', Buffer.from('{'))).toThrow('the body is not JSON');
    expect(() => memo.parse('here', Buffer.from('{'))).toThrow('the body is not JSON');
    expect(memo.parse('here', bytes([1]))).not.toBe(first);
  });

  test('holds four megabytes at most: the places that were not read for longest go first', () => {
    const memo = createParseMemo();
    const large = bytes('x'.repeat(150_000));
    const first = memo.parse('place 0', bytes([0]));
    const second = memo.parse('place 1', bytes([1]));
    expect(memo.parse('place 0', bytes([0]))).toBe(first);
    for (let place = 2; place < 32; place += 1) memo.parse(`place ${place}`, large);
    expect(memo.parse('place 1', bytes([1]))).not.toBe(second);
  });
});
