import { expect, onTestFinished, test, vi } from 'vitest';
import { createLastGoodFetch, JwksUnavailableError } from '../../src/server/caller/last-good-jwks.ts';

test('keys are asked for again in time although the clock was set back after a failure', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const statuses = [503, 200];
  const fetchJwks = createLastGoodFetch({ fetch: async () => new Response('{}', { status: statuses.shift() ?? 500 }) });
  const ask = () => fetchJwks('https://issuer.example/jwks.json', {});
  await expect(ask()).rejects.toThrow(JwksUnavailableError);
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(5_000);
  expect((await ask()).status).toBe(200);
});
