import { Pool } from 'undici';
import { matches } from '../contenders/start-contender.js';
import { sendRequest } from './send-request.js';

/** @typedef {import('../contenders/start-contender.js').RunningContender} RunningContender */
/** @typedef {import('../workloads.js').Workload} Workload */

/**
 * What one slice of load was answered.
 * @typedef {object} LoadResult
 * @property {number} requests answered, each with 200
 * @property {number} elapsedMs
 */

/**
 * Connections to one contender that stay open between slices.
 * @typedef {object} Load
 * @property {(workload: Workload, durationMs: number) => Promise<LoadResult>} run each connection sends its next request
 *   when the last one is answered, until the time is over. Rejects where an answer is not 200, or where the first answer
 *   is not the right one.
 * @property {() => Promise<void>} close
 */

/**
 * @param {RunningContender} running
 * @param {number} connections
 * @returns {Load}
 */
export function openLoad({ contender, url }, connections) {
  const pool = new Pool(url, { connections, headersTimeout: 60_000, bodyTimeout: 60_000 });
  let next = 0;

  /**
   * @param {Workload} workload
   * @param {number} client
   * @param {() => boolean} isOver
   */
  async function sendOneByOne(workload, client, isOver) {
    let requests = 0;
    while (!isOver()) {
      const index = next++;
      const isChecked = client === 0 && requests === 0;
      const text = await sendRequest(pool, contender.request(workload, index, client), isChecked);
      if (isChecked && !matches(contender, workload, index, text)) {
        throw new Error(`${contender.name} answered «${workload.title}» wrongly under load: ${text.slice(0, 800)}`);
      }
      requests += 1;
    }
    return requests;
  }

  return {
    run: async (workload, durationMs) => {
      const startedAt = performance.now();
      const isOver = () => performance.now() - startedAt >= durationMs;
      const counts = await Promise.all(
        Array.from({ length: connections }, (_, client) => sendOneByOne(workload, client, isOver)),
      );
      const requests = counts.reduce((sum, count) => sum + count, 0);
      return { requests, elapsedMs: performance.now() - startedAt };
    },
    close: () => pool.destroy(),
  };
}
