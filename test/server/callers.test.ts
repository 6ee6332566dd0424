import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { newKeyText } from '../../src/commands/new-key.ts';
import { loadSettings } from '../../src/config/load-config.ts';
import { ConfigError } from '../../src/config/variable.ts';
import { schema } from '../../src/graphql/schema.ts';
import { numbersOf, openTail } from '../graphql/subscriptions/live-tail.ts';
import { bearer, READ_KEY, TEST_KEY, WITH_KEYS, WRITE_KEY } from '../support/callers.ts';
import { openSandboxGateway } from '../support/gateway.ts';
import { AUDIENCE, ISSUER, startIssuer } from '../support/issuer.ts';
import { jsonRequest, listenWithStubs, type RawAnswer, type RawRequest } from '../support/listening-gateway.ts';
import { globalId } from '../support/stub-gateway.ts';
import { createTailLog } from '../support/tail-log.ts';
import { personioPage, personioWebhooks } from '../support/upstream-rows.ts';

const TYPENAME = { query: '{ __typename }' };
const HOOK = globalId('PERSONIO', 'hook-1');

/** Every word that belongs to the schema and to nothing else. */
const SCHEMA_WORDS =
  /webhook(s|Providers|ByProviderId)\b|pingWebhook|deliveryStats|_entities|Did you mean|Cannot query/;

const openWithKeys = (environment: Readonly<Record<string, string>> = {}) =>
  listenWithStubs({
    personio: ({ url }) =>
      url.startsWith('/v2/webhooks?') ? personioPage(personioWebhooks(2)) : { body: personioWebhooks(1)[0] },
    environment: { ...WITH_KEYS, ...environment },
  });

const codeOf = (answer: RawAnswer) => answer.json().errors?.[0]?.extensions.code;

describe('whoever shows no credentials, or wrong ones', () => {
  const shown: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['nothing', {}],
    ['another key', bearer('hg_of-somebody-else')],
    ['a key that begins like a good one', bearer(`${READ_KEY}x`)],
    ['the start of a good key', bearer(READ_KEY.slice(0, -1))],
    ['a key in another case', bearer(READ_KEY.toUpperCase())],
    ['the hash of a key', bearer(createHash('sha256').update(READ_KEY).digest('hex'))],
    ['the name of a key', bearer('dashboard')],
    ['a good key by Basic', { authorization: `Basic ${Buffer.from(`dashboard:${READ_KEY}`).toString('base64')}` }],
    ['a good key without a scheme', { authorization: READ_KEY }],
    ['a good key by another scheme', { authorization: `Token ${READ_KEY}` }],
    ['a good key with a second one', { authorization: `Bearer ${READ_KEY}, Bearer x` }],
    ['an empty key', { authorization: 'Bearer ' }],
    ['a good key in x-api-key', { 'x-api-key': READ_KEY }],
    ['a good key in a cookie', { cookie: `authorization=Bearer ${READ_KEY}` }],
    ['a good key in proxy-authorization', { 'proxy-authorization': `Bearer ${READ_KEY}` }],
    ['a good key in x-forwarded-authorization', { 'x-forwarded-authorization': `Bearer ${READ_KEY}` }],
    ['a good key in x-personio-authorization', { 'x-personio-authorization': `Bearer ${READ_KEY}` }],
    ['a JWT that nobody can check', bearer('eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.')],
  ];

  test.each(shown)('%s: 401 UNAUTHENTICATED', async (_what, headers) => {
    const gateway = await openWithKeys();
    const answer = await gateway.send(jsonRequest(TYPENAME, headers));
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="hookgraph"');
    expect(answer.json()).toEqual({
      errors: [
        {
          message:
            headers.authorization === undefined || !/^Bearer \S+$/.test(headers.authorization)
              ? 'Show a key: Authorization: Bearer …'
              : 'The key or token is not accepted.',
          extensions: { code: 'UNAUTHENTICATED', retryable: false, requestId: answer.headers['x-request-id'] },
        },
      ],
    });
    expect(gateway.personioCalls()).toEqual([]);
  });

  // Apollo Client takes an answer of another type than it asked for as none at all, and loses its code.
  test.each([
    ['application/graphql-response+json,application/json;q=0.9', 'application/graphql-response+json; charset=utf-8'],
    ['application/json', 'application/json; charset=utf-8'],
    ['text/html', 'application/json; charset=utf-8'],
  ])('are told so in the type that they accept: %s', async (accept, type) => {
    const gateway = await openWithKeys();
    const answer = await gateway.send(jsonRequest(TYPENAME, { accept }));
    expect([answer.status, answer.headers['content-type'], codeOf(answer)]).toEqual([401, type, 'UNAUTHENTICATED']);
  });

  test('a good key in the address is none', async () => {
    const gateway = await openWithKeys();
    for (const name of ['authorization', 'key', 'access_token']) {
      const answer = await gateway.send({ path: `/graphql?query={__typename}&${name}=${READ_KEY}` });
      expect(answer.status).toBe(401);
    }
  });

  const asked: readonly (readonly [string, RawRequest])[] = [
    ['introspection', jsonRequest({ query: '{ __schema { types { name } } }' })],
    ['an unknown field, whose answer would suggest one', jsonRequest({ query: '{ webhookz { id } }' })],
    ['broken syntax', jsonRequest({ query: '{' })],
    ['broken JSON', jsonRequest('{')],
    ['the SDL for composers', jsonRequest({ query: '{ _service { sdl } }' })],
    ['a query by GET', { path: '/graphql?query={webhookz}' }],
    [
      'a form',
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query={webhookz}' },
    ],
    ['a batch', jsonRequest([{ query: '{ webhookz }' }])],
    [
      'a wrong method',
      { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"query":"{ webhookz }"}' },
    ],
    ['OPTIONS', { method: 'OPTIONS' }],
    ['HEAD', { method: 'HEAD' }],
    ['a stream', jsonRequest({ query: 'subscription { webhookz }' }, { accept: 'text/event-stream' })],
    ['a body that is too large', jsonRequest({ query: 'x'.repeat(1_500_000) })],
  ];

  test.each(asked)('learns nothing of the schema by %s', async (_what, request) => {
    const gateway = await openWithKeys();
    const answer = await gateway.send(request);
    expect(answer.status).toBe(401);
    expect(answer.body.toString()).not.toMatch(SCHEMA_WORDS);
  });

  test.each([
    '/graphql/',
    '/graphql//',
    '//graphql',
    '/x?y=/graphql',
    '/x#/graphql',
    '/GraphQL',
    '/%67raphql',
    '/graphql;x',
    '/graphql%2f',
    '/x/../graphql/',
    '/health/graphql',
    '/health?x=/graphql',
  ])('learns nothing by the path %s, which is not the endpoint', async (path) => {
    const gateway = await openWithKeys();
    const answer = await gateway.send({ ...jsonRequest({ query: '{ webhookz }' }), path });
    expect([401, 404]).toContain(answer.status);
    expect(answer.body.toString()).not.toMatch(SCHEMA_WORDS);
  });

  test('still gets /health and /ready', async () => {
    const gateway = await openWithKeys();
    expect((await gateway.send({ path: '/health' })).json()).toEqual({ status: 'ok' });
    expect((await gateway.send({ path: '/ready' })).json()).toEqual({ status: 'ready' });
  });

  test('gets GraphiQL without examples, and with a place for the key', async () => {
    const gateway = await openWithKeys();
    const answer = await gateway.send({ headers: { accept: 'text/html' } });
    expect(answer.status).toBe(200);
    const html = answer.body.toString();
    // The options of the page are the last thing in it; what is before is GraphiQL itself.
    const options = html.slice(html.lastIndexOf('renderYogaGraphiQL('));
    expect(options).toContain(String.raw`"headers":"{\"Authorization\":\"Bearer \"}"`);
    expect(options).toContain('This gateway asks for a key.');
    // GraphiQL leaves its first refusal standing: something has to show that the key is taken.
    expect(options).toContain('query IsTheKeyAccepted {\\n  __typename\\n}');
    expect(options).not.toMatch(SCHEMA_WORDS);
    expect(html).not.toMatch(/webhookProviders|pingWebhook|V2ViaG9vaz/);
  });
});

describe('a key', () => {
  test.each(['Bearer', 'bearer', 'BEARER'])('is accepted by the scheme %s', async (scheme) => {
    const gateway = await openWithKeys();
    const answer = await gateway.send(jsonRequest(TYPENAME, { authorization: `${scheme} ${READ_KEY}` }));
    expect(answer.json()).toEqual({ data: { __typename: 'Query' } });
  });

  test('that `hookgraph key new` makes opens a gateway with the line that it prints', async () => {
    const text = newKeyText(['ci', 'webhooks:read+webhooks:test']);
    const [, key = ''] = /this once: (hg_[\w-]{43})\n/.exec(text) ?? [];
    const [, entry = ''] = /GATEWAY_API_KEYS=(\S+)/.exec(text) ?? [];
    const gateway = await listenWithStubs({ environment: { GATEWAY_API_KEYS: entry } });
    const answer = await gateway.send(jsonRequest(TYPENAME, bearer(key)));
    expect(answer.status).toBe(200);
    expect(entry).not.toContain(key);
  });

  test.each([
    ['a name with a blank', ['my app']],
    ['a scope that there is not', ['ci', 'webhooks:all']],
    // Made with the first one alone, the key would be refused where it is used.
    ['a second scope behind a blank', ['ci', 'webhooks:test', 'webhooks:write']],
  ])('is not made with %s', (_what, args) => {
    expect(() => newKeyText(args)).toThrow(/^usage: hookgraph key new NAME \[SCOPE\+SCOPE\], with a name of /);
  });

  test('lets a gateway bind any address, where Host does not matter', async () => {
    const { auth, host } = loadSettings({ ...WITH_KEYS, HOST: '0.0.0.0' });
    expect([auth.mode, host]).toEqual(['required', '0.0.0.0']);
    const gateway = await openWithKeys();
    const answer = await gateway.send(jsonRequest(TYPENAME, { ...bearer(READ_KEY), host: 'gateway.example' }));
    expect(answer.status).toBe(200);
  });

  test('is never logged, good or bad', async () => {
    const gateway = await openWithKeys({ LOG_LEVEL: 'trace' });
    await gateway.send(jsonRequest({ query: '{ webhooks { nodes { id } } }' }, bearer(READ_KEY)));
    await gateway.send(jsonRequest(TYPENAME, bearer('hg_wrong-key-canary')));
    expect(JSON.stringify(gateway.log)).not.toMatch(/hg_/);
  });
});

describe('settings that contradict each other stop the start', () => {
  const hash = 'a'.repeat(64);
  test.each([
    [
      { GATEWAY_AUTH: 'required' },
      'GATEWAY_AUTH is required, but there is neither GATEWAY_API_KEYS nor GATEWAY_JWKS_URL.',
    ],
    [
      { ...WITH_KEYS, GATEWAY_AUTH: 'none' },
      'GATEWAY_AUTH is none, so GATEWAY_API_KEYS and GATEWAY_JWKS_URL would not be asked for; unset them.',
    ],
    [
      { GATEWAY_JWKS_URL: 'https://a.example/jwks' },
      'GATEWAY_JWKS_URL, GATEWAY_JWT_ISSUER and GATEWAY_JWT_AUDIENCE go together; one is missing.',
    ],
    [
      { GATEWAY_API_KEYS: `ci:${hash}:webhooks:admin` },
      'GATEWAY_API_KEYS: entry 1 should be name:sha256-of-key:scope+scope, with scopes out of webhooks:read, webhooks:test, webhooks:write.',
    ],
    [
      { GATEWAY_API_KEYS: 'ci:hg_the-key-itself:webhooks:read' },
      'GATEWAY_API_KEYS: entry 1 should be name:sha256-of-key:scope+scope, with scopes out of webhooks:read, webhooks:test, webhooks:write.',
    ],
    [
      { GATEWAY_API_KEYS: `ci:${hash}:webhooks:read,ci:${'b'.repeat(64)}:webhooks:read` },
      'GATEWAY_API_KEYS names "ci" twice.',
    ],
    [
      { GATEWAY_API_KEYS: `a:${hash}:webhooks:read,b:${hash}:webhooks:write` },
      'GATEWAY_API_KEYS gives one key to two names.',
    ],
    [
      { GATEWAY_JWKS_URL: 'https://user:hunter2@a.example/jwks' },
      'GATEWAY_JWKS_URL holds "https://…@a.example/…"; it should hold an address such as https://issuer.example/.well-known/jwks.json, without credentials.',
    ],
    [
      { GATEWAY_JWKS_URL: 'http://[' },
      'GATEWAY_JWKS_URL holds no readable address; it should hold an address such as https://issuer.example/.well-known/jwks.json, without credentials.',
    ],
    [
      { GATEWAY_AUTH: 'loopback', HOST: '0.0.0.0' },
      'HOST holds "0.0.0.0"; without callers\' credentials the gateway answers on loopback only (127.0.0.1, ::1 or localhost). Set GATEWAY_API_KEYS or GATEWAY_JWKS_URL, or GATEWAY_AUTH=none behind another gateway.',
    ],
  ])('%j', (environment, message) => {
    expect(() => loadSettings(environment)).toThrow(new ConfigError(message));
  });

  test('GATEWAY_AUTH=none binds what it is told, and asks nobody', async () => {
    expect(loadSettings({ GATEWAY_AUTH: 'none', HOST: '0.0.0.0' }).auth).toEqual({ mode: 'none' });
    const gateway = await listenWithStubs({ environment: { GATEWAY_AUTH: 'none' } });
    const answer = await gateway.send(jsonRequest(TYPENAME, { host: 'gateway.example' }));
    expect(answer.status).toBe(200);
  });
});

describe('a JWT', () => {
  async function openWithIssuer(environment: Readonly<Record<string, string>> = {}) {
    const issuer = await startIssuer();
    const gateway = await listenWithStubs({ environment: { ...issuer.environment, ...environment } });
    const show = (token: string) => gateway.send(jsonRequest(TYPENAME, bearer(token)));
    return { issuer, gateway, show };
  }
  const nowS = () => Math.floor(Date.now() / 1_000);

  test('of the issuer is accepted, and its keys are fetched once', async () => {
    const { issuer, show } = await openWithIssuer();
    expect((await show(await issuer.token())).status).toBe(200);
    expect((await show(await issuer.token({ aud: ['other', AUDIENCE] }))).status).toBe(200);
    expect(issuer.fetches()).toBe(1);
  });

  test('is accepted beside API keys', async () => {
    const { issuer, gateway, show } = await openWithIssuer(WITH_KEYS);
    expect((await show(await issuer.token())).status).toBe(200);
    expect((await gateway.send(jsonRequest(TYPENAME, bearer(READ_KEY)))).status).toBe(200);
  });

  test.each([
    ['of another issuer', { iss: 'https://issuer.example' }],
    ['without an issuer', { iss: undefined }],
    ['for another audience', { aud: 'hookgraph2' }],
    ['without an audience', { aud: undefined }],
    ['that is over', { exp: 1_700_000_000 }],
    ['that never ends', { exp: undefined }],
    ['that is not valid yet', { nbf: 4_000_000_000 }],
  ])('%s is refused', async (_what, claims) => {
    const { issuer, show } = await openWithIssuer();
    const answer = await show(await issuer.token(claims));
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('signed with another key of the same name is refused', async () => {
    const { issuer, show } = await openWithIssuer();
    const key = await generateKeyPair('ES256');
    expect((await show(await issuer.token({}, { key }))).status).toBe(401);
  });

  test('that names a key which is too short to be used is refused, and no reason to doubt the other keys', async () => {
    const { issuer, show } = await openWithIssuer();
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    issuer.publishToo({ ...publicKey.export({ format: 'jwk' }), kid: 'short', alg: 'RS256', use: 'sig' });
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = part({ iss: ISSUER, aud: AUDIENCE, exp: nowS() + 60, scope: 'webhooks:write' });
    const signed = `${part({ alg: 'RS256', kid: 'short' })}.${claims}`;
    const answer = await show(`${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`);
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
    expect((await show(await issuer.token())).status).toBe(200);
  });

  test('that names no key is accepted by whichever of several has signed it', async () => {
    const { issuer, show } = await openWithIssuer();
    const create = () => generateKeyPair('ES256', { extractable: true });
    const [second, third, stranger] = [await create(), await create(), await create()];
    const signedBy = (key: typeof second, claims: Readonly<Record<string, unknown>> = {}) =>
      new SignJWT({ iss: ISSUER, aud: AUDIENCE, exp: nowS() + 60, scope: 'webhooks:read', ...claims })
        .setProtectedHeader({ alg: 'ES256' })
        .sign(key.privateKey);
    for (const { publicKey } of [second, third]) issuer.publishToo({ ...(await exportJWK(publicKey)), use: 'sig' });
    expect((await show(await signedBy(second))).status).toBe(200);
    expect((await show(await signedBy(third))).status).toBe(200);
    expect((await show(await signedBy(stranger))).status).toBe(401);
    expect((await show(await signedBy(third, { exp: nowS() - 60 }))).status).toBe(401);
    expect((await show(await signedBy(third, { aud: 'another' }))).status).toBe(401);
  });

  test('without a signature, with `alg: none`, is refused', async () => {
    const { show } = await openWithIssuer();
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = part({ iss: ISSUER, aud: AUDIENCE, exp: nowS() + 60, scope: 'webhooks:write' });
    for (const alg of ['none', 'None', 'NONE', '']) {
      expect((await show(`${part({ alg, kid: 'first' })}.${claims}.`)).status).toBe(401);
      expect((await show(`${part({ alg, kid: 'first' })}.${claims}.AAAA`)).status).toBe(401);
    }
  });

  test('signed by HMAC with the public key as its secret is refused', async () => {
    const { issuer, show } = await openWithIssuer();
    const secret = new TextEncoder().encode(JSON.stringify(issuer.publicKey()));
    const token = await new SignJWT({ iss: ISSUER, aud: AUDIENCE, exp: nowS() + 60, scope: 'webhooks:write' })
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .sign(secret);
    expect((await show(token)).status).toBe(401);
  });

  test('that brings its own key along is refused, and that key is not looked at', async () => {
    const { issuer, show } = await openWithIssuer();
    const key = await generateKeyPair('ES256', { extractable: true });
    const token = await new SignJWT({ iss: ISSUER, aud: AUDIENCE, exp: nowS() + 60 })
      .setProtectedHeader({ alg: 'ES256', kid: 'first', jku: 'http://127.0.0.1:1/jwks', jwk: issuer.publicKey() })
      .sign(key.privateKey);
    expect((await show(token)).status).toBe(401);
  });

  test.each(['a.b.c', '..', 'a..c', `${'x'.repeat(6_000)}.y.z`, 'eyJhbGciOiJFUzI1NiJ9.!!.??', 'bnVsbA.bnVsbA.bnVsbA'])(
    'that is none, %s, is refused',
    async (token) => {
      const { issuer, show } = await openWithIssuer();
      expect((await show(token)).status).toBe(401);
      expect(issuer.fetches()).toBeLessThanOrEqual(1);
    },
  );

  test('gets the scopes of its claim, and no others', async () => {
    const issuer = await startIssuer();
    const gateway = await listenWithStubs({
      personio: () => personioPage(personioWebhooks(1)),
      environment: issuer.environment,
    });
    const ask = async (scope: unknown) =>
      codeOf(
        await gateway.send(
          jsonRequest({ query: '{ webhooks { nodes { id } } }' }, bearer(await issuer.token({ scope }))),
        ),
      );
    expect(await ask('openid webhooks:read profile')).toBeUndefined();
    expect(await ask('webhooks:write')).toBeUndefined();
    for (const scope of [
      '',
      'webhooks',
      'webhooks:admin',
      'WEBHOOKS:READ',
      'webhooks:read,webhooks:write',
      7,
      null,
      ['webhooks:read'],
      { 'webhooks:read': true },
    ]) {
      expect(await ask(scope)).toBe('FORBIDDEN');
    }
  });

  test('signed with a new key is accepted once the issuer has published it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { issuer, show } = await openWithIssuer();
    const old = await issuer.token();
    expect((await show(old)).status).toBe(200);
    await issuer.rotate('second');
    const renewed = await issuer.token();
    // Whoever invents key names must not make the gateway ask the issuer each time.
    expect((await show(renewed)).status).toBe(401);
    expect(issuer.fetches()).toBe(1);
    vi.advanceTimersByTime(31_000);
    expect((await show(renewed)).status).toBe(200);
    expect(issuer.fetches()).toBe(2);
    expect((await show(old)).status).toBe(401);
  });

  test('cannot be checked while the JWKS never came: 503, logged, and the issuer is not asked each time', async () => {
    const { issuer, gateway, show } = await openWithIssuer();
    issuer.fail(500);
    const answer = await show(await issuer.token());
    expect([answer.status, codeOf(answer), answer.headers['retry-after']]).toEqual([503, 'INTERNAL_SERVER_ERROR', '5']);
    await show(await issuer.token());
    expect(issuer.fetches()).toBe(1);
    expect(gateway.log[0]).toMatchObject({
      level: 50,
      msg: "callers' tokens cannot be checked: the JWKS did not come",
    });
    expect(JSON.stringify(gateway.log)).not.toContain('eyJ');
  });

  test('is checked with the last keys for an hour while the JWKS is down', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { issuer, show } = await openWithIssuer();
    expect((await show(await issuer.token())).status).toBe(200);
    issuer.fail(503);
    vi.advanceTimersByTime(30 * 60_000);
    expect((await show(await issuer.token())).status).toBe(200);
    expect((await show(await issuer.token({ iss: 'https://other.example/' }))).status).toBe(401);
    vi.advanceTimersByTime(61 * 60_000);
    expect((await show(await issuer.token())).status).toBe(503);
    issuer.fail(undefined);
    vi.advanceTimersByTime(6_000);
    expect((await show(await issuer.token())).status).toBe(200);
  });

  test('whose subject is the name of a key does not spend what that key may', async () => {
    const { issuer, gateway, show } = await openWithIssuer({
      ...WITH_KEYS,
      RATE_LIMIT_COST: '100',
      RATE_LIMIT_UNAUTHENTICATED: '5',
    });
    const token = await issuer.token({ sub: 'dashboard' });
    for (let spent = 0; spent < 100; spent++) await show(token);
    expect((await show(token)).status).toBe(429);
    expect((await gateway.send(jsonRequest(TYPENAME, bearer(READ_KEY)))).status).toBe(200);
  });
});

describe('the end of a JWT', () => {
  async function openStreams() {
    const issuer = await startIssuer();
    const log = createTailLog();
    const gateway = await listenWithStubs({
      personio: log.answer,
      environment: { ...issuer.environment, ...WITH_KEYS, TAIL_POLL_MS: '2' },
    });
    // A JWT may end within a second (RFC 7519 §2, NumericDate).
    const tokenFor = (ms: number) => issuer.token({ exp: (Date.now() + ms) / 1_000 });
    return { gateway, log, tokenFor };
  }

  test('ends a stream with UNAUTHENTICATED, and nothing is asked upstream for it any more', async () => {
    const { gateway, log, tokenFor } = await openStreams();
    const endsAt = Date.now() + 600;
    const tail = await openTail(gateway.url, {}, bearer(await tokenFor(600)));
    log.add(Date.now(), 1);
    const [entry] = await tail.received(1);
    expect(numbersOf([entry ?? {}])).toEqual([1]);
    await tail.ended;
    expect(Date.now()).toBeGreaterThanOrEqual(endsAt);
    expect(tail.messages.slice(1)).toMatchObject([
      { errors: [{ extensions: { code: 'UNAUTHENTICATED', retryable: false, requestId: expect.any(String) } }] },
    ]);
    expect(tail.isComplete()).toBe(true);
    const { length } = gateway.personio.requests;
    // At its pace the stream would have asked many times meanwhile.
    for (const _ of Array(20)) await gateway.send(jsonRequest(TYPENAME, bearer(READ_KEY)));
    expect(gateway.personio.requests.length - length).toBeLessThanOrEqual(1);
  });

  test('leaves the streams of others alone, also of those who read the same log', async () => {
    const { gateway, log, tokenFor } = await openStreams();
    const [short, long, key] = [
      await openTail(gateway.url, {}, bearer(await tokenFor(400))),
      await openTail(gateway.url, {}, bearer(await tokenFor(3_600_000))),
      await openTail(gateway.url, {}, bearer(READ_KEY)),
    ];
    await short.ended;
    log.add(Date.now(), 7);
    for (const tail of [long, key]) expect(numbersOf(await tail.received(1))).toEqual([7]);
  });
});

describe('scopes', () => {
  const create = `createWebhook(input: { trulayer: { url: "https://example.com/", secret: "0123456789abcdef" } }) { webhookId }`;
  const queries: readonly (readonly [string, string])[] = [
    ['webhooks', '{ webhooks { nodes { id } } }'],
    ['webhook', `{ webhook(id: "${HOOK}") { id } }`],
    ['webhookByProviderId', '{ webhookByProviderId(provider: PERSONIO, providerId: "hook-1") { id } }'],
    ['webhookProviders', '{ webhookProviders { name } }'],
    ['node', `{ node(id: "${HOOK}") { id } }`],
    ['nodes', `{ nodes(ids: ["${HOOK}"]) { id } }`],
    ['_entities', `{ _entities(representations: [{ __typename: "Webhook", id: "${HOOK}" }]) { __typename } }`],
    ['_service', '{ _service { sdl } }'],
    ['an alias', `{ harmless: node(id: "${HOOK}") { id } }`],
    ['an alias that is another name', `{ __typename: node(id: "${HOOK}") { id } }`],
    ['a fragment', `query { ...A } fragment A on Query { ...B } fragment B on Query { node(id: "${HOOK}") { id } }`],
    ['an inline fragment', `{ ... on Query { ... { node(id: "${HOOK}") { id } } } }`],
    ['a directive', `{ node(id: "${HOOK}") @include(if: true) { id } }`],
    ['the second operation', `query A { __typename } query B { node(id: "${HOOK}") { id } }`],
  ];

  test.each(queries)('%s needs webhooks:read, and nothing is asked upstream without it', async (_what, query) => {
    const issuer = await startIssuer();
    const gateway = await listenWithStubs({ personio: () => ({ body: {} }), environment: issuer.environment });
    const token = await issuer.token({ scope: 'openid' });
    const operationName = query.includes('query B') ? 'B' : undefined;
    const answer = await gateway.send(jsonRequest({ query, operationName }, bearer(token)));
    expect(answer.status).toBe(200);
    expect(answer.json().errors).toMatchObject([
      { message: 'This needs the scope webhooks:read.', extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(gateway.personioCalls()).toEqual([]);
  });

  const testing = ['pingWebhook', 'sendTestEvent', 'checkWebhook'];
  const mutations: readonly (readonly [string, string])[] = [
    ['pingWebhook', `pingWebhook(input: { id: "${HOOK}" }) { delivery { isDelivered } }`],
    [
      'sendTestEvent',
      `sendTestEvent(input: { webhookId: "${HOOK}", eventName: "person.updated", payload: {} }) { delivery { isDelivered } }`,
    ],
    ['checkWebhook', `checkWebhook(input: { id: "${HOOK}" }) { isReady }`],
    ['createWebhook', create],
    ['updateWebhook', `updateWebhook(input: { id: "${HOOK}", description: "x" }) { webhookId }`],
    ['deleteWebhook', `deleteWebhook(input: { id: "${HOOK}" }) { __typename }`],
    [
      'redeliverWebhookEvents',
      `redeliverWebhookEvents(input: { webhookId: "${HOOK}", occurredAt: { gte: "2026-11-20T00:00:00Z" } }) { redeliveryId }`,
    ],
  ];

  test('every mutation is in the table above', () => {
    const all = Object.keys(schema.getMutationType()?.getFields() ?? {});
    expect(mutations.map(([name]) => name).sort()).toEqual(all.sort());
  });

  test.each(mutations)('%s says in its description what it needs, and refuses who lacks it', async (name, field) => {
    const scope = testing.includes(name) ? 'webhooks:test' : 'webhooks:write';
    expect(schema.getMutationType()?.getFields()[name]?.description).toContain(`Needs the scope \`${scope}\`.`);
    const gateway = await openWithKeys();
    const keys = scope === 'webhooks:test' ? [READ_KEY] : [READ_KEY, TEST_KEY];
    for (const key of keys) {
      const query = `mutation { a: ${field} ...F } fragment F on Mutation { b: ${field} }`;
      const answer = await gateway.send(jsonRequest({ query }, bearer(key)));
      const refusal = { message: `This needs the scope ${scope}.`, extensions: { code: 'FORBIDDEN' } };
      expect(answer.json().errors).toMatchObject([refusal, refusal]);
    }
    expect([...gateway.personioCalls(), ...gateway.trulayerCalls()]).toEqual([]);
  });

  test('webhooks:write covers testing and reading, webhooks:test covers reading', async () => {
    const gateway = await openSandboxGateway({ environment: WITH_KEYS });
    onTestFinished(gateway.close);
    const { data } = await gateway.query<{ webhooks: { nodes: { id: string }[] } }>(
      '{ webhooks(first: 1) { nodes { id } } }',
      {},
      { headers: bearer(TEST_KEY) },
    );
    const id = data.webhooks.nodes[0]?.id;
    const ping = 'mutation ($id: ID!) { pingWebhook(input: { id: $id }) { delivery { isDelivered } } }';
    const update =
      'mutation ($id: ID!) { updateWebhook(input: { id: $id, description: "New" }) { webhook { description } } }';
    expect((await gateway.query(ping, { id }, { headers: bearer(TEST_KEY) })).data).toEqual({
      pingWebhook: { delivery: { isDelivered: true } },
    });
    expect((await gateway.query(ping, { id }, { headers: bearer(WRITE_KEY) })).data).toEqual({
      pingWebhook: { delivery: { isDelivered: true } },
    });
    expect((await gateway.query(update, { id }, { headers: bearer(WRITE_KEY) })).data).toEqual({
      updateWebhook: { webhook: { description: 'New' } },
    });
  });

  test('a stream needs webhooks:read, and does not begin without it', async () => {
    const issuer = await startIssuer();
    const gateway = await listenWithStubs({ personio: () => ({ body: {} }), environment: issuer.environment });
    const headers = { ...bearer(await issuer.token({ scope: 'openid' })), accept: 'text/event-stream' };
    const query = `subscription { webhookActivity(webhookId: "${HOOK}") { __typename } }`;
    const answer = await gateway.send(jsonRequest({ query }, headers));
    expect(answer.body.toString()).toContain('This needs the scope webhooks:read.');
    expect(gateway.personioCalls()).toEqual([]);
  });

  test('every query and stream says what it needs', () => {
    const fields = [schema.getQueryType(), schema.getSubscriptionType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}),
    );
    const silent = fields.filter(
      ({ name, description }) => !name.startsWith('_') && !description?.includes('Needs the scope `webhooks:read`.'),
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});
