import { median, quantile } from './statistics.js';

/** @typedef {import('../load/slices.js').Slice} Slice */

/**
 * What a run says about one contender and one workload.
 * @typedef {object} Figure
 * @property {string} contender
 * @property {Slice['workload']} workload
 * @property {number} cpuUs per request, the median of the slices
 * @property {number} requestsPerSecond the median
 * @property {number} busyCores how many cores it took, the median: well below one it had to wait for the load or the upstreams
 * @property {number} upstreamCalls per request, the median
 * @property {number} rssMb the largest
 * @property {Readonly<Record<string, Ratio>>} ratios of CPU per request, by the baseline's name
 */

/**
 * The median of the rounds' ratios, and their quartiles.
 * @typedef {{ readonly median: number, readonly low: number, readonly high: number }} Ratio
 */

/**
 * Compares each contender with the baselines round by round: both slices of a ratio lie seconds apart.
 * @param {readonly Slice[]} slices
 * @param {readonly string[]} baselines names of contenders
 * @returns {readonly Figure[]}
 */
export function figuresOf(slices, baselines) {
  /** @type {Map<string, Slice[]>} */
  const groups = new Map();
  for (const slice of slices) {
    const key = `${slice.workload} ${slice.contender}`;
    groups.set(key, [...(groups.get(key) ?? []), slice]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { contender, workload } = first;
    const present = baselines.filter((name) => groups.has(`${workload} ${name}`));
    return {
      contender,
      workload,
      cpuUs: median(group.map(({ cpuUs }) => cpuUs)),
      requestsPerSecond: median(group.map(({ requestsPerSecond }) => requestsPerSecond)),
      busyCores: median(group.map(({ cpuUs, requestsPerSecond }) => (cpuUs * requestsPerSecond) / 1_000_000)),
      upstreamCalls: median(group.map(({ upstreamCalls }) => upstreamCalls)),
      rssMb: Math.max(...group.map(({ rssBytes }) => rssBytes)) / 1_000_000,
      ratios: Object.fromEntries(
        present.map((name) => [name, pairedRatio(group, groups.get(`${workload} ${name}`) ?? [])]),
      ),
    };
  });
}

/**
 * @param {readonly Slice[]} group
 * @param {readonly Slice[]} baseline
 * @returns {Ratio}
 */
function pairedRatio(group, baseline) {
  const byRound = new Map(baseline.map((slice) => [slice.round, slice.cpuUs]));
  const ratios = group.map(({ round, cpuUs }) => cpuUs / (byRound.get(round) ?? Number.NaN));
  return { median: median(ratios), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) };
}
