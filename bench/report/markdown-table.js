import { RAW_PASS } from '../contenders/contenders.js';
import { WORKLOADS } from '../workloads.js';

/**
 * A run as `--json` writes it.
 * @typedef {object} Run
 * @property {string} node
 * @property {string} date
 * @property {number} cores
 * @property {number} connections
 * @property {number} rounds
 * @property {number} sliceMs
 * @property {readonly import('../figures/paired-ratios.js').Figure[]} figures
 */

/**
 * CPU per request as multiples of raw-pass, one row a contender, and in words how it was measured.
 * @param {Run} run
 */
export function markdownTable({ node, date, cores, connections, rounds, sliceMs, figures }) {
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
  const lines = [
    ['CPU per request', ...workloads.map(({ title }) => title), 'RSS, MB'],
    ['---', ...workloads.map(() => '---:'), '---:'],
    ...rows,
  ];
  return [
    ...lines.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `${date}, Node ${node.replace('v', '')}, ${cores} cores, ${connections} connections, medians of ${rounds} rounds of ${sliceMs} ms: \`npm ci --prefix bench && npm run bench -- --rounds ${rounds} --slice-ms ${sliceMs}\`.`,
  ].join('\n');
}

/**
 * @param {string} contender
 * @param {import('../figures/paired-ratios.js').Figure} figure
 */
function cell(contender, { cpuUs, ratios }) {
  return contender === RAW_PASS ? `${cpuUs.toFixed(0)} µs` : `${ratios[RAW_PASS]?.median.toFixed(2)} ×`;
}
