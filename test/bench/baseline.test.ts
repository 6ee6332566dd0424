import { expect, test } from 'vitest';
import { changesSince, highestOf, ratiosOf } from '../../bench/figures/baseline.js';
import { figuresOf } from '../../bench/figures/paired-ratios.js';

const BASELINE = { hookgraph: { webhook: 1.5, ping: 1.2 } };

test('a ratio that is a third worse is told, and by how much', () => {
  const { worse } = changesSince(BASELINE, { hookgraph: { webhook: 2.01, ping: 1.2 } });
  expect(worse).toEqual([{ contender: 'hookgraph', workload: 'webhook', was: 1.5, is: 2.01 }]);
});

test('a ratio that is less than a third worse passes', () => {
  const { worse, better } = changesSince(BASELINE, { hookgraph: { webhook: 1.99, ping: 1.59 } });
  expect([worse, better]).toEqual([[], []]);
});

test('a ratio that could not be measured does not pass', () => {
  const { worse } = changesSince(BASELINE, { hookgraph: { webhook: Number.NaN } });
  expect(worse).toHaveLength(1);
});

test('a ratio that is a third better is told, so that the baseline is renewed', () => {
  const { better } = changesSince(BASELINE, { hookgraph: { webhook: 1.1, ping: 1.1 } });
  expect(better).toEqual([{ contender: 'hookgraph', workload: 'webhook', was: 1.5, is: 1.1 }]);
});

test('what the baseline does not know, and a run of nothing, are refused', () => {
  expect(() => changesSince(BASELINE, { hookgraph: { 'new-workload': 1 } })).toThrow('renew it');
  expect(() => changesSince(BASELINE, {})).toThrow('Nothing was measured');
});

test('ratios are of the slices of one round, so that a machine that slows down does not move them', () => {
  const slice = (contender: string, round: number, cpuUs: number) => ({
    contender,
    round,
    cpuUs,
    workload: 'ping',
    requestsPerSecond: 1_000,
    upstreamCalls: 1,
    rssBytes: 100_000_000,
  });
  const slices = [100, 200, 400].flatMap((cpuUs, round) => [
    slice('raw-project', round, cpuUs),
    slice('hookgraph', round, 2 * cpuUs),
  ]);
  const figures = figuresOf(slices, ['raw-project']);
  expect(figures.find(({ contender }) => contender === 'hookgraph')).toEqual({
    contender: 'hookgraph',
    workload: 'ping',
    cpuUs: 400,
    busyCores: 0.4,
    requestsPerSecond: 1_000,
    upstreamCalls: 1,
    rssMb: 100,
    ratios: { 'raw-project': { median: 2, low: 2, high: 2 } },
  });
  expect(ratiosOf(figures)).toEqual({ hookgraph: { ping: 2 } });
});

test('a baseline is the highest of several runs, for each workload by itself', () => {
  const runs = [{ hookgraph: { webhook: 1.4, ping: 1.3 } }, { hookgraph: { webhook: 1.6, ping: 1.2 } }];
  expect(highestOf(runs)).toEqual({ hookgraph: { webhook: 1.6, ping: 1.3 } });
});
