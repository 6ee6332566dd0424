import { RAW_PASS } from '../contenders/contenders.js';
import { WORKLOADS } from '../workloads.js';
import { markdownTable } from './markdown-table.js';
import { runInWords } from './run.js';

/**
 * What the README shows: CPU per request as multiples of raw-pass, one row a contender, and in words how it was measured.
 * @param {import('./run.js').Run} run
 */
export function ratioTable(run) {
  const { figures, rounds, sliceMs } = run;
  const workloads = WORKLOADS.filter(({ name }) => figures.some(({ workload }) => workload === name));
  const contenders = [...new Set(figures.map(({ contender }) => contender))];
  const rows = contenders.map((contender) => [
    contender,
    ...workloads.map((workload) => {
      const figure = figures.find((one) => one.contender === contender && one.workload === workload.name);
      return figure ? cell(contender, figure) : '';
    }),
    String(Math.round(Math.max(...figures.filter((one) => one.contender === contender).map(({ rssMb }) => rssMb)))),
  ]);
  return [
    markdownTable([['CPU per request', ...workloads.map(({ title }) => title), 'RSS, MB'], ...rows]),
    '',
    `${runInWords(run)}, in brackets the quartiles of the rounds: \`npm ci --prefix bench && npm run bench -- --rounds ${rounds} --slice-ms ${sliceMs}\`.`,
  ].join('\n');
}

/**
 * @param {string} contender
 * @param {import('../figures/paired-ratios.js').Figure} figure
 */
function cell(contender, { cpuUs, ratios }) {
  if (contender === RAW_PASS) return `${cpuUs.toFixed(0)} µs`;
  const ratio = ratios[RAW_PASS];
  return ratio ? `${ratio.median.toFixed(2)} × (${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)})` : '';
}
