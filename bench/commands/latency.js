import { Client } from 'undici';
import { withContenders } from '../contenders/with-contenders.js';
import { median } from '../figures/statistics.js';
import { sendRequest } from '../load/send-request.js';
import { textTable } from '../report/text-table.js';

const UPSTREAM_MS = 20;
/** Requests of each before anything counts: code that has not run yet is slower than what is measured. */
const WARM_UP = 20;

/**
 * The critical path: how long one request takes, one after the other, when each upstream answers after 20 ms.
 * @param {import('../options.js').Options} options
 */
export async function latency(options) {
  const { workloads, rounds } = options;
  const rows = await withContenders(options, async (running, upstream) => {
    await upstream.answerAfter(UPSTREAM_MS);
    const clients = running.map(({ contender, url }) => ({ contender, client: new Client(url) }));
    /** @type {Map<string, number[]>} */
    const times = new Map();
    for (const workload of workloads) {
      for (let index = 0; index < WARM_UP + rounds; index += 1) {
        for (const { contender, client } of clients) {
          const startedAt = performance.now();
          await sendRequest(client, contender.request(workload, index, 0), false);
          const key = `${contender.name} ${workload.name}`;
          if (index >= WARM_UP) times.set(key, [...(times.get(key) ?? []), performance.now() - startedAt]);
        }
      }
      console.error(workload.title);
    }
    await Promise.all(clients.map(({ client }) => client.close()));
    return running.map(({ contender: { name } }) => [
      name,
      ...workloads.map((workload) => median(times.get(`${name} ${workload.name}`) ?? []).toFixed(1)),
    ]);
  });
  console.log(textTable([[`ms at ${UPSTREAM_MS} ms upstream`, ...workloads.map(({ title }) => title)], ...rows]));
}
