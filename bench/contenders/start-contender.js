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
 * @property {{ readonly p99: number, readonly max: number }} loopHeldMs how late its event loop was since `watchLoop`
 */

/**
 * A contender's process.
 * @typedef {object} RunningContender
 * @property {Contender} contender
 * @property {string} url its origin
 * @property {() => Promise<Usage>} usage
 * @property {() => Promise<Usage>} watchLoop begins to watch how late the event loop is
 * @property {() => Promise<void>} close
 */

const START_MS = 60_000;
const EXIT_MS = 10_000;
const USAGE = new URL('./report-usage.js', import.meta.url).href;

/**
 * Starts it in production mode with nothing of this process's environment, and waits until it says where it listens.
 * @param {Contender} contender
 * @param {import('../upstream/upstream.js').Upstream} upstream
 * @param {readonly string[]} [nodeOptions] e.g. `--cpu-prof`
 * @returns {Promise<RunningContender>}
 */
export async function startContender(contender, upstream, nodeOptions = []) {
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
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  const ask = async (/** @type {'usage' | 'watch-loop'} */ question) => {
    child.send(question);
    const [usage] = await once(child, 'message');
    return usage;
  };
  return {
    contender,
    url: await whereItListens(child, contender.name),
    usage: () => ask('usage'),
    watchLoop: () => ask('watch-loop'),
    close: async () => {
      process.off('exit', kill);
      // It exits by itself then, so that a profile is written.
      child.disconnect();
      const timer = setTimeout(kill, EXIT_MS);
      await ended;
      clearTimeout(timer);
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
    const onExit = (/** @type {number | null} */ code) => fail(`it ended with ${code}`);
    const found = (/** @type {string} */ url) => {
      clearTimeout(timer);
      child.off('exit', onExit);
      resolve(url);
    };
    child.once('exit', onExit);
    child.once('message', (message) => found(/** @type {{ url: string }} */ (message).url));
    child.stdout?.on('data', (chunk) => {
      out += chunk;
      const url = /(http:\/\/[\w.:[\]]+)\/graphql/.exec(out)?.[1];
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
