import { LastMade } from '../domain/last-made.ts';
import { createSeenLately } from '../domain/seen-lately.ts';
import { parseJson } from './json-body.ts';

/** Parses answers, and knows the last one of each request again. */
export interface ParseMemo {
  /**
   * The JSON of `bytes`, which answer the request that `key` stands for; throws as `parseJson` does. Where its last answer
   * had the same bytes, the value is the very same one, and so is what was made of it. It must never be changed.
   */
  parse(key: string, bytes: Buffer): ParsedAnswer;
}

/** A parsed answer. */
interface ParsedAnswer {
  readonly value: unknown;
  readonly lastMade: LastMade;
}

/** How large all kept answers are together at most. What is made of them takes several times as much. */
const MAX_BYTES = 6_000_000;
/** How large one kept answer is at most: larger ones would push the others out. */
const MAX_ANSWER_BYTES = 200_000;
/** How many requests are remembered by their keys. */
const MAX_KEYS = 1_000;

/**
 * What nobody has asked for in this time is let go of, within twice of it, while anything else is asked for: parsed and
 * written it takes 20 MB and more.
 */
const SWEEP_MS = 10_000;

/** How many answers that are in use the hand passes over before it gives up looking for room. */
const MAX_LOOKS = 2;

/**
 * How many answers make room for others within a second. Where far more is read in turn than fits in, they would push each
 * other out without end, which costs more than to keep nothing (docs/performance.md).
 */
const MAX_PUSHED_OUT = 50;
const SECOND_MS = 1_000;

/** The last answer of a request. */
interface KeptAnswer extends ParsedAnswer {
  readonly key: string;
  readonly bytes: Buffer;
  /** Its index in the ring. */
  seat: number;
  /** Whether it was asked for since the hand last came by; true at first, so that what is new gets its chance. */
  isUsed: boolean;
}

/**
 * Makes a memo. Every answer is fetched all the same; but lists of webhooks seldom change between two readings, and to
 * compare bytes is cheaper than to parse and check them, and to write what was made of them down again
 * (docs/performance.md). Where all that is read does not fit in, what is kept stays as long as it is used: to let the latest
 * push out the oldest would help nobody when they are read in turn. `now` is in ms.
 */
export function createParseMemo(now: () => number): ParseMemo {
  const kept = new Map<string, KeptAnswer>();
  // A clock: its hand passes over what was used since it last came by, and takes what was not.
  const ring: KeptAnswer[] = [];
  let hand = 0;
  let keptBytes = 0;
  let sweptAt = now();
  let secondBeganAt = now();
  let pushedOut = 0;
  // What is read once and never again would push the others out, and whatever is kept is costly to let go of.
  const wasReadLately = createSeenLately(MAX_KEYS);

  function keep(answer: KeptAnswer): void {
    answer.seat = ring.push(answer) - 1;
    kept.set(answer.key, answer);
    keptBytes += answer.bytes.length;
  }

  function forget({ key, bytes, seat }: KeptAnswer): void {
    const last = ring.pop();
    if (last && last.key !== key) {
      ring[seat] = last;
      last.seat = seat;
    }
    kept.delete(key);
    keptBytes -= bytes.length;
  }

  function hasRoomFor(bytes: number): boolean {
    for (let looks = 0; keptBytes + bytes > MAX_BYTES && looks < MAX_LOOKS; ) {
      if (hand >= ring.length) hand = 0;
      const answer = ring[hand];
      if (!answer) break;
      if (answer.isUsed) {
        answer.isUsed = false;
        hand += 1;
        looks += 1;
      } else if (mayPushOut()) forget(answer);
      else break;
    }
    return keptBytes + bytes <= MAX_BYTES;
  }

  function mayPushOut(): boolean {
    if (now() - secondBeganAt >= SECOND_MS) {
      secondBeganAt = now();
      pushedOut = 0;
    }
    pushedOut += 1;
    return pushedOut <= MAX_PUSHED_OUT;
  }

  function sweep(): void {
    for (const answer of [...ring]) {
      if (answer.isUsed) answer.isUsed = false;
      else forget(answer);
    }
    sweptAt = now();
  }

  return {
    parse: (key, bytes) => {
      if (now() - sweptAt >= SWEEP_MS) sweep();
      const last = kept.get(key);
      if (last?.bytes.equals(bytes)) {
        last.isUsed = true;
        return last;
      }
      if (last) forget(last);
      const answer = { key, bytes, value: parseJson(bytes), lastMade: new LastMade(), seat: 0, isUsed: true };
      if (bytes.length <= MAX_ANSWER_BYTES && wasReadLately(key) && hasRoomFor(bytes.length)) keep(answer);
      return answer;
    },
  };
}
