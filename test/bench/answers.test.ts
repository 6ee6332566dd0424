import { expect, onTestFinished, test } from 'vitest';
import { allContenders } from '../../bench/contenders/contenders.js';
import { startContender, verifyAnswers } from '../../bench/contenders/start-contender.js';
import { startUpstream } from '../../bench/upstream/upstream.js';
import { WORKLOADS } from '../../bench/workloads.js';

/** Starts raw-project, with one difference in what is expected of it. */
async function startRawProject(change: (answer: unknown) => unknown) {
  const found = allContenders('.', undefined).find(({ name }) => name === 'raw-project');
  if (!found) throw new Error('raw-project is gone');
  const upstream = await startUpstream();
  onTestFinished(() => upstream.close());
  const contender = { ...found, read: (...args: Parameters<typeof found.read>) => change(found.read(...args)) };
  const running = await startContender(contender, upstream);
  onTestFinished(() => running.close());
  return running;
}

test('a contender that answers every workload rightly may be measured', async () => {
  const running = await startRawProject((answer) => answer);
  await expect(verifyAnswers(running, WORKLOADS)).resolves.toBeUndefined();
});

test('a contender whose answer lacks anything is refused', async () => {
  const running = await startRawProject((answer) =>
    JSON.parse(JSON.stringify(answer).replaceAll('"attempts":1', '"attempts":2')),
  );
  await expect(verifyAnswers(running, WORKLOADS)).rejects.toThrow(
    'raw-project answers «one webhook + 100 activities» wrongly',
  );
});
