import { createNumbers } from '../support/log-upstream.ts';

/** Choices that are the same for the same seed. */
export interface Random {
  /** From 0 to 1. */
  number(): number;
  /** From 0 to `below`, whole. */
  whole(below: number): number;
  pick<T>(values: readonly T[]): T;
  chance(probability: number): boolean;
}

/** Makes a stream of choices. */
export function createRandom(seed: number): Random {
  const number = createNumbers(seed);
  const whole = (below: number) => Math.floor(number() * below);
  return {
    number,
    whole,
    pick: (values) => {
      const value = values[whole(values.length)];
      if (value === undefined && values.length === 0) throw new RangeError('nothing to choose from');
      return value as (typeof values)[number];
    },
    chance: (probability) => number() < probability,
  };
}
