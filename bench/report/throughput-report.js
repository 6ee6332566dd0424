import { HOOKGRAPH_BEFORE, RAW_PASS, RAW_PROJECT } from '../contenders/contenders.js';
import { textTable } from './text-table.js';

/** @typedef {import('../figures/paired-ratios.js').Figure} Figure */
/** @typedef {import('../workloads.js').Workload} Workload */

const BASELINES = [RAW_PASS, RAW_PROJECT, HOOKGRAPH_BEFORE];

/**
 * One table for each workload, for people at a terminal: ratios with their quartiles.
 * @param {readonly Figure[]} figures
 * @param {readonly Workload[]} workloads
 */
export function throughputReport(figures, workloads) {
  const baselines = BASELINES.filter((name) => figures.some(({ contender }) => contender === name));
  return workloads
    .map(({ name, title }) => {
      const rows = figures
        .filter(({ workload }) => workload === name)
        .map((figure) => [
          figure.contender,
          ...baselines.map((name) => ratioText(figure.ratios[name])),
          figure.cpuUs.toFixed(0),
          figure.requestsPerSecond.toFixed(0),
          figure.busyCores.toFixed(2),
          figure.upstreamCalls.toFixed(2),
          figure.rssMb.toFixed(0),
        ]);
      const headings = [
        title,
        ...baselines.map((name) => `x ${name}`),
        'CPU µs',
        'req/s',
        'cores',
        'upstream',
        'RSS MB',
      ];
      return textTable([headings, ...rows]);
    })
    .join('\n\n');
}

/** @param {import('../figures/paired-ratios.js').Ratio | undefined} ratio */
function ratioText(ratio) {
  return ratio ? `${ratio.median.toFixed(2)} (${ratio.low.toFixed(2)}-${ratio.high.toFixed(2)})` : '';
}
