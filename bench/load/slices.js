import { upstreamCalls } from '../workloads.js';
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
 * @property {number} warmUpMs of load at least, for each contender and workload, before the first round
 * @property {number} warmUpCalls upstream calls caused by then at least: handling them is what gets hot
 */

const WARM_UP_MAX_MS = 15_000;

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
  const { connections, rounds, sliceMs } = measurement;
  const loads = running.map((one) => ({ running: one, load: openLoad(one, connections) }));
  /** @type {Slice[]} */
  const slices = [];
  try {
    for (const workload of workloads) {
      for (const { load } of loads) await warmUp(load, workload, measurement);
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
 * Load until the time is over and enough has been done for the engine to have compiled what is hot, however slow the
 * machine is at the moment; but not without end.
 * @param {import('./load.js').Load} load
 * @param {Workload} workload
 * @param {Measurement} measurement
 */
async function warmUp(load, workload, { warmUpMs, warmUpCalls }) {
  const startedAt = performance.now();
  let done = 0;
  let isOver = false;
  while (!isOver) {
    const { requests } = await load.run(workload, Math.min(warmUpMs, 500));
    done += requests * upstreamCalls(workload);
    const elapsedMs = performance.now() - startedAt;
    isOver = elapsedMs >= warmUpMs && (done >= warmUpCalls || elapsedMs >= WARM_UP_MAX_MS);
  }
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
