import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { allContenders } from './contenders/contenders.js';
import { WORKLOADS } from './workloads.js';

/**
 * What the command line says.
 * @typedef {ReturnType<typeof readOptions>} Options
 */

/**
 * Reads the arguments behind `node bench/main.js`. Throws where one is unknown or does not fit.
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
      rounds: { type: 'string', default: '12' },
      'slice-ms': { type: 'string', default: '700' },
      'warm-up-ms': { type: 'string', default: '2000' },
      gateway: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
      json: { type: 'string' },
    },
  });
  return {
    command: positionals[0] ?? 'throughput',
    contenders: chosen('contender', allContenders(resolve(values.gateway)), values.contenders),
    workloads: chosen('workload', WORKLOADS, values.workloads),
    connections: positive('connections', values.connections),
    rounds: positive('rounds', values.rounds),
    sliceMs: positive('slice-ms', values['slice-ms']),
    warmUpMs: positive('warm-up-ms', values['warm-up-ms']),
    json: values.json,
  };
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
