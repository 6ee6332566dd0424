/** What a counter is told apart by; every value comes from a short list, so that the series stay few. */
type Labels = Readonly<Record<string, string>>;

/** Counts what happened since the start, apart by labels. */
export interface Counter {
  readonly name: string;
  /** One sentence for whoever reads the metrics. */
  readonly help: string;
  add(labels: Labels, amount?: number): void;
  samples(): readonly { readonly labels: Labels; readonly value: number }[];
}

/** Makes a counter at zero. */
export function createCounter({ name, help }: Pick<Counter, 'name' | 'help'>): Counter {
  const samples = new Map<string, { readonly labels: Labels; readonly value: number }>();
  return {
    name,
    help,
    add(labels, amount = 1) {
      const key = JSON.stringify(Object.entries(labels).sort());
      samples.set(key, { labels, value: (samples.get(key)?.value ?? 0) + amount });
    },
    samples: () => [...samples.values()],
  };
}
