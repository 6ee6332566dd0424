import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * The stub upstream as a process of its own.
 * @typedef {object} Upstream
 * @property {string} personio its base URL
 * @property {string} trulayer its base URL
 * @property {() => Promise<number>} takeCalls how many calls came since the last time it was asked
 * @property {(delayMs: number) => Promise<void>} answerAfter how long it waits before each answer from now on
 * @property {() => void} close
 */

/** @returns {Promise<Upstream>} */
export async function startUpstream() {
  const child = fork(fileURLToPath(new URL('./stub-upstream.js', import.meta.url)));
  const [{ personio, trulayer }] = await once(child, 'message');
  const ask = async (/** @type {object} */ message) => {
    child.send(message);
    const [answer] = await once(child, 'message');
    return answer.calls.personio + answer.calls.trulayer;
  };
  return {
    personio,
    trulayer,
    takeCalls: () => ask({}),
    answerAfter: async (delayMs) => {
      await ask({ delayMs });
    },
    close: () => void child.kill('SIGKILL'),
  };
}
