import { startUpstream } from '../upstream/upstream.js';
import { startContender, verifyAnswers } from './start-contender.js';

/** @typedef {import('./start-contender.js').RunningContender} RunningContender */

/**
 * Starts the upstreams and the chosen contenders, makes sure that each answers each workload rightly, and ends them all
 * when `use` has ended.
 * @template T
 * @param {import('../options.js').Options} options
 * @param {(running: readonly RunningContender[], upstream: import('../upstream/upstream.js').Upstream) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withContenders({ contenders, workloads, nodeOptions }, use) {
  const upstream = await startUpstream();
  /** @type {RunningContender[]} */
  const running = [];
  try {
    for (const contender of contenders) running.push(await startContender(contender, upstream, nodeOptions));
    for (const one of running) await verifyAnswers(one, workloads);
    return await use(running, upstream);
  } finally {
    await Promise.all(running.map((one) => one.close()));
    upstream.close();
  }
}
