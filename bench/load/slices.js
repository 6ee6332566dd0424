import { openLoad } from './load.js';

/** @typedef {import('../contenders/start-contender.js').RunningContender} RunningContender */
/** @typedef {import('../workloads.js').Workload} Workload */

/**
 * What one contender did in one slice.
 * @typedef {object} Slice
 * @property {string} contender
 * @property {Workload['name']} workload
 * @property {number} round
 * @property {number} cpuUs of its process, per request
 * @property {number} requestsPerSecond
 * @property {number} upstreamCalls per request
 * @property {number} rssBytes at the end
 */

/**
 * How long and how often is measured.
 * @typedef {object} Measurement
 * @property {number} connections
 * @property {number} rounds
 * @property {number} sliceMs
 * @property {number} warmUpMs of load for each contender and workload, before the first round
 */

/**
 * Puts load on the contenders by turns, in short slices: a round is one slice of each, one behind the other, for one
 * workload, so that what a machine does for seconds or minutes befalls all of them. The order rotates.
 * @param {readonly RunningContender[]} running
 * @param {readonly Workload[]} workloads
 * @param {import('../upstream/upstream.js').Upstream} upstream
 * @param {Measurement} measurement
 * @param {(done: string) => void} [progress]
 * @returns {Promise<readonly Slice[]>}
 */
export async function measureSlices(running, workloads, upstream, measurement, progress = () => {}) {
  const { connections, rounds, sliceMs, warmUpMs } = measurement;
  const loads = running.map((one) => ({ running: one, load: openLoad(one, connections) }));
  /** @type {Slice[]} */
  const slices = [];
  try {
    for (const workload of workloads) {
      for (const { load } of loads) await load.run(workload, warmUpMs);
      for (let round = 0; round < rounds; round += 1) {
        for (const { running: one, load } of rotated(loads, round)) {
          await upstream.takeCalls();
          const before = await one.usage();
          const { requests, elapsedMs } = await load.run(workload, sliceMs);
          const after = await one.usage();
          slices.push({
            contender: one.contender.name,
            workload: workload.name,
            round,
            cpuUs: (after.cpuUs - before.cpuUs) / requests,
            requestsPerSecond: (requests / elapsedMs) * 1_000,
            upstreamCalls: (await upstream.takeCalls()) / requests,
            rssBytes: after.rssBytes,
          });
        }
        progress(`${workload.title}: round ${round + 1} of ${rounds}`);
      }
    }
  } finally {
    await Promise.all(loads.map(({ load }) => load.close()));
  }
  return slices;
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {number} by
 */
function rotated(items, by) {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
