import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sandboxEnvironment } from '../../src/sandbox/sandbox-environment.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { selfSignedCertificate } from '../support/certificate.ts';
import { answer, type Behave, head, refusedBaseUrl, startFaultUpstream } from '../support/fault-upstream.ts';
import { measured } from '../support/running-time.ts';
import { startStubUpstream, type UpstreamReply, type UpstreamRequest } from '../support/stub-upstream.ts';
import { check } from './doctor.ts';

async function openSandbox() {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return { sandbox, environment: sandboxEnvironment(sandbox) };
}

/** A provider whose every answer the test decides. */
async function stub(reply: (request: UpstreamRequest) => UpstreamReply) {
  const upstream = await startStubUpstream(reply);
  onTestFinished(() => upstream.close());
  return upstream;
}

describe('where all is well', () => {
  test('every line is ok, but for what only a write would show', async () => {
    const { environment } = await openSandbox();
    const { exitCode, rows } = await check(environment);
    expect(exitCode).toBe(0);
    expect(rows.map(({ subject, what, status }) => `${subject} ${what}: ${status}`)).toEqual([
      'configuration variables: ok',
      'callers mode: ok',
      'PERSONIO address: ok',
      'PERSONIO credentials: ok',
      'PERSONIO reading: ok',
      'PERSONIO writing: ok',
      'TRULAYER address: ok',
      'TRULAYER reading: ok',
      'TRULAYER writing: skipped',
    ]);
  });

  test('a token and one page of each provider is all that is asked; nothing is written', async () => {
    const { sandbox, environment } = await openSandbox();
    await check(environment);
    expect(sandbox.requests.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      'GET /v1/webhooks',
      'GET /v2/webhooks?limit=1',
      'POST /v2/auth/token',
    ]);
    expect(sandbox.receiver.deliveries).toEqual([]);
  });

  test('the identification headers of Personio go along', async () => {
    const { sandbox, environment } = await openSandbox();
    await check({ ...environment, PERSONIO_APP_ID: 'MY_APP' });
    const [, list] = sandbox.requests.filter(({ provider }) => provider === 'PERSONIO');
    expect(list?.headers['x-personio-app-id']).toBe('MY_APP');
  });
});

describe('credentials and scopes of Personio', () => {
  test.each([
    ['papi-sandbox-refused', 'credentials', 'HTTP 400', 'Check PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET'],
    ['papi-sandbox-unauthorized', 'credentials', 'HTTP 400', 'Check PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET'],
    ['papi-sandbox-expired', 'credentials', 'HTTP 400', 'Check PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET'],
    ['papi-sandbox-distrusted', 'reading', 'HTTP 401', 'The token is fresh, yet not accepted'],
    ['papi-sandbox-throttled', 'reading', 'RATE_LIMITED', 'look for who else uses these credentials'],
    ['papi-sandbox-500', 'reading', 'HTTP 500', 'The trouble is on their side'],
    ['papi-sandbox-503', 'reading', 'HTTP 503', 'The trouble is on their side'],
  ])('%s: %s fails with %s', async (clientId, what, found, remedy) => {
    const { environment } = await openSandbox();
    const { exitCode, row } = await check({ ...environment, PERSONIO_CLIENT_ID: clientId });
    expect(exitCode).toBe(1);
    expect(row('PERSONIO', what)).toMatchObject({
      status: 'failed',
      found: expect.stringContaining(found),
      remedy: expect.stringContaining(remedy),
    });
    // One provider's trouble is not the other's.
    expect(row('TRULAYER', 'reading').status).toBe('ok');
  });

  test('what comes after a failure is skipped, not asked', async () => {
    const { sandbox, environment } = await openSandbox();
    const { row } = await check({ ...environment, PERSONIO_CLIENT_ID: 'papi-sandbox-refused' });
    expect([row('PERSONIO', 'reading').status, row('PERSONIO', 'writing').status]).toEqual(['skipped', 'skipped']);
    expect(sandbox.requests.filter(({ path }) => path.startsWith('/v2/webhooks'))).toEqual([]);
  });

  test('a token without the write scope is a warning that names it, and no failure', async () => {
    const { environment } = await openSandbox();
    const { exitCode, row } = await check({ ...environment, PERSONIO_CLIENT_ID: 'papi-sandbox-read-only' });
    expect(exitCode).toBe(0);
    expect(row('PERSONIO', 'writing')).toMatchObject({
      status: 'warning',
      found: 'the token lacks personio:webhooks:write: every mutation will be FORBIDDEN',
    });
  });

  test('a 403 on the list names the read scope', async () => {
    const { baseUrl } = await stub(({ url }) =>
      url === '/v2/auth/token'
        ? { body: { access_token: 'papi-token', expires_in: 60, scope: 'personio:person:read' } }
        : { status: 403, body: { errors: [{ title: 'Access denied', detail: 'Access denied.' }] } },
    );
    const { row } = await check({
      PERSONIO_BASE_URL: baseUrl,
      PERSONIO_CLIENT_ID: 'papi-a',
      PERSONIO_CLIENT_SECRET: 'secret-a',
    });
    expect(row('PERSONIO', 'reading')).toMatchObject({
      status: 'failed',
      found: 'HTTP 403: Access denied. (FORBIDDEN)',
      remedy: 'In Personio, give the API credentials the scope personio:webhooks:read.',
    });
  });

  test('a token endpoint that does not say the scopes leaves writing open', async () => {
    const { baseUrl } = await stub(({ url }) =>
      url === '/v2/auth/token' ? { body: { access_token: 'papi-token' } } : { body: { _data: [] } },
    );
    const { row } = await check({
      PERSONIO_BASE_URL: baseUrl,
      PERSONIO_CLIENT_ID: 'papi-a',
      PERSONIO_CLIENT_SECRET: 'secret-a',
    });
    expect(row('PERSONIO', 'reading').found).toBe('can be read; there is no webhook yet');
    expect(row('PERSONIO', 'writing').status).toBe('skipped');
  });

  test('a ready token is a warning, and read with', async () => {
    const { baseUrl, requests } = await stub(() => ({ body: { _data: [] } }));
    const { exitCode, row } = await check({ PERSONIO_BASE_URL: baseUrl, PERSONIO_ACCESS_TOKEN: 'papi-ready' });
    expect(exitCode).toBe(0);
    expect(row('PERSONIO', 'credentials').status).toBe('warning');
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer papi-ready']);
  });

  test('rows that are not what the contract says are a warning', async () => {
    const { baseUrl } = await stub(() => ({ body: { _data: [{ id: 7 }] } }));
    const { row } = await check({ PERSONIO_BASE_URL: baseUrl, PERSONIO_ACCESS_TOKEN: 'papi-ready' });
    expect(row('PERSONIO', 'reading').status).toBe('warning');
  });
});

describe('the key of TruLayer', () => {
  test.each([
    ['tl_sandbox_revoked', 'HTTP 401', 'whether the key was revoked'],
    ['tl_nobody_has_this', 'HTTP 401', 'Check TRULAYER_API_KEY'],
    ['tl_sandbox_query', 'HTTP 403', 'another scope than the read-only `query`'],
    ['tl_sandbox_starter', 'HTTP 402', 'Webhooks need the plan Pro or above'],
    ['tl_sandbox_throttled', 'RATE_LIMITED', 'Wait '],
    ['tl_sandbox_broken', 'HTTP 500', 'The trouble is on their side'],
  ])('%s: reading fails with %s', async (apiKey, found, remedy) => {
    const { environment } = await openSandbox();
    const { exitCode, row } = await check({ ...environment, TRULAYER_API_KEY: apiKey });
    expect(exitCode).toBe(1);
    expect(row('TRULAYER', 'reading')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining(found),
      remedy: expect.stringContaining(remedy),
    });
    expect(row('PERSONIO', 'reading').status).toBe('ok');
  });
});

const CREDENTIALS = {
  PERSONIO: { PERSONIO_CLIENT_ID: 'papi-a', PERSONIO_CLIENT_SECRET: 'secret-a' },
  TRULAYER: { TRULAYER_API_KEY: 'tl_a' },
} as const;

describe.each(['PERSONIO', 'TRULAYER'] as const)('an address of %s', (name) => {
  const variable = `${name}_BASE_URL`;
  const checkAt = (baseUrl: string, more: Readonly<Record<string, string>> = {}) =>
    check({
      ...CREDENTIALS[name],
      CONNECT_TIMEOUT_MS: '300',
      UPSTREAM_TIMEOUT_MS: '300',
      [variable]: baseUrl,
      ...more,
    });
  const firstAsked = name === 'PERSONIO' ? 'credentials' : 'reading';

  test('where nothing listens', async () => {
    const { exitCode, row } = await checkAt(await refusedBaseUrl());
    expect(exitCode).toBe(1);
    expect(row(name, 'address')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('nothing listens there (ECONNREFUSED)'),
      remedy: expect.stringContaining(variable),
    });
  });

  test('that has no name', async () => {
    const { row } = await checkAt('https://hookgraph.invalid');
    expect(row(name, 'address')).toMatchObject({
      status: 'failed',
      found: expect.stringMatching(
        /^https:\/\/hookgraph\.invalid: the name does not resolve \((ENOTFOUND|EAI_AGAIN)\)$/,
      ),
      remedy: expect.stringContaining(`Check the host in ${variable}, and the DNS`),
    });
  });

  test('whose certificate nobody has signed', async () => {
    const server = createTlsServer(selfSignedCertificate({ host: 'localhost' }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { row } = await checkAt(`https://localhost:${port}`);
    expect(row(name, 'address')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('the certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)'),
      remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
  });

  test('that does not speak TLS', async () => {
    const { baseUrl } = await stub(() => ({ body: {} }));
    const { row } = await checkAt(baseUrl.replace('http:', 'https:'));
    expect(row(name, 'address')).toMatchObject({
      status: 'failed',
      found: expect.stringMatching(/does not speak TLS|the connection broke/),
    });
  });

  test('where TLS is begun and never answered ends in time', async () => {
    const { baseUrl } = await startFaultUpstream(() => {});
    const { result, runningMs } = await measured(() => checkAt(baseUrl.replace('http:', 'https:')));
    const { row } = result;
    expect(runningMs).toBeLessThan(2_000);
    expect(row(name, 'address')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('the connection does not stand in time'),
    });
  });

  const behaviours: readonly (readonly [string, Behave, string, string])[] = [
    ['that is silent', () => {}, 'UPSTREAM_TIMEOUT', 'takes connections and does not answer'],
    ['that cuts connections', (socket) => socket.destroy(), 'the connection broke', 'cut connections'],
    [
      'that cuts an answer off',
      (socket) => socket.end(`${head(200, { 'content-length': '100' })}{`),
      'the connection failed',
      'cuts connections',
    ],
    ['with a sign-in page', (socket) => answer(socket, 200, '<html>'), 'UPSTREAM_INVALID_RESPONSE', variable],
    ['that redirects', (socket) => answer(socket, 302, '', { location: '/' }), 'UPSTREAM_INVALID_RESPONSE', variable],
    ['with another API', (socket) => answer(socket, 404, '{}'), 'HTTP 404', `check ${variable}`],
    ['with another shape', (socket) => answer(socket, 200, []), 'UPSTREAM_INVALID_RESPONSE', variable],
    [
      'that asks to wait',
      (socket) => answer(socket, 429, '', { 'retry-after': '7' }),
      'RATE_LIMITED',
      'Wait 7 seconds',
    ],
    ['with an error page', (socket) => answer(socket, 502, '<html>'), 'HTTP 502', 'The trouble is on their side'],
  ];
  test.each(behaviours)('%s', async (_what, behave, found, remedy) => {
    const upstream = await startFaultUpstream(behave);
    const { exitCode, row } = await checkAt(upstream.baseUrl);
    expect(exitCode).toBe(1);
    expect(row(name, firstAsked)).toMatchObject({
      status: 'failed',
      found: expect.stringContaining(found),
      remedy: expect.stringContaining(remedy),
    });
    // No retries: what is shown is what was met.
    expect(upstream.requests.length).toBe(1);
  });

  test('is looked at without credentials where callers bring theirs', async () => {
    const { baseUrl, requests } = await stub(() => ({ body: {} }));
    const { row } = await check({ GATEWAY_FORWARD_CREDENTIALS: 'true', [variable]: baseUrl });
    expect(row(name, 'address').status).toBe('ok');
    expect(row(name, 'credentials').found).toContain('callers bring theirs');
    expect(requests).toEqual([]);
  });
});

describe('a provider without credentials', () => {
  test('is a warning where the gateway would start on the sandbox', async () => {
    const { exitCode, row } = await check({});
    expect(exitCode).toBe(0);
    expect(row('PERSONIO', 'credentials')).toMatchObject({
      status: 'warning',
      found: 'none: the gateway would start on the sandbox',
      remedy: 'Set PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET to use the real API.',
    });
    expect(row('TRULAYER', 'credentials').remedy).toBe('Set TRULAYER_API_KEY to use the real API.');
  });

  test('is no trouble where the other one has some', async () => {
    const { environment } = await openSandbox();
    const { exitCode, row } = await check({ ...environment, TRULAYER_API_KEY: undefined });
    expect(exitCode).toBe(0);
    expect(row('TRULAYER', 'credentials')).toMatchObject({
      status: 'skipped',
      found: 'none: lists would leave this provider out',
    });
  });
});
