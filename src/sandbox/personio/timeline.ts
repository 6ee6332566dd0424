/** A place in a list. It names an item, not a count, so that it stays right while new items arrive. */
export interface Position {
  readonly atMs: number;
  readonly sequence: number;
}

interface TimelineEntry<Item> extends Position {
  readonly item: Item;
}

interface Selection<Item> {
  readonly fromMs: number;
  readonly toMs: number;
  readonly after: Position | undefined;
  readonly limit: number;
  readonly isWanted: (item: Item) => boolean;
}

/** Items in the order of their time; those of one millisecond in the order of their arrival. */
export interface Timeline<Item> {
  add(atMs: number, item: Item): void;
  /** Newest first, from behind `after` on. */
  select(selection: Selection<Item>): readonly TimelineEntry<Item>[];
}

/** A timeline that fetches its first items when somebody asks for them. */
export function createTimeline<Item>(
  loadSeed: () => readonly { readonly atMs: number; readonly item: Item }[],
): Timeline<Item> {
  let loaded: TimelineEntry<Item>[] | undefined;
  const load = (): TimelineEntry<Item>[] => {
    loaded ??= loadSeed()
      .toSorted((a, b) => a.atMs - b.atMs)
      .map((entry, sequence) => ({ ...entry, sequence }));
    return loaded;
  };

  return {
    add: (atMs, item) => {
      const entries = load();
      const entry = { atMs, sequence: entries.length, item };
      entries.splice(countBefore(entries, entry), 0, entry);
    },
    select: ({ fromMs, toMs, after, limit, isWanted }) => {
      const entries = load();
      const end = countBefore(entries, { atMs: toMs, sequence: Number.POSITIVE_INFINITY });
      const start = after === undefined ? end : Math.min(end, countBefore(entries, after));
      const selected: TimelineEntry<Item>[] = [];
      for (let index = start - 1; index >= 0 && selected.length < limit; index -= 1) {
        const entry = entries[index];
        if (entry === undefined || entry.atMs < fromMs) break;
        if (isWanted(entry.item)) selected.push(entry);
      }
      return selected;
    },
  };
}

/** How many entries stand before the position: binary search, since the busiest list has thousands. */
function countBefore(entries: readonly Position[], position: Position): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && isBefore(entry, position)) low = middle + 1;
    else high = middle;
  }
  return low;
}

const isBefore = (a: Position, b: Position): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
