import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseMetrics } from '../support/metrics-page.ts';
import { describeWithRedis } from '../support/redis-server.ts';
import { metricsOfBusyGateway } from './busy-gateway.ts';

interface Panel {
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const dashboard: {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly definition?: string }[] };
} = JSON.parse(readFileSync('deploy/grafana/hookgraph.json', 'utf8'));
const alerts: {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly for?: string;
      readonly annotations: Readonly<Record<string, string>>;
    }[];
  }[];
} = parse(readFileSync('deploy/prometheus/alerts.yaml', 'utf8'));
const rules = alerts.groups.flatMap((group) => group.rules);

/** Every query, with the text that shows its labels. */
const queries = [
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({ where: title, expr, text: legendFormat })),
  ),
  ...dashboard.templating.list.flatMap(({ definition }) => {
    const [, expr] = /^label_values\((.+), \w+\)$/.exec(definition ?? '') ?? [];
    return expr === undefined ? [] : [{ where: 'a variable', expr, text: '' }];
  }),
  ...rules.map(({ alert, expr, annotations }) => ({ where: alert, expr, text: Object.values(annotations).join() })),
];

/** Prometheus gives them to whatever it reads. */
const TARGET_LABELS = ['job', 'instance'];

/** What the pages of docs say of metrics, codes and the values of labels. */
const docs = readFileSync('docs/telemetry.md', 'utf8') + readFileSync('docs/errors.md', 'utf8');

/** The labels of each series: of a histogram `…_bucket`, `…_sum` and `…_count` are series. */
type LabelsBySeries = ReadonlyMap<string, ReadonlySet<string>>;

async function exposedLabels(): Promise<LabelsBySeries> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const { samples } of parseMetrics(await metricsOfBusyGateway())) {
    for (const { name, labels } of samples) {
      found.set(name, new Set([...(found.get(name) ?? []), ...Object.keys(labels)]));
    }
  }
  return found;
}

interface Selector {
  readonly series: string;
  readonly matchers: readonly { readonly label: string; readonly value: string }[];
}

/** What a PromQL expression asks for; throws where it is none. */
function read(expr: string): { readonly selectors: readonly Selector[]; readonly grouping: readonly string[] } {
  // Grafana's own words, which it replaces before Prometheus sees them.
  const text = expr.replaceAll('$__rate_interval', '5m');
  const selectors: { series: string; matchers: { label: string; value: string }[] }[] = [];
  const grouping: string[] = [];
  parser.parse(text).iterate({
    enter: ({ name, from, to, node }) => {
      const source = text.slice(from, to);
      if (name === '⚠') throw new Error(`no PromQL at ${from}: ${expr}`);
      if (name === 'VectorSelector') selectors.push({ series: '', matchers: [] });
      const selector = selectors.at(-1);
      if (name === 'Identifier' && selector && node.parent?.name === 'VectorSelector') selector.series = source;
      if (name === 'LabelName' && node.parent?.name === 'GroupingLabels') grouping.push(source);
      if (name === 'LabelName' && node.parent?.name === 'UnquotedLabelMatcher') {
        selector?.matchers.push({ label: source, value: '' });
      }
      const matcher = selector?.matchers.at(-1);
      if (name === 'StringLiteral' && matcher) matcher.value = source.slice(1, -1);
    },
  });
  return { selectors, grouping };
}

/** What a query and its text ask for that is not there. */
function unknownIn(
  { expr, text }: { readonly expr: string; readonly text: string },
  exposed: LabelsBySeries,
): readonly string[] {
  const { selectors, grouping } = read(expr);
  const known = new Set(TARGET_LABELS);
  const unknown: string[] = [];
  for (const { series, matchers } of selectors) {
    const labels = exposed.get(series);
    if (!labels) unknown.push(series);
    for (const label of labels ?? []) known.add(label);
    for (const { label, value } of matchers) {
      if (TARGET_LABELS.includes(label)) continue;
      if (!labels?.has(label)) unknown.push(`${series}{${label}}`);
      // A word that the label never says would never match.
      for (const word of value.match(/^[\w-]+(\|[\w-]+)*$/)?.[0].split('|') ?? []) {
        if (!new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(docs)) unknown.push(`${series}{${label}="${word}"}`);
      }
    }
  }
  const shown = Array.from(text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g), ([, label = '']) => label);
  unknown.push(...[...grouping, ...shown].filter((label) => !known.has(label)));
  return unknown;
}

describeWithRedis('what operators are shown', () => {
  test('is there: each query is PromQL, and asks for metrics, labels and values that the gateway shows', async () => {
    const exposed = await exposedLabels();
    expect(queries.length).toBeGreaterThan(40);
    expect(queries.filter(({ expr }) => read(expr).selectors.length === 0)).toEqual([]);
    expect(
      queries.map(({ where, ...query }) => [where, ...unknownIn(query, exposed)]).filter(([, what]) => what),
    ).toEqual([]);

    // And what is wrong is found.
    const wrong = { expr: 'sum by (colour) (hookgraph_errors_total{mood="sour",code="GONE"})', text: '{{nobody}}' };
    expect(unknownIn(wrong, exposed)).toEqual([
      'hookgraph_errors_total{mood}',
      'hookgraph_errors_total{mood="sour"}',
      'hookgraph_errors_total{code="GONE"}',
      'colour',
      'nobody',
    ]);
    expect(unknownIn({ expr: 'hookgraph_gone_total', text: '' }, exposed)).toEqual(['hookgraph_gone_total']);
    expect(() => read('sum(rate(hookgraph_errors_total[5m])')).toThrow('no PromQL');
  });

  test('is every metric of the gateway', async () => {
    const asked = new Set(queries.flatMap(({ expr }) => read(expr).selectors.map(({ series }) => series)));
    const names = [...(await exposedLabels()).keys()].map((name) => name.replace(/_(sum|count)$/, '_bucket'));
    expect(names.filter((name) => name.startsWith('hookgraph_') && !asked.has(name))).toEqual([]);
  });
});

describe('what operators are shown', () => {
  test('is explained: every alert is in docs/telemetry.md', () => {
    const documented = Array.from(docs.matchAll(/^\| `(Hookgraph\w+)` \|/gm), ([, name]) => name);
    expect(documented).toEqual(rules.map(({ alert }) => alert));
  });

  test('begins with the first time: an alert on any rise also sees a series that was not there before', () => {
    const onAnyRise = rules.filter(({ expr, for: wait }) => wait === undefined && expr.includes('increase('));
    expect(onAnyRise.map(({ alert }) => alert)).toEqual(['HookgraphContractDrift']);
    for (const { expr } of onAnyRise) {
      const [, rising] = /increase\((\w+\{[^}]*\})\[1h\]\) > 0/.exec(expr) ?? [];
      const name = rising?.split('{')[0];
      expect(expr.replaceAll(/\s+/g, ' ')).toContain(`or ${rising} unless last_over_time(${name}[1d] offset 1h)`);
    }
  });

  test('has places of its own: no two panels begin in the same', () => {
    const places = dashboard.panels.map(({ gridPos: { x, y } }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(places.length);
  });
});
