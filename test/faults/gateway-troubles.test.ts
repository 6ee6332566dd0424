import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { answer, type Behave } from '../support/fault-upstream.ts';
import { createGate } from '../support/gate.ts';
import { globalId } from '../support/stub-gateway.ts';
import { BOTH, codes, HEALTHY, ID, openWithFault, PING, type Provider } from './gateway.ts';

const REFUSED = "a provider refuses the gateway's credentials";
const TAKEN = "a provider takes the gateway's credentials again";
const OPEN = 'the circuit of a provider is open: its last calls failed, and for now it is not asked';
const CLOSED = 'the circuit of a provider is closed again';

/** What an operator reads at level info: whatever has no business there would be read, too. */
function linesOf(log: readonly Readonly<Record<string, unknown>>[]) {
  return log.filter(({ level }) => Number(level) >= 30).map(({ time: _, ...line }) => line);
}

const READ = 'query ($id: ID!) { node(id: $id) { ... on Webhook { url } } }';

/** Opens a gateway whose one provider does what `state.behave` is at the moment. */
async function openChanging(provider: Provider, environment: Readonly<Record<string, string>> = {}) {
  const state: { behave: Behave } = { behave: HEALTHY[provider] };
  const gateway = await openWithFault(provider, (...call) => state.behave(...call), environment);
  const ask = async (headers = {}) => codes((await gateway.query(READ, { id: ID[provider] }, { headers })).errors);
  return { ...gateway, state, ask };
}

const refusing: Behave = (socket) => answer(socket, 401, { error: 'canary: no such key' });

describe.each(BOTH)('the log of a gateway whose credentials %s refuses', (provider) => {
  test('has one line when that begins and one when it is over, for reads and writes', async () => {
    const { state, ask, query, log } = await openChanging(provider);
    await ask();
    expect(linesOf(log)).toEqual([]);
    state.behave = refusing;
    for (let count = 0; count < 3; count += 1) expect(await ask()).toEqual(['UPSTREAM_UNAUTHENTICATED']);
    expect(codes((await query(PING, { id: ID[provider] })).errors)).toEqual(['UPSTREAM_UNAUTHENTICATED']);
    const begun = { level: 40, provider, endpoint: 'api', msg: REFUSED };
    expect(linesOf(log)).toEqual([begun]);
    state.behave = HEALTHY[provider];
    await ask();
    await ask();
    const over = { ...begun, level: 30, msg: TAKEN, lastedMs: expect.any(Number) };
    expect(linesOf(log)).toEqual([begun, over]);
    expect(JSON.stringify(log)).not.toMatch(/canary|papi-ready-token|tl_test_key/);
  });

  test('does not take an answer to a call from before for a sign that it is over', async () => {
    const { state, ask, query, log } = await openChanging(provider);
    const held: (() => void)[] = [];
    const arrived = createGate();
    state.behave = (...call) => {
      held.push(() => HEALTHY[provider](...call));
      arrived.open();
    };
    const early = query(PING, { id: ID[provider] });
    await arrived.opened;
    state.behave = refusing;
    await ask();
    for (const go of held) go();
    expect((await early).errors).toBeUndefined();
    expect(linesOf(log).map(({ msg }) => msg)).toEqual([REFUSED]);
  });

  test('says nothing of what callers brought along', async () => {
    const { state, ask, log } = await openChanging(provider, {
      GATEWAY_FORWARD_CREDENTIALS: 'true',
      GATEWAY_FORWARD_FALLBACK: 'true',
    });
    const brought = { [`x-${provider.toLowerCase()}-authorization`]: 'Bearer of-the-caller' };
    state.behave = (socket, request, index) =>
      request.headers.authorization === 'Bearer of-the-caller'
        ? refusing(socket, request, index)
        : HEALTHY[provider](socket, request, index);
    expect(await ask(brought)).toEqual(['UPSTREAM_UNAUTHENTICATED']);
    expect(linesOf(log)).toEqual([]);
    state.behave = (socket, request, index) =>
      request.headers.authorization === 'Bearer of-the-caller'
        ? HEALTHY[provider](socket, request, index)
        : refusing(socket, request, index);
    expect(await ask()).toEqual(['UPSTREAM_UNAUTHENTICATED']);
    expect(await ask(brought)).toEqual([]);
    expect(linesOf(log).map(({ msg }) => msg)).toEqual([REFUSED]);
  });
});

describe("the log of a gateway with Personio's client id and secret", () => {
  const CLIENT = {
    PERSONIO_ACCESS_TOKEN: '',
    PERSONIO_CLIENT_ID: 'papi-canary-id',
    PERSONIO_CLIENT_SECRET: 'canary-secret',
  };
  /** Answers the token endpoint and the API by themselves. */
  const parts =
    (token: (socket: Socket) => void, api: Behave): Behave =>
    (socket, request, index) =>
      request.path === '/v2/auth/token' ? token(socket) : api(socket, request, index);

  test('says when the token endpoint refuses them, and when it takes them again', async () => {
    const { state, ask, log } = await openChanging('PERSONIO', CLIENT);
    state.behave = parts((socket) => answer(socket, 400, { error: 'canary' }), HEALTHY.PERSONIO);
    expect(await ask()).toEqual(['UPSTREAM_UNAUTHENTICATED']);
    expect(await ask()).toEqual(['UPSTREAM_UNAUTHENTICATED']);
    const begun = { level: 40, provider: 'PERSONIO', endpoint: 'token', msg: REFUSED };
    expect(linesOf(log)).toEqual([begun]);
    state.behave = HEALTHY.PERSONIO;
    // The failure is remembered for a second.
    await expect.poll(ask, { timeout: 5_000 }).toEqual([]);
    const over = { ...begun, level: 30, msg: TAKEN, lastedMs: expect.any(Number) };
    expect(linesOf(log)).toEqual([begun, over]);
    expect(JSON.stringify(log)).not.toContain('canary');
  });

  test('says nothing where a token was revoked and the next one does', async () => {
    let issued = 0;
    const { state, log, query, upstreams } = await openChanging('PERSONIO', CLIENT);
    state.behave = parts(
      (socket) => {
        issued += 1;
        answer(socket, 200, { access_token: `canary-${issued}`, expires_in: 3_600 });
      },
      (socket, request, index) =>
        request.headers.authorization === 'Bearer canary-1'
          ? refusing(socket, request, index)
          : HEALTHY.PERSONIO(socket, request, index),
    );
    const { errors } = await query(READ, { id: globalId('PERSONIO', 'hook-1') });
    expect([errors, issued, upstreams.PERSONIO.requests.length]).toEqual([undefined, 2, 4]);
    expect(linesOf(log)).toEqual([]);
  });
});

test.each(BOTH)(
  'the log says once that the circuit of %s is open, and once that it is closed again',
  async (provider) => {
    const { state, ask, log, upstreams } = await openChanging(provider, {
      CIRCUIT_MIN_CALLS: '2',
      CIRCUIT_OPEN_MS: '50',
      RETRY_MAX: '0',
    });
    state.behave = (socket) => answer(socket, 503);
    await ask();
    await ask();
    const begun = { level: 40, provider, circuit: 'open', msg: OPEN };
    expect(linesOf(log)).toEqual([begun]);
    // A probe fails, and another.
    const { requests } = upstreams[provider];
    await expect.poll(() => ask().then(() => requests.length), { timeout: 5_000 }).toBe(4);
    expect(linesOf(log)).toEqual([begun]);
    state.behave = HEALTHY[provider];
    await expect.poll(ask, { timeout: 5_000 }).toEqual([]);
    expect(linesOf(log)).toEqual([
      begun,
      { ...begun, level: 30, circuit: 'closed', msg: CLOSED, lastedMs: expect.any(Number) },
    ]);
  },
);
