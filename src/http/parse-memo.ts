import { LastMade } from '../domain/last-made.ts';
import { parseJson } from './json-body.ts';

/** Parses answers, and knows the last one of each place again. */
export interface ParseMemo {
  /**
   * The JSON of `bytes`; throws as `parseJson` does. Where the bytes are those of the place's last answer, the value is the
   * very same one, and so is what was made of it. It must never be changed.
   */
  parse(place: string, bytes: Buffer): ParsedAnswer;
}

/** A parsed answer. */
interface ParsedAnswer {
  readonly value: unknown;
  readonly lastMade: LastMade;
}

/** Of all kept answers together. What is made of them takes several times as much. */
const MAX_BYTES = 6_000_000;
/** Of one: larger ones would push the others out. */
const MAX_ANSWER_BYTES = 200_000;
/** So many places are remembered by name. */
const MAX_PLACES = 1_000;

/** What was answered at a place. */
interface KeptAnswer extends ParsedAnswer {
  readonly bytes: Buffer;
  /** Since it was last considered for being forgotten. */
  isUsed: boolean;
}

/**
 * Knows the places that were read lately. An answer is kept only where its place was: what is read once and never again would
 * push the others out, and whatever is kept is costly to let go of.
 */
function createLatePlaces(): (place: string) => boolean {
  let places = new Set<string>();
  let placesBefore = new Set<string>();
  return (place) => {
    const isKnown = places.has(place) || placesBefore.has(place);
    places.add(place);
    if (places.size > MAX_PLACES / 2) {
      placesBefore = places;
      places = new Set();
    }
    return isKnown;
  };
}

/**
 * Makes a memo. Every answer is fetched all the same; but lists of webhooks seldom change between two readings, and to
 * compare bytes is cheaper than to parse and check them, and to write what was made of them down again
 * (docs/performance.md).
 */
export function createParseMemo(): ParseMemo {
  // A map's order is that of insertion.
  const kept = new Map<string, KeptAnswer>();
  const wasReadLately = createLatePlaces();
  let keptBytes = 0;

  function forget(place: string): void {
    keptBytes -= kept.get(place)?.bytes.length ?? 0;
    kept.delete(place);
  }

  /** The first one goes, unless it was used meanwhile: then it gets a second chance at the end. */
  function makeRoom(): void {
    for (const [place, answer] of kept) {
      if (keptBytes <= MAX_BYTES) return;
      if (!answer.isUsed) {
        forget(place);
        continue;
      }
      answer.isUsed = false;
      kept.delete(place);
      kept.set(place, answer);
    }
  }

  return {
    parse: (place, bytes) => {
      const last = kept.get(place);
      if (last?.bytes.equals(bytes)) {
        last.isUsed = true;
        return last;
      }
      forget(place);
      const answer = { bytes, value: parseJson(bytes), lastMade: new LastMade(), isUsed: false };
      if (bytes.length > MAX_ANSWER_BYTES || !wasReadLately(place)) return answer;
      kept.set(place, answer);
      keptBytes += bytes.length;
      makeRoom();
      return answer;
    },
  };
}
