import { parseJson } from './json-body.ts';

/** Parses answers, and knows the last one of each place again. */
export interface ParseMemo {
  /**
   * The JSON of `bytes`; throws as `parseJson` does. Where the bytes are those of the place's last answer, the value is the
   * very same one, so that whatever was made of it can be known again too. It must never be changed.
   */
  parse(place: string, bytes: Buffer): unknown;
}

/** Of all kept answers together. */
const MAX_BYTES = 4_000_000;
/** Of one: larger ones would push the others out. */
const MAX_ANSWER_BYTES = 200_000;

/**
 * Makes a memo. Every answer is fetched all the same; but lists of webhooks seldom change between two readings, and to
 * compare bytes is cheaper than to parse and check them: a tenth of what a list costs (docs/performance.md).
 */
export function createParseMemo(): ParseMemo {
  // A map's order is that of insertion: the first place is the one that was not read for longest.
  const kept = new Map<string, { readonly bytes: Buffer; readonly value: unknown }>();
  let keptBytes = 0;

  function forget(place: string): void {
    keptBytes -= kept.get(place)?.bytes.length ?? 0;
    kept.delete(place);
  }

  return {
    parse: (place, bytes) => {
      const last = kept.get(place);
      forget(place);
      const value = last?.bytes.equals(bytes) ? last.value : parseJson(bytes);
      if (bytes.length > MAX_ANSWER_BYTES) return value;
      kept.set(place, { bytes, value });
      keptBytes += bytes.length;
      for (const [oldest] of kept) {
        if (keptBytes <= MAX_BYTES) break;
        forget(oldest);
      }
      return value;
    },
  };
}
