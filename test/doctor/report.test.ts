import { describe, expect, test } from 'vitest';
import { runChecks } from '../../src/doctor/run-checks.ts';
import type { CallSignal } from '../../src/domain/call-signal.ts';
import { answer, startFaultUpstream } from '../support/fault-upstream.ts';
import { check, table } from './doctor.ts';

describe('the table', () => {
  test('has a line a check, with what to do under it, and a count', async () => {
    expect((await table({})).split('\n')).toEqual([
      '',
      '  ok       configuration  variables    nothing is set: all defaults',
      '  ok       callers        mode         nobody is asked, and only this machine can call',
      '  warning  PERSONIO       credentials  none: the gateway would start on the sandbox',
      '                                       → Set PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET to use the real API.',
      '  warning  TRULAYER       credentials  none: the gateway would start on the sandbox',
      '                                       → Set TRULAYER_API_KEY to use the real API.',
      '',
      '  2 ok, 2 warnings.',
      '',
      '',
    ]);
  });

  test('is at most 120 columns wide, however long the texts are', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `GATEWAY_STRANGER_${index}`);
    const text = await table({
      ...Object.fromEntries(names.map((name) => [name, 'x'])),
      GATEWAY_CORS_ORIGINS: 'no origin',
      TRULAYER_API_KEY: 'tl_a',
      TRULAYER_BASE_URL: 'http://hookgraph.invalid',
    });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test('shows what an upstream wrote without what steers a terminal', async () => {
    const { baseUrl } = await startFaultUpstream((socket) =>
      answer(socket, 403, { error: 'no\u202e\u2028\u200b\u001b[2J\u001b]0;title\u0007\r\nok       PERSONIO' }),
    );
    const text = await table({ TRULAYER_API_KEY: 'tl_a', TRULAYER_BASE_URL: baseUrl });
    // Nor what writes from right to left, breaks a line, or hides.
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\u2028]/u);
    expect(text).toContain('HTTP 403: no');
    expect(text).not.toMatch(/^ok {7}PERSONIO/m);
  });
});

describe('no secret is shown', () => {
  const CANARIES = {
    PERSONIO_CLIENT_ID: 'papi-canary-id-1f6a',
    PERSONIO_CLIENT_SECRET: 'canary-secret-77b1',
    TRULAYER_API_KEY: 'tl_canary-key-90cc',
  };
  const TOKEN = 'papi-canary-token-5d2e';
  const all = new RegExp([...Object.values(CANARIES), TOKEN].join('|'));

  test.each([200, 400, 401, 403, 500])('where the upstreams repeat them all with status %i', async (status) => {
    const { baseUrl, requests } = await startFaultUpstream((socket, { path, headers, body }) => {
      const said = `${headers.authorization} ${body} ${status === 400 ? '' : TOKEN} ${Object.values(CANARIES)}`;
      if (path === '/v2/auth/token' && status !== 400) {
        return answer(socket, 200, { access_token: TOKEN, scope: 'personio:webhooks:read' });
      }
      const problem = { title: said, detail: said };
      answer(socket, status, { errors: [problem], error: said, error_description: said, webhooks: said, _data: said });
    });
    const environment = { ...CANARIES, PERSONIO_BASE_URL: baseUrl, TRULAYER_BASE_URL: baseUrl };
    const { rows, text } = await check(environment);
    expect(rows.filter((row) => row.status === 'failed').length).toBeGreaterThanOrEqual(1);
    expect(text).not.toMatch(all);
    expect(await table(environment)).not.toMatch(all);
    expect(requests.length).toBeGreaterThan(2);
  });

  test('where they stand in the wrong variables', async () => {
    const { text } = await check({
      PERSONIO_BASE_URL: 'https://user:canary-secret-77b1@api.personio.de?key=canary-secret-77b1',
      GATEWAY_JWKS_URL: 'https://user:canary-secret-77b1@issuer.example',
      GATEWAY_API_KEYS: 'dashboard:canary-secret-77b1:webhooks:read',
      TRULAYER_API_KEY: 'canary-secret-77b1 with blanks',
    });
    expect(text).not.toContain('canary-secret-77b1');
  });
});

describe('each check has an end', () => {
  const ok = { subject: 'good', what: 'it', status: 'ok', found: 'fine' } as const;

  test('one that never ends is a failure, and the others stand', async () => {
    const never = { subject: 'bad', run: () => new Promise<never>(() => {}) };
    const rows = await runChecks([never, { subject: 'good', run: async () => [ok] }], { timeoutMs: 20 });
    expect(rows).toMatchObject([{ subject: 'bad', status: 'failed', found: 'no end after 0.02 seconds' }, ok]);
  });

  test('one that fails is a fault of ours, without what it says', async () => {
    const failing = { subject: 'bad', run: () => Promise.reject(new Error('canary')) };
    const rows = await runChecks([failing, { subject: 'good', run: async () => [ok] }]);
    expect(rows).toMatchObject([{ status: 'failed', found: 'the check itself failed' }, ok]);
    expect(JSON.stringify(rows)).not.toContain('canary');
  });

  test('its calls are told when the time is over, and may say what they waited for', async () => {
    const waiting = {
      subject: 'waits',
      run: ({ signal }: { readonly signal: CallSignal }) =>
        new Promise<readonly (typeof ok)[]>((resolve) => signal.addEventListener('abort', () => resolve([ok]))),
    };
    expect(await runChecks([waiting], { timeoutMs: 20 })).toEqual([ok]);
  });
});
