import { writeFileSync } from 'node:fs';
import { RAW_PASS, RAW_PROJECT } from '../contenders/contenders.js';
import { startContender, verifyAnswers } from '../contenders/start-contender.js';
import { figuresOf } from '../figures/paired-ratios.js';
import { measureSlices } from '../load/slices.js';
import { throughputReport } from '../report/throughput-report.js';
import { startUpstream } from '../upstream/upstream.js';

/**
 * CPU per request under load, as multiples of the raw baselines.
 * @param {import('../options.js').Options} options
 */
export async function throughput(options) {
  const { contenders, workloads, json } = options;
  const upstream = await startUpstream();
  const running = await Promise.all(contenders.map((contender) => startContender(contender, upstream, options)));
  try {
    for (const one of running) await verifyAnswers(one, workloads);
    const slices = await measureSlices(running, workloads, upstream, options, (done) => console.error(done));
    const figures = figuresOf(slices, [RAW_PASS, RAW_PROJECT]);
    console.log(throughputReport(figures, workloads));
    if (json) writeFileSync(json, JSON.stringify({ node: process.version, at: new Date().toISOString(), figures }));
  } finally {
    for (const one of running) one.close();
    upstream.close();
  }
}
