import { RAW_PROJECT } from '../contenders/contenders.js';

/** @typedef {import('./paired-ratios.js').Figure} Figure */

/**
 * CPU per request as multiples of raw-project: contender → workload → ratio.
 * @typedef {Readonly<Record<string, Readonly<Record<string, number>>>>} Ratios
 */

/**
 * One ratio that is not what it was.
 * @typedef {{ readonly contender: string, readonly workload: string, readonly was: number, readonly is: number }} Change
 */

/** How much a ratio may move before it counts: machines and Node versions differ by less. */
const TOLERANCE = 4 / 3;

/**
 * The ratios of a run, as bench/baseline.json holds them.
 * @param {readonly Figure[]} figures
 * @returns {Ratios}
 */
export function ratiosOf(figures) {
  /** @type {Record<string, Record<string, number>>} */
  const ratios = {};
  for (const { contender, workload, ratios: measured } of figures) {
    const ratio = measured[RAW_PROJECT]?.median;
    if (contender === RAW_PROJECT || ratio === undefined) continue;
    ratios[contender] = { ...ratios[contender], [workload]: Number(ratio.toFixed(2)) };
  }
  return ratios;
}

/**
 * The highest ratios of several runs: by as much as those differ, a machine does by itself.
 * @param {readonly Ratios[]} runs
 * @returns {Ratios}
 */
export function highestOf(runs) {
  /** @type {Record<string, Record<string, number>>} */
  const highest = {};
  for (const [contender, byWorkload] of runs.flatMap(Object.entries)) {
    highest[contender] ??= {};
    for (const [workload, ratio] of Object.entries(byWorkload)) {
      highest[contender][workload] = Math.max(ratio, highest[contender][workload] ?? 0);
    }
  }
  return highest;
}

/**
 * What has moved by more than a third between two runs. Throws where the baseline lacks something: what is compared with
 * nothing would never fail.
 * @param {Ratios} baseline
 * @param {Ratios} measured
 * @returns {{ readonly worse: readonly Change[], readonly better: readonly Change[] }}
 */
export function changesSince(baseline, measured) {
  const changes = Object.entries(measured).flatMap(([contender, byWorkload]) =>
    Object.entries(byWorkload).map(([workload, is]) => {
      const was = baseline[contender]?.[workload];
      if (was === undefined) throw new Error(`The baseline has no ratio of ${contender} for ${workload}; renew it.`);
      return { contender, workload, was, is };
    }),
  );
  if (changes.length === 0) throw new Error('Nothing was measured.');
  return {
    worse: changes.filter(({ was, is }) => !(is <= was * TOLERANCE)),
    better: changes.filter(({ was, is }) => is * TOLERANCE < was),
  };
}
