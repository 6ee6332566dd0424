import { describe, expect, test } from 'vitest';
import { createDocumentCache, createReturningDocumentCache } from '../../src/server/document-cache.ts';

const document = (number: number) => `query Document${number} { __typename }`;

describe('documents are kept by their text', () => {
  test('as long as they are used, a thousand of them', () => {
    const cache = createDocumentCache<number>();
    for (let number = 0; number < 2_000; number += 1) {
      cache.set(document(number), number);
      cache.get(document(0));
    }
    expect(cache.get(document(0))).toBe(0);
    expect(cache.get(document(1))).toBeUndefined();
    expect(cache.get(document(1_999))).toBe(1_999);
  });

  test('but for large ones', () => {
    const cache = createDocumentCache<number>();
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
