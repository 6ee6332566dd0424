import { Client } from 'undici';
import { isHookgraph } from '../contenders/contenders.js';
import { withContenders } from '../contenders/with-contenders.js';
import { median } from '../figures/statistics.js';
import { sendRequest } from '../load/send-request.js';
import { measureSlices } from '../load/slices.js';
import { textTable } from '../report/text-table.js';
import { activityWorkload, LARGEST_WORKLOAD } from '../workloads.js';

const EDGES = [25, 50, 100, 200];
const WARM_UP = 50;
const SINGLE_REQUESTS = 200;

/**
 * What an edge costs, from 25 to 200 of them, and for how long a request alone holds the event loop.
 * @param {import('../options.js').Options} options
 */
export async function edges(options) {
  const workloads = EDGES.map((count) => ({ ...activityWorkload(count), edges: count }));
  await withContenders({ ...options, workloads }, async (running, upstream) => {
    const rows = [];
    for (const workload of workloads) {
      const slices = await measureSlices(running, [workload], upstream, options);
      for (const one of running) {
        const own = slices.filter(({ contender }) => contender === one.contender.name);
        const cpuUs = median(own.map((slice) => slice.cpuUs));
        rows.push([
          `${one.contender.name}, ${workload.edges} edges`,
          cpuUs.toFixed(0),
          (cpuUs / workload.edges).toFixed(1),
          ...(await loopHeld(one, workload)),
        ]);
      }
      console.error(workload.title);
    }
    for (const one of running.filter(({ contender }) => isHookgraph(contender))) {
      rows.push([
        `${one.contender.name}, ${LARGEST_WORKLOAD.title}`,
        '',
        '',
        ...(await loopHeld(one, LARGEST_WORKLOAD)),
      ]);
    }
    console.log(textTable([['', 'CPU µs', 'µs an edge', 'loop held ms, p99', 'max'], ...rows]));
  });
}

/**
 * How late the contender's event loop was while it answered requests one by one.
 * @param {import('../contenders/start-contender.js').RunningContender} running
 * @param {import('../workloads.js').Workload} workload
 */
async function loopHeld({ contender, url, usage, watchLoop }, workload) {
  const client = new Client(url);
  for (let index = 0; index < WARM_UP + SINGLE_REQUESTS; index += 1) {
    if (index === WARM_UP) await watchLoop();
    await sendRequest(client, contender.request(workload, index, 0), false);
  }
  await client.close();
  const { loopHeldMs } = await usage();
  return [loopHeldMs.p99.toFixed(1), loopHeldMs.max.toFixed(1)];
}
