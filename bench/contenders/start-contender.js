import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { request as httpRequest } from 'undici';

/** @typedef {import('./contenders.js').Contender} Contender */
/** @typedef {import('../workloads.js').Workload} Workload */

/**
 * What a process has used since it started.
 * @typedef {object} Usage
 * @property {number} cpuUs user and system time of all its threads, in microseconds
 * @property {number} rssBytes
 */

/**
 * A contender's process.
 * @typedef {object} RunningContender
 * @property {Contender} contender
 * @property {string} url its origin
 * @property {() => Promise<Usage>} usage
 * @property {() => void} close
 */

const START_MS = 60_000;
const USAGE = new URL('./report-usage.js', import.meta.url).href;

/**
 * Starts it in production mode with nothing of this process's environment, and waits until it says where it listens.
 * @param {Contender} contender
 * @param {import('../upstream/upstream.js').Upstream} upstream
 * @param {{ readonly nodeOptions?: readonly string[] }} [options] for `node`, e.g. `--cpu-prof`
 * @returns {Promise<RunningContender>}
 */
export async function startContender(contender, upstream, { nodeOptions = [] } = {}) {
  const child = spawn(process.execPath, [...nodeOptions, '--import', USAGE, contender.script], {
    cwd: tmpdir(),
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: '0',
      PERSONIO_BASE_URL: upstream.personio,
      PERSONIO_ACCESS_TOKEN: 'personio-token-of-the-bench',
      TRULAYER_BASE_URL: upstream.trulayer,
      TRULAYER_API_KEY: 'trulayer-key-of-the-bench',
      ...contender.environment,
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const close = () => void child.kill('SIGKILL');
  process.once('exit', close);
  return {
    contender,
    url: await whereItListens(child, contender.name),
    usage: async () => {
      child.send('usage');
      const [usage] = await once(child, 'message');
      return usage;
    },
    close: () => {
      process.off('exit', close);
      close();
    },
  };
}

/**
 * A contender of the bench sends its URL; hookgraph prints it.
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} name
 * @returns {Promise<string>}
 */
function whereItListens(child, name) {
  return new Promise((resolve, reject) => {
    let out = '';
    const fail = (/** @type {string} */ why) => reject(new Error(`${name} did not start: ${why}\n${out}`));
    const timer = setTimeout(fail, START_MS, `it said nothing within ${START_MS / 1_000} s`);
    const found = (/** @type {string} */ url) => {
      clearTimeout(timer);
      resolve(url);
    };
    child.once('exit', (code) => fail(`it ended with ${code}`));
    child.once('message', (message) => found(/** @type {{ url: string }} */ (message).url));
    child.stdout?.on('data', (chunk) => {
      out += chunk;
      const url = /GraphQL +(http:\/\/[\w.:[\]]+)\/graphql/.exec(out)?.[1];
      if (url) found(url);
    });
  });
}

/**
 * Throws where an answer is not right: one that answers wrongly is no fast one.
 * @param {RunningContender} running
 * @param {readonly Workload[]} workloads
 */
export async function verifyAnswers({ contender, url }, workloads) {
  for (const workload of workloads) {
    for (const index of [0, 1, 41]) {
      const { method, path, headers, body } = contender.request(workload, index, 0);
      const answer = await httpRequest(url + path, { method, headers, body });
      const text = await answer.body.text();
      const isRight = answer.statusCode === 200 && matches(contender, workload, index, text);
      if (isRight) continue;
      const expected = JSON.stringify(contender.expected(workload, index)).slice(0, 800);
      throw new Error(
        `${contender.name} answers «${workload.title}» wrongly: ${answer.statusCode} ${text.slice(0, 800)}\nexpected ${expected}`,
      );
    }
  }
}

/**
 * Whether an answer is right.
 * @param {Contender} contender
 * @param {Workload} workload
 * @param {number} index
 * @param {string} text
 */
export function matches(contender, workload, index, text) {
  return isDeepStrictEqual(contender.read(workload, text), contender.expected(workload, index));
}
