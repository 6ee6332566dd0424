/** A kind of thing that is made of something else, with its type. */
export interface Making<Made> {
  /** Only to tell the types apart. */
  readonly made?: Made;
}

/**
 * Keeps what was last made of the object that it belongs to: where the object comes again, and the same is wanted of it,
 * nothing is made again. One thing only, so that no number of different wishes fills the memory. Not a WeakMap, whose every
 * new entry costs microseconds of garbage collection, even for what comes only once.
 */
export class LastMade {
  #kind: object | undefined;
  #of: readonly unknown[] = [];
  #made: unknown;

  /** What was last made, if it was this kind of thing and made with the same `details`; else what `make` makes. */
  recall<Made>(kind: Making<Made>, details: readonly unknown[], make: () => Made): Made {
    // A kind names one type only.
    if (this.#kind === kind && areSame(this.#of, details)) return this.#made as Made;
    const made = make();
    this.#kind = kind;
    this.#of = details;
    this.#made = made;
    return made;
  }
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, index) => one === others[index]);
}
