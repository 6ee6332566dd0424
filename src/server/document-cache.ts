/** Where parsed documents are kept by their text. */
export interface DocumentCache<T> {
  get(text: string): T | undefined;
  set(text: string, value: T): void;
}

/** Ordinary documents are a few kB; a larger one is parsed each time, so that nobody can fill the memory with them. */
const MAX_LENGTH = 10_000;
const MAX_DOCUMENTS = 1_000;

/** Keeps what was used last. */
export function createDocumentCache<T>(): DocumentCache<T> {
  const kept = new Map<string, T>();
  return {
    get: (text) => {
      const value = kept.get(text);
      if (value === undefined) return undefined;
      // A map's order is that of insertion: what is used moves to the end.
      kept.delete(text);
      kept.set(text, value);
      return value;
    },
    set: (text, value) => {
      if (text.length > MAX_LENGTH) return;
      kept.set(text, value);
      const [oldest] = kept.keys();
      if (kept.size > MAX_DOCUMENTS && oldest !== undefined) kept.delete(oldest);
    },
  };
}
