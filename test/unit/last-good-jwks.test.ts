import { describe, expect, onTestFinished, test, vi } from 'vitest';
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

describe('the last good keys serve while new ones cannot be had', () => {
  function openIssuer() {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const issuer = { answer: new Response('{"keys":[1]}') };
    const fetchJwks = createLastGoodFetch({ fetch: async () => issuer.answer });
    return { issuer, ask: () => fetchJwks('https://issuer.example/jwks.json', {}) };
  }

  test('for an hour: who has taken the issuer down must not have its old keys believed for good', async () => {
    const { issuer, ask } = openIssuer();
    await ask();
    issuer.answer = new Response('', { status: 503 });
    vi.advanceTimersByTime(3_599_000);
    expect(await (await ask()).text()).toBe('{"keys":[1]}');
    vi.advanceTimersByTime(6_000);
    await expect(ask()).rejects.toThrow(JwksUnavailableError);
  });

  test('and an answer without a document does not take their place', async () => {
    const { issuer, ask } = openIssuer();
    await ask();
    issuer.answer = new Response(null, { status: 204 });
    expect(await (await ask()).text()).toBe('{"keys":[1]}');
  });
});
