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
 * Where and how a run was measured, in words.
 * @param {Run} run
 */
export function runInWords({ node, date, cores, connections, rounds, sliceMs }) {
  return `${date}, Node ${node.replace('v', '')}, ${cores} cores, ${connections} connections, medians of ${rounds} rounds of ${sliceMs} ms`;
}
