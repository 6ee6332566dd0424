/** Reproducible randomness: the same seed gives the same numbers, ids and picks. */
export interface Random {
  /** At least 0, below 1. */
  number(): number;
  /** Both ends included. */
  integer(min: number, max: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  uuid(): string;
}

/** mulberry32: small, fast, and good enough to make data look real; never use it for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const number = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (min: number, max: number): number => min + Math.floor(number() * (max - min + 1));

  return {
    number,
    integer,
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
    uuid: () => {
      const hex = Array.from({ length: 32 }, () => integer(0, 15).toString(16)).join('');
      // RFC 9562 §5.4: version 4, variant 10xx.
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}
