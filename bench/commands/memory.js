import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import { withContenders } from '../contenders/with-contenders.js';
import { slopePerUnit } from '../figures/statistics.js';
import { sendRequest } from '../load/send-request.js';
import { textTable } from '../report/text-table.js';
import { distinctWorkload } from '../workloads.js';

const SAMPLE_MS = 5_000;

/**
 * Resident memory under documents of which each is new, for `--minutes`: what a cache without a bound would show.
 * @param {import('../options.js').Options} options
 */
export async function memory(options) {
  const { connections, minutes } = options;
  await withContenders(options, async (running) => {
    for (const one of running) {
      const pool = new Pool(one.url, { connections });
      const endsAt = performance.now() + minutes * 60_000;
      let sent = 0;
      const client = async () => {
        while (performance.now() < endsAt) {
          const workload = distinctWorkload(sent++);
          await sendRequest(pool, one.contender.request(workload, sent, 0), false);
        }
      };
      const load = Promise.all(Array.from({ length: connections }, client));
      /** @type {{ readonly minute: number, readonly rssMb: number, readonly sent: number }[]} */
      const samples = [];
      while (performance.now() < endsAt - SAMPLE_MS / 2) {
        await Promise.race([wait(SAMPLE_MS), load]);
        const { rssBytes } = await one.usage();
        const minute = minutes - (endsAt - performance.now()) / 60_000;
        samples.push({ minute, rssMb: rssBytes / 1_000_000, sent });
      }
      await load;
      await pool.close();
      report(one.contender.name, samples);
    }
  });
}

/**
 * @param {string} name
 * @param {readonly { readonly minute: number, readonly rssMb: number, readonly sent: number }[]} samples
 */
function report(name, samples) {
  const rows = samples.map(({ minute, rssMb, sent }) => [minute.toFixed(2), rssMb.toFixed(0), String(sent)]);
  console.log(textTable([[`minutes of ${name}`, 'RSS MB', 'documents'], ...rows]));
  const later = samples.slice(Math.floor(samples.length / 2));
  const slope = slopePerUnit(later.map(({ minute, rssMb }) => [minute, rssMb]));
  const highest = Math.max(...samples.map(({ rssMb }) => rssMb));
  console.log(`${name}: at most ${highest.toFixed(0)} MB; in the second half ${slope.toFixed(1)} MB a minute\n`);
}
