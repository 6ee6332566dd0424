/** One line of the metrics that is a number. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One metric with all of its samples. */
export interface MetricFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Reads what `/metrics` shows (Prometheus' text format 0.0.4). */
export function parseMetrics(page: string): readonly MetricFamily[] {
  const families: (MetricFamily & { samples: Sample[] })[] = [];
  for (const line of page.split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') families.push({ name, help: rest, type: '', samples: [] });
    const family = families.at(-1);
    if (!family) continue;
    if (keyword === 'TYPE') families[families.length - 1] = { ...family, type: rest };
    if (line === '' || line.startsWith('#')) continue;
    const [, sample = '', labels = '', value = ''] = /^([^\s{]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    const pairs = Array.from(labels.matchAll(/([^=,]+)="((?:[^"\\]|\\.)*)"/g), ([, key = '', text = '']) => [
      key,
      text,
    ]);
    families.at(-1)?.samples.push({ name: sample, labels: Object.fromEntries(pairs), value: Number(value) });
  }
  return families;
}

/** The value of one sample; 0 where it is not there. */
export function sampleOf(page: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const all = parseMetrics(page).flatMap(({ samples }) => samples);
  const found = all.find(
    (sample) =>
      sample.name === name &&
      Object.keys(sample.labels).length === Object.keys(labels).length &&
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  return found?.value ?? 0;
}
