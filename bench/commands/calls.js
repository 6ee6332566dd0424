import { Pool } from 'undici';
import { isHookgraph } from '../contenders/contenders.js';
import { withContenders } from '../contenders/with-contenders.js';
import { sendRequest } from '../load/send-request.js';
import { textTable } from '../report/text-table.js';
import { upstreamCalls, WORKLOADS } from '../workloads.js';

const AT_ONCE = 100;
/** Long enough that all of the requests have arrived before the first answer has. */
const UPSTREAM_MS = 200;
const SHARED = WORKLOADS.filter(({ name }) => name === '50-webhooks' || name === '20-webhooks-10-activities');

/**
 * How many upstream calls one request costs, and 100 identical ones at once. Fails where hookgraph costs another number
 * than it should.
 * @param {import('../options.js').Options} options
 */
export async function calls(options) {
  const { workloads } = options;
  const rows = await withContenders(options, (running, upstream) =>
    inTurn(running, async ({ contender, url }) => {
      const pool = new Pool(url, { connections: AT_ONCE });
      const send = (/** @type {import('../workloads.js').Workload} */ workload) =>
        sendRequest(pool, contender.request(workload, 0, 0), false);
      await upstream.answerAfter(0);
      await upstream.takeCalls();
      const single = await inTurn(workloads, async (workload) => {
        await send(workload);
        return upstream.takeCalls();
      });
      await upstream.answerAfter(UPSTREAM_MS);
      await upstream.takeCalls();
      const together = await inTurn(SHARED, async (workload) => {
        await Promise.all(Array.from({ length: AT_ONCE }, () => send(workload)));
        return upstream.takeCalls();
      });
      await pool.close();
      if (isHookgraph(contender)) assertCalls([...workloads, ...SHARED], [...single, ...together]);
      return [contender.name, ...[...single, ...together].map(String)];
    }),
  );
  const headings = [...workloads.map(({ title }) => title), ...SHARED.map(({ title }) => `${AT_ONCE} times ${title}`)];
  console.log(textTable([['upstream calls', ...headings], ...rows]));
}

/**
 * @param {readonly import('../workloads.js').Workload[]} workloads
 * @param {readonly number[]} counted
 */
function assertCalls(workloads, counted) {
  workloads.forEach((workload, index) => {
    if (counted[index] === upstreamCalls(workload)) return;
    console.error(
      `«${workload.title}» cost ${counted[index]} upstream calls and should cost ${upstreamCalls(workload)}.`,
    );
    process.exitCode = 1;
  });
}

/**
 * @template T, R
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<R>} use
 */
async function inTurn(items, use) {
  /** @type {R[]} */
  const results = [];
  for (const item of items) results.push(await use(item));
  return results;
}
