import { hash } from 'node:crypto';
import { createSeenLately } from '../domain/seen-lately.ts';

/** Where parsed documents are kept by their text. */
export interface DocumentCache<T> {
  get(text: string): T | undefined;
  set(text: string, value: T): void;
}

/** Ordinary documents are a few kB; a larger one is parsed each time, so that nobody can fill the memory with them. */
const MAX_LENGTH = 10_000;
const MAX_DOCUMENTS = 1_000;

/**
 * The same for what is large. Kept only where the text has come before: a document that is made for one request never
 * comes back, and a thousand of them are 10 MB.
 */
export function createReturningDocumentCache<T>(): DocumentCache<T> {
  const { get, set } = createDocumentCache<T>();
  const wasSeenLately = createSeenLately(MAX_DOCUMENTS);
  return {
    get,
    set: (text, value) => {
      // What is never kept need not be known again: to hash a megabyte is a tenth of what its refusal costs.
      if (text.length > MAX_LENGTH) return;
      if (wasSeenLately(hash('sha256', text, 'base64url'))) set(text, value);
    },
  };
}

/** Keeps what is used. */
export function createDocumentCache<T>(): DocumentCache<T> {
  // A map's order is that of insertion. What is used is marked, and not moved to the end: that would be a change of the map
  // with each request.
  const kept = new Map<string, { readonly value: T; isUsed: boolean }>();

  /** The first that was not used goes; the others get a second chance, at the end. */
  function makeRoom(): void {
    for (const [text, document] of kept) {
      if (kept.size <= MAX_DOCUMENTS) return;
      kept.delete(text);
      if (document.isUsed) kept.set(text, { ...document, isUsed: false });
    }
  }

  return {
    get: (text) => {
      const document = kept.get(text);
      if (!document) return undefined;
      document.isUsed = true;
      return document.value;
    },
    set: (text, value) => {
      if (text.length > MAX_LENGTH) return;
      kept.set(text, { value, isUsed: false });
      makeRoom();
    },
  };
}
