import { describe, expect, test } from 'vitest';
import { answer, type Behave, until } from '../support/fault-upstream.ts';
import { measured } from '../support/running-time.ts';
import { globalId } from '../support/stub-gateway.ts';
import { codes, HEALTHY, LIST, listWithout, openWithFault, PING, upstreamOf } from './gateway.ts';

const CLIENT = {
  PERSONIO_ACCESS_TOKEN: '',
  PERSONIO_CLIENT_ID: 'papi-canary-id',
  PERSONIO_CLIENT_SECRET: 'canary-secret',
};
const ANY_CANARY = /canary/;

/** Personio with a token endpoint; `accepted` is the only token that its API takes, whatever else it issued. */
async function openWithTokens(onToken?: Behave) {
  let issued = 0;
  const state = { accepted: 'canary-token-1' };
  const gateway = await openWithFault(
    'PERSONIO',
    (socket, request, index) => {
      if (request.path === '/v2/auth/token') {
        if (onToken) return onToken(socket, request, index);
        issued += 1;
        return answer(socket, 200, { access_token: `canary-token-${issued}`, expires_in: 3_600 });
      }
      const { authorization } = request.headers;
      if (authorization === `Bearer ${state.accepted}`) return HEALTHY.PERSONIO(socket, request, index);
      // It repeats what it got, as careless APIs do.
      const detail = `no such token: ${authorization}`;
      return answer(socket, 401, { timestamp: '', errors: [{ title: 'Unauthorized', detail }] });
    },
    CLIENT,
  );
  const { requests } = gateway.upstreams.PERSONIO;
  const sent = (isToken: boolean) => requests.filter(({ path }) => (path === '/v2/auth/token') === isToken).length;
  const read = (index: number) =>
    gateway.query('query ($id: ID!) { node(id: $id) { ... on Webhook { url } } }', {
      id: globalId('PERSONIO', `hook-${index}`),
    });
  return { ...gateway, state, read, tokenCalls: () => sent(true), apiCalls: () => sent(false) };
}

describe('a token', () => {
  test('that a thousand parallel requests need is fetched once', async () => {
    const { read, tokenCalls, apiCalls } = await openWithTokens();
    const answers = await Promise.all(Array.from({ length: 1_000 }, (_, index) => read(index)));
    expect(answers.flatMap(({ errors }) => codes(errors))).toEqual([]);
    expect([tokenCalls(), apiCalls()]).toEqual([1, 1_000]);
  });

  test('that is revoked under a thousand parallel requests costs one more call and one replay each', async () => {
    const { read, state, tokenCalls, apiCalls } = await openWithTokens();
    await read(0);
    state.accepted = 'canary-token-2';
    const answers = await Promise.all(Array.from({ length: 1_000 }, (_, index) => read(index)));
    expect(answers.flatMap(({ errors }) => codes(errors))).toEqual([]);
    expect(tokenCalls()).toBe(2);
    expect(apiCalls()).toBeLessThanOrEqual(2_001);
  });

  test('that is revoked before a write costs one replay of it', async () => {
    const { query, state, read, tokenCalls, apiCalls } = await openWithTokens();
    await read(1);
    state.accepted = 'canary-token-2';
    const { data, errors } = await query(PING, { id: globalId('PERSONIO', 'hook-1') });
    expect([data, errors]).toEqual([{ pingWebhook: { delivery: { isDelivered: true } } }, undefined]);
    expect([tokenCalls(), apiCalls()]).toEqual([2, 3]);
  });

  test('that one call is refused with serves the others while the token endpoint is silent', async () => {
    let tokenCalls = 0;
    const opened = await openWithFault(
      'PERSONIO',
      (socket, request, index) => {
        if (request.path === '/v2/auth/token') {
          tokenCalls += 1;
          if (tokenCalls > 1) return;
        }
        // The one 401 that Personio documents: it speaks of the authentication that was asked for.
        if (request.method === 'PATCH') return answer(socket, 401, { errors: [{ title: 'Unsupported' }] });
        HEALTHY.PERSONIO(socket, request, index);
      },
      { ...CLIENT, UPSTREAM_TIMEOUT_MS: '3000' },
    );
    const id = globalId('PERSONIO', 'hook-1');
    await opened.query(LIST);
    const update = `mutation ($input: UpdateWebhookInput!) { updateWebhook(input: $input) { webhookId } }`;
    const write = opened.query(update, { input: { id, description: 'New' } });
    await until(() => tokenCalls === 2);
    const [first] = await Promise.race([
      Promise.all(['read', opened.query(LIST), opened.query(PING, { id })]),
      Promise.all(['write', write]),
    ]);
    expect(first).toBe('read');
    const [list, ping] = await Promise.all([opened.query(LIST), opened.query(PING, { id })]);
    expect([list.errors, ping.errors, tokenCalls]).toEqual([undefined, undefined, 2]);
    expect(codes((await write).errors)).toEqual(['UPSTREAM_TIMEOUT']);
  });

  test('and the secret behind it are in no answer and no line of the log, at debug level too', async () => {
    const { query, state, log } = await openWithTokens();
    state.accepted = 'none';
    const answers = [await query(LIST), await query(PING, { id: globalId('PERSONIO', 'hook-1') })];
    expect(answers.flatMap(({ errors }) => codes(errors))).toEqual([
      'UPSTREAM_UNAUTHENTICATED',
      'UPSTREAM_UNAUTHENTICATED',
    ]);
    expect(JSON.stringify(answers)).toContain('[redacted]');
    expect(JSON.stringify(answers)).not.toMatch(ANY_CANARY);
    expect(log.length).toBeGreaterThan(0);
    expect(JSON.stringify(log)).not.toMatch(ANY_CANARY);
  });
});

describe('a token endpoint that', () => {
  test('fails is asked three times for a hundred requests, then left alone; TruLayer is not touched by it', async () => {
    const { query, read, tokenCalls, apiCalls, log } = await openWithTokens((socket) => answer(socket, 500, 'canary'));
    const answers = await Promise.all([query(LIST), ...Array.from({ length: 100 }, (_, index) => read(index))]);
    expect(answers[0]?.data).toEqual(listWithout('PERSONIO'));
    expect(new Set(answers.flatMap(({ errors }) => codes(errors)))).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
    const ping = await query(PING, { id: globalId('PERSONIO', 'hook-1') });
    expect(upstreamOf(ping.errors?.[0])).toMatchObject({ status: 500, mayHaveSucceeded: false });
    expect([tokenCalls(), apiCalls()]).toEqual([3, 0]);
    expect(JSON.stringify([answers, ping, log])).not.toMatch(ANY_CANARY);
  });

  test('is silent holds a request for one attempt, and no write leaves', async () => {
    let isSilent = true;
    const opened = await openWithFault(
      'PERSONIO',
      (socket, request, index) => {
        if (!isSilent) HEALTHY.PERSONIO(socket, request, index);
      },
      { ...CLIENT, UPSTREAM_TIMEOUT_MS: '500' },
    );
    const { result, runningMs } = await measured(() =>
      Promise.all([opened.query(LIST), opened.query(PING, { id: globalId('PERSONIO', 'hook-1') })]),
    );
    const [list, ping] = result;
    expect(runningMs).toBeLessThan(600);
    isSilent = false;
    expect([list.data, codes(list.errors)]).toEqual([listWithout('PERSONIO'), ['UPSTREAM_TIMEOUT']]);
    expect(ping.errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_TIMEOUT', retryable: true });
    expect(opened.upstreams.PERSONIO.requests.map(({ path }) => path)).toEqual(['/v2/auth/token']);
  });

  test.each([
    ['an empty object', {}],
    ['a number', { access_token: 5 }],
    ['a token that would break a header', { access_token: 'canary\r\nx-evil: 1' }],
  ])('answers %s is an invalid answer', async (_what, body) => {
    const { query, log } = await openWithTokens((socket) => answer(socket, 200, body));
    const { data, errors } = await query(LIST);
    expect([data, codes(errors)]).toEqual([listWithout('PERSONIO'), ['UPSTREAM_INVALID_RESPONSE']]);
    expect(log.filter(({ operation, members }) => operation === 'obtainAccessToken' && members)).toHaveLength(1);
    expect(JSON.stringify([errors, log])).not.toMatch(ANY_CANARY);
  });
});
