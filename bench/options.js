import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { allContenders, HOOKGRAPH_UNSHARED, isPeer } from './contenders/contenders.js';
import { WORKLOADS } from './workloads.js';

/**
 * What the command line says.
 * @typedef {ReturnType<typeof readOptions>} Options
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const CHECKED = { contenders: `raw-project,hookgraph,${HOOKGRAPH_UNSHARED}`, rounds: '20', 'slice-ms': '150' };

/**
 * What a command does where the command line does not say: CI's is short, and one about our own product needs no peers.
 * @type {Readonly<Record<string, { readonly contenders?: string, readonly rounds?: string, readonly 'slice-ms'?: string }>>}
 */
const DEFAULTS = {
  check: CHECKED,
  baseline: CHECKED,
  calls: { contenders: 'hookgraph' },
  memory: { contenders: 'hookgraph' },
  edges: { contenders: 'raw-pass,raw-project,hookgraph' },
  // It measures nothing.
  readme: { contenders: 'raw-pass' },
};

/**
 * Reads the arguments behind `node bench/main.js`. Throws where one is unknown or does not fit, and where something that
 * is to be measured is not there.
 * @param {readonly string[]} argv
 */
export function readOptions(argv) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      contenders: { type: 'string' },
      workloads: { type: 'string' },
      connections: { type: 'string', default: '32' },
      rounds: { type: 'string' },
      'slice-ms': { type: 'string' },
      'warm-up-ms': { type: 'string', default: '2000' },
      'warm-up-calls': { type: 'string', default: '6000' },
      minutes: { type: 'string', default: '1' },
      gateway: { type: 'string', default: ROOT },
      before: { type: 'string' },
      baseline: { type: 'string', default: join(ROOT, 'bench', 'baseline.json') },
      json: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const { gateway, before, baseline, json, profile } = values;
  const command = positionals[0] ?? 'throughput';
  const defaults = DEFAULTS[command] ?? {};
  const all = allContenders(resolve(gateway), before === undefined ? undefined : resolve(before));
  const contenders = chosen('contender', all, values.contenders ?? defaults.contenders);
  assertInstalled(contenders);
  return {
    command,
    contenders,
    workloads: chosen('workload', WORKLOADS, values.workloads),
    connections: positive('connections', values.connections),
    rounds: positive('rounds', values.rounds ?? defaults.rounds ?? '25'),
    sliceMs: positive('slice-ms', values['slice-ms'] ?? defaults['slice-ms'] ?? '300'),
    warmUpMs: positive('warm-up-ms', values['warm-up-ms']),
    warmUpCalls: positive('warm-up-calls', values['warm-up-calls']),
    minutes: positive('minutes', values.minutes),
    baseline: resolve(baseline),
    json: json === undefined ? undefined : resolve(json),
    nodeOptions: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profile)}`],
  };
}

/** @param {readonly import('./contenders/contenders.js').Contender[]} contenders */
function assertInstalled(contenders) {
  for (const { name, script } of contenders) {
    if (!existsSync(script)) throw new Error(`${name} is not built: ${script} is missing (npm run build).`);
  }
  const isMissing = contenders.some(isPeer) && !existsSync(join(ROOT, 'bench', 'node_modules'));
  if (isMissing) {
    throw new Error('The peers are not installed: npm ci --prefix bench (or choose others with --contenders).');
  }
}

/**
 * @template {{ readonly name: string }} T
 * @param {string} what
 * @param {readonly T[]} all
 * @param {string | undefined} names comma-separated; all where there are none
 * @returns {readonly T[]}
 */
function chosen(what, all, names) {
  if (names === undefined) return all;
  return names.split(',').map((name) => {
    const found = all.find((one) => one.name === name);
    if (found) return found;
    throw new Error(`There is no ${what} «${name}»; there are: ${all.map((one) => one.name).join(', ')}`);
  });
}

/**
 * @param {string} name
 * @param {string} text
 */
function positive(name, text) {
  const number = Number(text);
  if (number > 0) return number;
  throw new Error(`--${name} should be a number above 0, and is «${text}».`);
}
