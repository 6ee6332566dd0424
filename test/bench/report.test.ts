import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { capacityTable } from '../../bench/report/capacity-table.js';
import { ratioTable } from '../../bench/report/ratio-table.js';
import { writtenPage } from '../../bench/report/written-page.js';
import { WORKLOADS } from '../../bench/workloads.js';

const BEGIN = '<!-- written by `npm run bench -- readme`, never by hand -->';
const END = '<!-- end of what the bench writes -->';

/** A run of these contenders, in which the first workload costs `cpuUs`, the next twice as much, and so on. */
function runOf(contenders: Readonly<Record<string, number>>) {
  return {
    node: 'v20.20.2',
    date: '2026-11-27',
    cores: 2,
    connections: 32,
    rounds: 8,
    sliceMs: 250,
    figures: Object.entries(contenders).flatMap(([contender, cpuUs]) =>
      WORKLOADS.map(({ name }, index) => ({
        contender,
        workload: name,
        cpuUs: cpuUs * 2 ** index,
        requestsPerSecond: 1_000,
        busyCores: 1,
        upstreamCalls: 1,
        rssMb: 100 + index,
        ratios: { 'raw-pass': { median: cpuUs / 100, low: cpuUs / 110, high: cpuUs / 90 } },
      })),
    ),
  };
}

test('the README shows multiples of raw-pass with their quartiles, and the largest memory', () => {
  const table = ratioTable(runOf({ 'raw-pass': 100, hookgraph: 152 }));
  expect(table.split('\n')).toEqual([
    '| CPU per request | one webhook | one webhook + 100 activities | 50 webhooks | 20 webhooks × 10 activities | ping | RSS, MB |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    '| raw-pass | 100 µs | 200 µs | 400 µs | 800 µs | 1600 µs | 104 |',
    `| hookgraph |${' 1.52 × (1.38–1.69) |'.repeat(5)} 104 |`,
    '',
    '2026-11-27, Node 20.20.2, 2 cores, 32 connections, medians of 8 rounds of 250 ms, in brackets the quartiles of the rounds: `npm ci --prefix bench && npm run bench -- --rounds 8 --slice-ms 250`.',
  ]);
});

test('docs/scale.md shows what a request costs where nothing is shared, and how many that makes', () => {
  const table = capacityTable(runOf({ 'raw-pass': 95, hookgraph: 144, 'hookgraph-unshared': 163.4 }));
  expect(table.split('\n')).toEqual([
    '| operation | upstream calls of each | processor time | so a core carries about |',
    '| --- | ---: | ---: | ---: |',
    '| one webhook | 1 | 0.16 ms | 6,100 a second |',
    '| one webhook + 100 activities | 2 | 0.33 ms | 3,100 a second |',
    '| 50 webhooks | 2 | 0.65 ms | 1,500 a second |',
    '| 20 webhooks × 10 activities | 22 | 1.3 ms | 760 a second |',
    '| ping | 1 | 2.6 ms | 380 a second |',
    '',
    "2026-11-27, Node 20.20.2, 2 cores, 32 connections, medians of 8 rounds of 250 ms, from the same run as the README's table.",
  ]);
});

test('a run that has not measured what a page shows is refused', () => {
  expect(() => capacityTable(runOf({ 'raw-pass': 95, hookgraph: 144 }))).toThrow('hookgraph-unshared for webhook');
});

test('a page is written between its marks only, as often as one likes', () => {
  const page = `before\n\n${BEGIN}\n\nold\n\n${END}\n\nafter\n`;
  const written = writtenPage(page, 'new');
  expect(written).toBe(`before\n\n${BEGIN}\n\nnew\n\n${END}\n\nafter\n`);
  expect(writtenPage(written, 'new')).toBe(written);
  expect(() => writtenPage('a page without marks', 'new')).toThrow('no place for the table');
});

test('the README and docs/scale.md tell of the same run', () => {
  const runs = ['README.md', 'docs/scale.md'].map((file) => {
    const page = readFileSync(file, 'utf8');
    const written = page.slice(page.indexOf(BEGIN), page.indexOf(END));
    return /^\d{4}-\d\d-\d\d, Node .* rounds of \d+ ms/m.exec(written)?.[0];
  });
  expect(runs[0]).toBeDefined();
  expect(runs[1]).toBe(runs[0]);
});
