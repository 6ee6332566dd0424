import { hash } from 'node:crypto';
import { createSeenLately } from '../domain/seen-lately.ts';

/** Where what is made of documents is kept by their text. */
export interface DocumentCache<T> {
  get(text: string): T | undefined;
  set(text: string, value: T): void;
}

/** Ordinary documents are a few kB; a larger one is parsed each time, so that nobody can fill the memory with them. */
const MAX_LENGTH = 10_000;
const MAX_DOCUMENTS = 1_000;
/** How long all kept documents are together at most. Parsed they take some 40 bytes a character. */
const MAX_TOTAL_LENGTH = 500_000;

/**
 * Tells of each document whether it has come lately, for the same `operationName`, if any. Of no large one: what is never
 * kept need not be known again, and to hash a megabyte is a tenth of what its refusal costs.
 */
export function createDocumentSightings(): (text: string, operationName?: string) => boolean {
  const wasSeenLately = createSeenLately(MAX_DOCUMENTS);
  // No operation's name can hold a NUL.
  return (text, operationName = '') =>
    text.length <= MAX_LENGTH && wasSeenLately(hash('sha256', `${operationName}\0${text}`, 'base64url'));
}

/**
 * For parsed documents. Kept only where the text has come before: a document that is made for one request never comes
 * back, and a thousand of them are 10 MB.
 */
export function createReturningDocumentCache<T>(): DocumentCache<T> {
  const { get, set } = createDocumentCache<T>({ maxWeight: MAX_TOTAL_LENGTH, weigh: (_value, text) => text.length });
  const wasSeenLately = createDocumentSightings();
  return {
    get,
    set: (text, value) => {
      if (wasSeenLately(text)) set(text, value);
    },
  };
}

interface KeptDocument<T> {
  readonly value: T;
  readonly weight: number;
  isUsed: boolean;
}

/** Keeps what is used, as long as there are not too many, and together they do not weigh too much. */
export function createDocumentCache<T>(options: {
  readonly maxWeight: number;
  readonly weigh: (value: T, text: string) => number;
}): DocumentCache<T> {
  const { maxWeight, weigh } = options;
  // A map's order is that of insertion. What is used is marked, and not moved to the end: that would be a change of the map
  // with each request.
  const kept = new Map<string, KeptDocument<T>>();
  let total = 0;

  /** The first that was not used goes; the others get a second chance, at the end. */
  function makeRoom(): void {
    for (const [text, document] of kept) {
      if (kept.size <= MAX_DOCUMENTS && total <= maxWeight) return;
      kept.delete(text);
      if (document.isUsed) kept.set(text, { ...document, isUsed: false });
      else total -= document.weight;
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
      const weight = weigh(value, text);
      total += weight - (kept.get(text)?.weight ?? 0);
      kept.set(text, { value, weight, isUsed: false });
      makeRoom();
    },
  };
}
