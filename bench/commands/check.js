import { readFileSync, writeFileSync } from 'node:fs';
import { changesSince, highestOf, ratiosOf } from '../figures/baseline.js';
import { measureFigures } from './throughput.js';

/** So often is measured again what seems to be worse. */
const MAX_REPEATS = 2;

/**
 * What CI runs: fails where a ratio to raw-project is a third worse than in the baseline, in three runs one behind the
 * other: how many of the requests for a list share one upstream call differs from run to run, and with it their cost.
 * @param {import('../options.js').Options} options
 */
export async function check(options) {
  const { ratios: baseline } = JSON.parse(readFileSync(options.baseline, 'utf8'));
  let { worse, better } = await compare(options, baseline);
  for (let repeats = 0; repeats < MAX_REPEATS && worse.length > 0; repeats++) {
    console.log('Measuring once more what is worse than the baseline:');
    const suspects = new Set(worse.map(({ workload }) => workload));
    const workloads = options.workloads.filter(({ name }) => suspects.has(name));
    const again = (await compare({ ...options, workloads }, baseline)).worse;
    const before = worse;
    worse = again.filter((change) => before.some((first) => isSame(first, change)));
  }
  if (worse.length > 0) {
    console.error('CPU per request is a third above the baseline, as a multiple of raw-project.');
    process.exitCode = 1;
  }
  if (better.length > 0) {
    console.error(
      `RENEW THE BASELINE (npm run bench -- baseline): ${better.length} of its ratios are a third better by now, so it lets pass what makes them worse again.`,
    );
  }
}

/** So many runs are one baseline. */
const BASELINE_RUNS = 3;

/**
 * Measures the baseline anew.
 * @param {import('../options.js').Options} options
 */
export async function renewBaseline(options) {
  const runs = [];
  while (runs.length < BASELINE_RUNS) runs.push(ratiosOf(await measureFigures(options)));
  const ratios = highestOf(runs);
  const baseline = { node: process.version, date: new Date().toISOString().slice(0, 10), ratios };
  writeFileSync(options.baseline, `${JSON.stringify(baseline, undefined, 2)}\n`);
  console.log(JSON.stringify(ratios, undefined, 2));
}

/**
 * @param {import('../figures/baseline.js').Change} first
 * @param {import('../figures/baseline.js').Change} second
 */
function isSame(first, second) {
  return first.contender === second.contender && first.workload === second.workload;
}

/**
 * @param {import('../options.js').Options} options
 * @param {import('../figures/baseline.js').Ratios} baseline
 */
async function compare(options, baseline) {
  const measured = ratiosOf(await measureFigures(options));
  const changes = changesSince(baseline, measured);
  for (const [contender, byWorkload] of Object.entries(measured)) {
    for (const [workload, ratio] of Object.entries(byWorkload)) {
      const isAmong = (/** @type {readonly import('../figures/baseline.js').Change[]} */ some) =>
        some.some((change) => change.contender === contender && change.workload === workload);
      const mark = isAmong(changes.worse) ? 'WORSE ' : isAmong(changes.better) ? 'BETTER' : 'ok    ';
      const was = baseline[contender]?.[workload];
      console.log(`${mark} ${contender} ${workload}: ${ratio} x raw-project, baseline ${was}`);
    }
  }
  return changes;
}
