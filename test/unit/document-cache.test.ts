import { describe, expect, test } from 'vitest';
import { createDocumentCache, createReturningDocumentCache } from '../../src/server/document-cache.ts';

const createNumberCache = () => createDocumentCache<number>({ maxWeight: 10_000, weigh: (value) => value });

const document = (number: number) => `query Document${number} { __typename }`;

describe('documents are kept by their text', () => {
  test('as long as they are used, a thousand of them', () => {
    const cache = createNumberCache();
    for (let number = 0; number < 2_000; number += 1) {
      cache.set(document(number), 1);
      cache.get(document(0));
    }
    expect(cache.get(document(0))).toBe(1);
    expect(cache.get(document(1))).toBeUndefined();
    expect(cache.get(document(1_999))).toBe(1);
  });

  test('and as long as they do not weigh too much together', () => {
    const cache = createNumberCache();
    for (let number = 0; number < 20; number += 1) {
      cache.set(document(number), 1_000);
      cache.get(document(0));
    }
    const numbers = Array.from({ length: 20 }, (_, number) => number);
    expect(numbers.filter((number) => cache.get(document(number)) !== undefined)).toEqual([0, ...numbers.slice(-9)]);
    // The same one again, lighter, makes room.
    cache.set(document(19), 1);
    cache.set(document(20), 999);
    expect([...numbers.slice(-9), 20].filter((number) => cache.get(document(number)) === undefined)).toEqual([]);
  });

  test('but for large ones', () => {
    const cache = createNumberCache();
    const large = `{ __typename } #${'x'.repeat(10_000)}`;
    cache.set(large, 1);
    expect(cache.get(large)).toBeUndefined();
  });
});

describe('what is made of a document that may never come back', () => {
  test('is kept from the second time on', () => {
    const cache = createReturningDocumentCache<string>();
    cache.set(document(1), 'first');
    expect(cache.get(document(1))).toBeUndefined();
    cache.set(document(1), 'second');
    expect(cache.get(document(1))).toBe('second');
  });

  test('is forgotten where a thousand others have come between', () => {
    const cache = createReturningDocumentCache<string>();
    cache.set(document(0), 'first');
    for (let number = 1; number <= 1_100; number += 1) cache.set(document(number), 'once');
    cache.set(document(0), 'second');
    expect(cache.get(document(0))).toBeUndefined();
  });
});
