import { expect, test } from 'vitest';
import { PERSONIO_CLIENTS } from '../../src/sandbox/personio/clients.ts';
import {
  type Answer,
  askForToken,
  connectPersonio,
  createClient,
  openSandbox,
  personioContract,
  send,
} from './sandbox-client.ts';

const WEBHOOKS = '/v2/webhooks';

test('a token is a papi- bearer for a day with all scopes of the client', async () => {
  const { sandbox } = await openSandbox();
  const { status, body } = await askForToken(sandbox, {});
  expect(status).toBe(200);
  expect(body).toEqual({
    access_token: expect.stringMatching(/^papi-/),
    expires_in: 86_400,
    token_type: 'Bearer',
    scope: 'personio:webhooks:read personio:webhooks:write',
  });
});

test('the same token is handed out again with the time that is left, and a new one after its end', async () => {
  const { sandbox, clock } = await openSandbox({ personioTokenLifetimeSeconds: 100 });
  const first = await askForToken(sandbox, {});
  clock.nowMs += 40_000;
  const second = await askForToken(sandbox, {});
  expect(second.body).toEqual({ ...first.body, expires_in: 60 });
  clock.nowMs += 60_000;
  const third = await askForToken(sandbox, {});
  expect(third.body.expires_in).toBe(100);
  expect(third.body.access_token).not.toBe(first.body.access_token);
});

test('a token for less scopes is another token', async () => {
  const { sandbox } = await openSandbox();
  const all = await askForToken(sandbox, {});
  const some = await askForToken(sandbox, { scope: 'personio:webhooks:read' });
  expect(some.body.scope).toBe('personio:webhooks:read');
  expect(some.body.access_token).not.toBe(all.body.access_token);
});

const withoutVolatile = (body: Answer['body']) => ({ ...body, timestamp: undefined, trace_id: undefined });

test.each([
  ['unauthorized_client for a wrong secret', { client_secret: 'wrong' }, 'OAuth2TokenUnauthorizedClient'],
  ['unauthorized_client for its client', { client_id: 'papi-sandbox-unauthorized' }, 'OAuth2TokenUnauthorizedClient'],
  ['invalid_client for an unknown client', { client_id: 'papi-nobody' }, 'OAuth2TokenInvalidClient'],
  ['invalid_client for the name of a property', { client_id: 'constructor' }, 'OAuth2TokenInvalidClient'],
  ['invalid_client for the refused client', { client_id: 'papi-sandbox-refused' }, 'OAuth2TokenInvalidClient'],
  ['invalid_grant for the expired client', { client_id: 'papi-sandbox-expired' }, 'OAuth2TokenInvalidGrant'],
  ['invalid_scope for a made-up scope', { scope: 'personio:webhooks:read fake:1' }, 'OAuth2TokenInvalidScope'],
  [
    'invalid_scope for a scope that the client lacks',
    { client_id: 'papi-sandbox-read-only', scope: 'personio:webhooks:write' },
    'OAuth2TokenInvalidScope',
  ],
  ['invalid_request for a missing parameter', { grant_type: '' }, 'OAuth2TokenRequiredParametersMissing'],
  [
    'unsupported_grant_type for another grant',
    { grant_type: 'urn:ietf:params:oauth:grant-type:device_code' },
    'OAuth2TokenUnsupportedGrantType',
  ],
])('the token endpoint answers %s', async (_name, parameters, example) => {
  const { sandbox } = await openSandbox();
  const { status, body } = await askForToken(sandbox, parameters);
  expect(status).toBe(400);
  expect(withoutVolatile(body)).toEqual(withoutVolatile(personioContract.example(example)));
});

test('JSON is refused with the documented body, which has a type instead of an error_uri', async () => {
  const { sandbox } = await openSandbox();
  const { status, body } = await send(personioContract, sandbox.personio.baseUrl, 'POST', '/v2/auth/token', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant_type: 'client_credentials' }),
  });
  expect(status).toBe(400);
  expect(withoutVolatile(body)).toEqual(
    withoutVolatile(personioContract.example('OAuth2TokenInvalidRequestContentType')),
  );
});

test('the 151st token request of a minute gets 429, then one a second passes', async () => {
  const { sandbox, clock } = await openSandbox();
  const answers = await Promise.all(Array.from({ length: 151 }, () => askForToken(sandbox, {})));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([...Array(150).fill(200), 429]);
  expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1');
  clock.nowMs += 1000;
  expect((await askForToken(sandbox, {})).status).toBe(200);
  expect((await askForToken(sandbox, {})).status).toBe(429);
  clock.nowMs += 120_000;
  expect((await askForToken(sandbox, {})).status).toBe(200);
  expect((await askForToken(sandbox, {})).status).toBe(200);
});

test('a revoked token is no longer accepted; one that nobody knows is revoked without complaint', async () => {
  const { sandbox } = await openSandbox();
  const { body } = await askForToken(sandbox, {});
  const client = createClient(sandbox.personio.baseUrl, `Bearer ${body.access_token}`, personioContract);
  const revoke = (parameters: Record<string, string>) =>
    send(personioContract, sandbox.personio.baseUrl, 'POST', '/v2/auth/revoke', {
      body: new URLSearchParams(parameters),
    });

  expect((await client.get(WEBHOOKS)).status).toBe(200);
  expect((await revoke({ token: body.access_token })).status).toBe(200);
  expect((await client.get(WEBHOOKS)).status).toBe(401);
  expect((await revoke({ token: 'papi-unknown' })).status).toBe(200);
  expect((await revoke({})).body.meta).toEqual({ missing_parameters: ['token'] });
});

test.each([
  ['no credentials', undefined],
  ['an unknown token', 'Bearer papi-unknown'],
  ['another scheme', 'Basic cGFwaTpzZWNyZXQ='],
])('%s gets the documented 401', async (_name, authorization) => {
  const { sandbox } = await openSandbox();
  const { status, body } = await createClient(sandbox.personio.baseUrl, authorization, personioContract).get(WEBHOOKS);
  expect(status).toBe(401);
  expect(body.errors).toEqual([{ title: 'Unauthorized', detail: 'The access token is missing or no longer valid' }]);
});

test('an expired token gets 401', async () => {
  const { sandbox, clock } = await openSandbox();
  const client = await connectPersonio(sandbox);
  clock.nowMs += 86_400_000;
  expect((await client.get(WEBHOOKS)).status).toBe(401);
});

test.each([
  ['papi-sandbox-distrusted', 401, 'MissingOrExpiredToken'],
  ['papi-sandbox-throttled', 429, 'TooManyRequests'],
  ['papi-sandbox-500', 500, 'InternalServerError'],
  ['papi-sandbox-502', 502, 'BadGateway'],
  ['papi-sandbox-503', 503, 'ServiceUnavailable'],
  ['papi-sandbox-504', 504, 'GatewayTimeout'],
])('every webhook operation with a token of %s ends with %i', async (clientId, status, example) => {
  const { sandbox } = await openSandbox();
  const answer = await (await connectPersonio(sandbox, clientId)).get(WEBHOOKS);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('retry-after')).toBe(status === 429 ? '30' : null);
  expect({ errors: answer.body.errors }).toMatchObject({ errors: exampleErrors(example) });
});

test('the clients of the table are the ones that exist', () => {
  expect(Object.keys(PERSONIO_CLIENTS)).toHaveLength(12);
});

function exampleErrors(name: string): unknown {
  const { errors }: Answer['body'] = personioContract.example(name);
  return errors;
}
