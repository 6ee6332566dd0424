import { compareInstants, type Instant, isInstant, isInstantMs } from '../../domain/instant.ts';
import type { TailEntry } from './tail-entry.ts';

/** How long after its own completion an entry may appear in the log and still be delivered. */
export const OVERLAP_MS = 60_000;

/** How long a slot is: a position tells what was delivered slot by slot. */
const SLOT_MS = 5_000;
const SUM_MODULUS = 2 ** 48;
const NUMBER_BYTES = 6;
/** Those of the overlap, and the unfinished one that the newest entry is in. */
const MAX_SLOTS = OVERLAP_MS / SLOT_MS + 1;
/** How many entries of one slot may appear late, while nobody looks, and still be told from those that were delivered. */
const MAX_LATE = 2;

/**
 * What was delivered up to some point, small enough for a cursor: of each slot of time within the overlap how many
 * entries, and the sum of what identifies them. That tells exactly where to go on in a burst of equal timestamps, among
 * entries that say all the same, and which of the log's entries have appeared since.
 */
export interface TailPosition {
  /** The latest completion among what was delivered. */
  readonly newest: Instant;
  /** What was completed before is out of sight. */
  readonly fromMs: number;
  /** The oldest first; those without an entry are left out. */
  readonly slots: readonly TailSlot[];
}

type TailSlot = readonly [startMs: number, count: number, sum: number];

/** A position at which nothing was delivered yet. */
export function startPosition(newest: Instant, fromMs = newest.ms - OVERLAP_MS): TailPosition {
  return { newest, fromMs: slotStart(fromMs), slots: [] };
}

/** From when on the log is to be read to go on at a position. */
export function resumeFromMs({ newest, fromMs }: TailPosition): number {
  return Math.max(fromMs, slotStart(newest.ms - OVERLAP_MS));
}

/** The position behind one entry more. */
export function advance(position: TailPosition, { at, mark }: Pick<TailEntry, 'at' | 'mark'>): TailPosition {
  const newest = compareInstants(at, position.newest) > 0 ? at : position.newest;
  const startMs = slotStart(at.ms);
  const oldestMs = resumeFromMs({ ...position, newest });
  const kept = position.slots.filter(([start]) => start >= oldestMs);
  if (startMs < oldestMs) return { ...position, newest, slots: kept };
  const index = kept.findIndex(([start]) => start >= startMs);
  const slotIndex = index < 0 ? kept.length : index;
  const [start, count, sum] = kept[slotIndex] ?? [Number.NaN, 0, 0];
  const isThere = start === startMs;
  const slot: TailSlot = isThere
    ? [startMs, count + 1, (sum + numberOf(mark)) % SUM_MODULUS]
    : [startMs, 1, numberOf(mark)];
  return { ...position, newest, slots: kept.toSpliced(slotIndex, isThere ? 1 : 0, slot) };
}

/** The same position where the log reaches back to `oldestMs` only. */
export function keptPosition(position: TailPosition, oldestMs: number): TailPosition {
  return position.fromMs < oldestMs ? { ...position, fromMs: slotStart(oldestMs) } : position;
}

/**
 * What of the log was not delivered yet at a position. `entries` is all that the log holds from `resumeFromMs` on, the
 * oldest first; what is older is passed over.
 */
export function undelivered(position: TailPosition, entries: readonly TailEntry[]): readonly TailEntry[] {
  const oldestMs = resumeFromMs(position);
  const bySlot = new Map<number, TailEntry[]>();
  for (const entry of entries) {
    if (entry.at.ms < oldestMs) continue;
    const startMs = slotStart(entry.at.ms);
    const slot = bySlot.get(startMs);
    if (slot) slot.push(entry);
    else bySlot.set(startMs, [entry]);
  }
  const delivered = new Map(position.slots.map(([startMs, count, sum]) => [startMs, { count, sum }]));
  return [...bySlot].flatMap(([startMs, slot]) => undeliveredOf(slot, delivered.get(startMs)));
}

/**
 * The ordinary case is that the first `count` were delivered. Where their sum differs, up to `MAX_LATE` among them have
 * appeared late, and are found by what the sum is too high. With more of them the count alone is left to go by.
 */
function undeliveredOf(
  slot: readonly TailEntry[],
  { count, sum }: { readonly count: number; readonly sum: number } = { count: 0, sum: 0 },
): readonly TailEntry[] {
  const numbers = slot.map(({ mark }) => numberOf(mark));
  for (let late = 0; late <= MAX_LATE && count + late <= slot.length; late += 1) {
    const first = numbers.slice(0, count + late);
    const total = first.reduce((before, number) => (before + number) % SUM_MODULUS, 0);
    const found = indexesOfSum(first, late, (total - sum + SUM_MODULUS) % SUM_MODULUS);
    if (found) return slot.filter((_, index) => index >= count + late || found.includes(index));
  }
  return slot.slice(count);
}

/** Where in `numbers` there are `howMany` (0 to 2) that make a sum; the last such places. */
function indexesOfSum(numbers: readonly number[], howMany: number, sum: number): readonly number[] | undefined {
  if (howMany === 0) return sum === 0 ? [] : undefined;
  if (howMany === 1) {
    const index = numbers.lastIndexOf(sum);
    return index < 0 ? undefined : [index];
  }
  const seen = new Map<number, number>();
  for (let index = numbers.length - 1; index >= 0; index -= 1) {
    const number = numbers[index] ?? 0;
    const other = seen.get((sum - number + SUM_MODULUS) % SUM_MODULUS);
    if (other !== undefined) return [index, other];
    if (!seen.has(number)) seen.set(number, index);
  }
  return undefined;
}

/** Whether a decoded value is a position. Anybody can make a cursor's checksum: no member is taken for what it should be. */
export function isTailPosition(value: unknown): value is TailPosition {
  return (
    typeof value === 'object' &&
    value !== null &&
    'newest' in value &&
    isInstant(value.newest) &&
    'fromMs' in value &&
    isInstantMs(value.fromMs) &&
    'slots' in value &&
    Array.isArray(value.slots) &&
    value.slots.length <= MAX_SLOTS &&
    value.slots.every(isSlot)
  );
}

function isSlot(value: unknown): value is TailSlot {
  if (!Array.isArray(value) || value.length !== 3 || !value.every(Number.isSafeInteger)) return false;
  const [startMs, count, sum] = value;
  return isInstantMs(startMs) && count >= 1 && sum >= 0 && sum < SUM_MODULUS;
}

/** Where the slot behind that of a moment begins. */
export function nextSlotStart(ms: number): number {
  return slotStart(ms) + SLOT_MS;
}

function slotStart(ms: number): number {
  return Math.floor(ms / SLOT_MS) * SLOT_MS;
}

function numberOf(mark: string): number {
  return Buffer.from(mark, 'base64url').readUIntBE(0, NUMBER_BYTES);
}
