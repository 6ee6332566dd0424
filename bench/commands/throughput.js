import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { HOOKGRAPH_BEFORE, RAW_PASS, RAW_PROJECT } from '../contenders/contenders.js';
import { withContenders } from '../contenders/with-contenders.js';
import { figuresOf } from '../figures/paired-ratios.js';
import { measureSlices } from '../load/slices.js';
import { throughputReport } from '../report/throughput-report.js';

/**
 * CPU per request under load, as multiples of the raw baselines.
 * @param {import('../options.js').Options} options
 */
export async function throughput(options) {
  const { workloads, json } = options;
  const figures = await measureFigures(options);
  console.log(throughputReport(figures, workloads));
  if (json === undefined) return;
  const { connections, rounds, sliceMs } = options;
  const date = new Date().toISOString().slice(0, 10);
  const run = { node: process.version, date, cores: availableParallelism(), connections, rounds, sliceMs };
  writeFileSync(json, `${JSON.stringify({ ...run, figures }, undefined, 2)}\n`);
}

/**
 * The figures of one run of the chosen contenders and workloads.
 * @param {import('../options.js').Options} options
 */
export async function measureFigures(options) {
  const [load = 0] = loadavg();
  if (load > 1) console.error(`The machine is busy (load ${load.toFixed(1)}): expect wide quartiles.`);
  const slices = await withContenders(options, (running, upstream) =>
    measureSlices(running, options.workloads, upstream, options, (done) => console.error(done)),
  );
  return figuresOf(slices, [RAW_PASS, RAW_PROJECT, HOOKGRAPH_BEFORE]);
}
