/**
 * A place between two entries of an upstream list. The page that begins at `cursor` holds `offset` entries before it. The
 * last of them has the mark `anchor` (entry-mark.ts) and is the `nth` that has it, by which it is found again after newer
 * entries have pushed it down.
 */
export interface PagePosition {
  readonly cursor: string | null;
  readonly offset: number;
  readonly anchor: string | null;
  readonly nth: number;
}

/** Where every list begins. */
export const LIST_START: PagePosition = { cursor: null, offset: 0, anchor: null, nth: 0 };

/** Whether a decoded value is a position. Anybody can make a cursor's checksum: no member is taken for what it should be. */
export function isPagePosition(value: unknown): value is PagePosition {
  return (
    typeof value === 'object' &&
    value !== null &&
    'cursor' in value &&
    (value.cursor === null || typeof value.cursor === 'string') &&
    'offset' in value &&
    Number.isSafeInteger(value.offset) &&
    Number(value.offset) >= 0 &&
    'anchor' in value &&
    (value.anchor === null || typeof value.anchor === 'string') &&
    'nth' in value &&
    Number.isSafeInteger(value.nth) &&
    Number(value.nth) >= 0
  );
}
