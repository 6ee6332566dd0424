import { HOOKGRAPH_UNSHARED } from '../contenders/contenders.js';
import { upstreamCalls, WORKLOADS } from '../workloads.js';
import { markdownTable } from './markdown-table.js';
import { runInWords } from './run.js';

/**
 * What docs/scale.md shows: CPU per request where nothing is shared, and how many requests a second of one core that
 * makes. Throws where the run has not measured it.
 * @param {import('./run.js').Run} run
 */
export function capacityTable(run) {
  const rows = WORKLOADS.map((workload) => {
    const figure = run.figures.find((one) => one.contender === HOOKGRAPH_UNSHARED && one.workload === workload.name);
    if (!figure) throw new Error(`The run has no figure of ${HOOKGRAPH_UNSHARED} for ${workload.name}.`);
    const { cpuUs } = figure;
    return [
      workload.title,
      String(upstreamCalls(workload)),
      `${twoDigits(cpuUs / 1_000)} ms`,
      `${twoDigits(1_000_000 / cpuUs)} a second`,
    ];
  });
  return [
    markdownTable([['operation', 'upstream calls of each', 'processor time', 'so a core carries about'], ...rows]),
    '',
    `${runInWords(run)}, from the same run as the README's table.`,
  ].join('\n');
}

/**
 * More would pretend that machines are alike.
 * @param {number} value
 */
function twoDigits(value) {
  return value.toLocaleString('en', { minimumSignificantDigits: 2, maximumSignificantDigits: 2 });
}
