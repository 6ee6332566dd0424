import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { READ_KEY, WITH_KEYS } from '../support/callers.ts';
import { refusedBaseUrl, startFaultUpstream } from '../support/fault-upstream.ts';
import { startIssuer } from '../support/issuer.ts';
import { startStubUpstream, type UpstreamReply } from '../support/stub-upstream.ts';
import { check } from './doctor.ts';

/** Where the JWKS of an issuer is, in place of a real one. */
function jwks(url: string) {
  return { GATEWAY_JWKS_URL: url, GATEWAY_JWT_ISSUER: 'https://issuer.example/', GATEWAY_JWT_AUDIENCE: 'hookgraph' };
}

async function checkJwks(reply: UpstreamReply) {
  const upstream = await startStubUpstream(() => reply);
  onTestFinished(() => upstream.close());
  const { exitCode, row } = await check(jwks(`${upstream.baseUrl}/jwks.json`));
  return { exitCode, row: row('callers', 'JWKS') };
}

describe('the callers', () => {
  test('are anybody on this machine without keys', async () => {
    const { row } = await check({});
    expect(row('callers', 'mode')).toMatchObject({ status: 'ok', found: expect.stringContaining('only this machine') });
  });

  test('are anybody at all with GATEWAY_AUTH=none, which is a warning', async () => {
    const { exitCode, row } = await check({ GATEWAY_AUTH: 'none' });
    expect(exitCode).toBe(0);
    expect(row('callers', 'mode').status).toBe('warning');
  });

  test('are told by name and scope, without keys and hashes', async () => {
    const { row, text } = await check(WITH_KEYS);
    expect(row('callers', 'API keys')).toMatchObject({
      status: 'ok',
      found: '3: dashboard (webhooks:read), monitor (webhooks:test), pipeline (webhooks:write)',
    });
    expect(text).not.toContain(READ_KEY);
    expect(text).not.toMatch(/[\da-f]{64}/);
  });
});

describe('the JWKS', () => {
  test('is read, and its keys tried', async () => {
    const issuer = await startIssuer();
    const { exitCode, row } = await check(issuer.environment);
    expect(exitCode).toBe(0);
    expect(row('callers', 'JWT').found).toBe('of https://issuer.example/, for hookgraph, scopes in the claim scope');
    expect(row('callers', 'JWKS')).toMatchObject({ status: 'ok', found: expect.stringMatching(/^1 of 1 key at http/) });
  });

  test('is at a port that fetch does not ask: that is told, and is no fault of ours', async () => {
    const { exitCode, row } = await check(jwks('http://127.0.0.1:6000/jwks.json'));
    expect(exitCode).toBe(1);
    expect(row('callers', 'JWKS')).toEqual(
      expect.objectContaining({
        status: 'failed',
        found: 'http://127.0.0.1:6000: fetch asks no such port, nor does the gateway',
        remedy: expect.stringMatching(
          /name that one in GATEWAY_JWKS_URL: .*\("port blocking" in the Fetch standard\)\.$/,
        ),
      }),
    );
  });

  test.each([
    ['an error', { status: 503, body: {} }, 'HTTP 503 instead of keys'],
    ['a redirect', { status: 302, headers: { location: '/keys' } }, 'HTTP 302 instead of keys'],
    ['a page', { body: '<html>' }, 'what it answers is no JWKS'],
    ['another document', { body: { jwks_uri: 'https://issuer.example/jwks' } }, 'what it answers is no JWKS'],
    ['no keys', { body: { keys: [] } }, 'none of its 0 keys can check a signature'],
    ['a shared secret', { body: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }, 'none of its 1 keys'],
    ['a key to encrypt with', { body: { keys: [publicRsa(2_048, { use: 'enc' })] } }, 'none of its 1 keys'],
    ['a short key', { body: { keys: [publicRsa(1_024)] } }, 'none of its 1 keys'],
    ['a damaged key', { body: { keys: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, null] } }, 'none of its 2 keys'],
  ])('with %s is a failure', async (_what, reply, found) => {
    const { exitCode, row } = await checkJwks(reply);
    expect(exitCode).toBe(1);
    expect(row).toMatchObject({ status: 'failed', found: expect.stringContaining(found), remedy: expect.any(String) });
  });

  test('with one good key among others is good', async () => {
    const { row } = await checkJwks({ body: { keys: [publicRsa(1_024), publicRsa(2_048, { alg: 'PS256' })] } });
    expect(row).toMatchObject({ status: 'ok', found: expect.stringMatching(/^1 of 2 keys/) });
  });

  test('where nothing listens is a failure that names the variable', async () => {
    const { exitCode, row } = await check(jwks(`${await refusedBaseUrl()}/jwks.json`));
    expect(exitCode).toBe(1);
    expect(row('callers', 'JWKS')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('nothing listens there'),
      remedy: expect.stringContaining('GATEWAY_JWKS_URL'),
    });
  });

  test('that cuts connections is a failure', async () => {
    const { baseUrl } = await startFaultUpstream((socket) => socket.destroy());
    const { row } = await check(jwks(`${baseUrl}/jwks.json`));
    expect(row('callers', 'JWKS')).toMatchObject({ status: 'failed', found: expect.stringContaining('broke') });
  });
});

function publicRsa(modulusLength: number, rest: Readonly<Record<string, string>> = {}) {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return { ...publicKey.export({ format: 'jwk' }), ...rest };
}
