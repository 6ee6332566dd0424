import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { answer, type Behave, head, until } from '../support/fault-upstream.ts';
import { measured } from '../support/running-time.ts';
import { globalId } from '../support/stub-gateway.ts';
import { personioWebhooks } from '../support/upstream-rows.ts';
import {
  BOTH,
  BOTH_IDS,
  codes,
  HEALTHY,
  ID,
  IS_FULL,
  LIST,
  NODES,
  openFaultGateway,
  openWithFault,
  PING,
  type Provider,
} from './gateway.ts';

const ABORTS = IS_FULL ? 50 : 12;

/** Sends an operation over a socket of its own, which the test may cut. */
async function sendRaw(url: string, query: string, variables: unknown): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.on('error', () => {});
  socket.resume();
  writeRequest(socket, url, query, variables);
  return socket;
}

function writeRequest(socket: Socket, url: string, query: string, variables: unknown): void {
  const body = JSON.stringify({ query, variables });
  const lines = [`host: ${new URL(url).host}`, 'content-type: application/json', `content-length: ${body.length}`];
  socket.write(`POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

const half: Behave = (socket) => void socket.write(`${head(200, { 'content-length': '100000' })}{"_data":[`);
const silent: Behave = () => {};
const throttled: Behave = (socket) => answer(socket, 429, '', { 'retry-after': '20' });

describe.each(BOTH)('%s, a client that leaves', (provider) => {
  test.each([
    ['before any answer', silent],
    ['in the middle of the body', half],
  ])('%s, at any moment, leaves no upstream call, no slot and no listener behind', async (_when, behave) => {
    let isStuck = true;
    const { gateway, query, upstreams } = await openWithFault(
      provider,
      (...call) => (isStuck ? behave : HEALTHY[provider])(...call),
      { UPSTREAM_MAX_CONNECTIONS: '2', LOG_LEVEL: 'silent' },
    );
    const url = await gateway.listen();
    const upstream = upstreams[provider];
    const latencies: number[] = [];
    for (let abort = 0; abort < ABORTS; abort += 1) {
      const [text, variables] = [
        [LIST, {}],
        [NODES, BOTH_IDS],
        [PING, { id: ID[provider] }],
      ][abort % 3] ?? [LIST, {}];
      const before = upstream.requests.length;
      const socket = await sendRaw(url, String(text), variables);
      await until(() => upstream.requests.length > before);
      // A random moment of its life, in turns of the event loop.
      for (let turns = Math.floor(Math.random() * 20); turns > 0; turns -= 1) await new Promise(setImmediate);
      socket.destroy();
      const { runningMs } = await measured(() => until(() => upstream.openSockets() === 0));
      latencies.push(runningMs);
    }
    expect(Math.max(...latencies)).toBeLessThan(100);
    isStuck = false;
    const answers = await Promise.all(Array.from({ length: 20 }, () => query(NODES, BOTH_IDS)));
    expect(answers.flatMap(({ errors }) => codes(errors))).toEqual([]);
    expect(upstream.openSockets()).toBeLessThanOrEqual(2);
  });

  test('after it has sent several requests at once takes all of them with it', async () => {
    const { gateway, upstreams } = await openWithFault(provider, silent, { LOG_LEVEL: 'silent' });
    const url = await gateway.listen();
    const upstream = upstreams[provider];
    const socket = await sendRaw(url, PING, { id: ID[provider] });
    for (let sent = 1; sent < 5; sent += 1) writeRequest(socket, url, PING, { id: ID[provider] });
    await until(() => upstream.requests.length === 5);
    socket.destroy();
    const { runningMs } = await measured(() => until(() => upstream.openSockets() === 0));
    expect(runningMs).toBeLessThan(100);
  });

  test('while it waits for a retry causes no further call', async () => {
    const { gateway, upstreams, query } = await openWithFault(provider, throttled);
    const url = await gateway.listen();
    const upstream = upstreams[provider];
    const timersBefore = timers();
    for (let abort = 0; abort < ABORTS / 3; abort += 1) {
      const before = upstream.requests.length;
      const socket = await sendRaw(url, LIST, {});
      await until(() => upstream.requests.length > before);
      socket.destroy();
    }
    const sent = upstream.requests.length;
    // The wait of a retry is a timer, and is gone with its client; the operations' own ends are not counted as such.
    await until(() => timers() <= timersBefore);
    expect((await query(PING, { id: ID[provider] })).errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
    expect(upstream.requests).toHaveLength(sent + 1);
  });

  test('is no fault of the gateway: its log tells of none', async () => {
    const { gateway, log, upstreams } = await openWithFault(provider, silent);
    const url = await gateway.listen();
    const socket = await sendRaw(url, PING, { id: ID[provider] });
    await until(() => upstreams[provider].requests.length === 1);
    socket.destroy();
    await until(() => log.some(({ msg, result }) => msg === 'operation' && result === 'aborted'));
    expect(log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  test('does not disturb those who wait for the same answer', async () => {
    const waiting: Socket[] = [];
    const { gateway, query, upstreams } = await openWithFault(provider, (socket) => void waiting.push(socket));
    const url = await gateway.listen();
    const leaver = await sendRaw(url, LIST, {});
    await until(() => waiting.length === 1);
    const stayers = Array.from({ length: 20 }, () => query(LIST));
    await new Promise(setImmediate);
    leaver.destroy();
    const [socket] = waiting;
    if (socket) answer(socket, 200, provider === 'PERSONIO' ? { _data: [] } : { webhooks: [] });
    const answers = await Promise.all(stayers);
    expect(answers.flatMap(({ errors }) => codes(errors))).toEqual([]);
    expect(upstreams[provider].requests).toHaveLength(1);
  });
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

test('a client that leaves on page three of a scan ends the scan there', async () => {
  const waiting: Socket[] = [];
  const { gateway, upstreams } = await openFaultGateway({
    behave: {
      PERSONIO: (socket, { path }) => {
        const page = Number(new URL(path, 'http://upstream').searchParams.get('cursor') ?? 0);
        if (!path.includes('/activity')) return answer(socket, 200, personioWebhooks(1)[0] ?? {});
        if (page === 2) return void waiting.push(socket);
        const next = { href: `https://api.personio.de/any?cursor=${page + 1}` };
        return answer(socket, 200, { _data: [], _meta: { links: { next } } });
      },
    },
  });
  const url = await gateway.listen();
  const socket = await sendRaw(url, 'query ($id: ID!) { webhook(id: $id) { deliveryStats { total } } }', {
    id: globalId('PERSONIO', 'hook-1'),
  });
  await until(() => waiting.length === 1);
  const sent = upstreams.PERSONIO.requests.length;
  socket.destroy();
  const { runningMs } = await measured(() => until(() => waiting[0]?.closed === true));
  expect(runningMs).toBeLessThan(100);
  expect(upstreams.PERSONIO.requests).toHaveLength(sent);
});

describe('the fuse', () => {
  test.each(BOTH)('of %s: what goes over it is null with LIMIT_EXCEEDED, the rest stays', async (provider) => {
    const { query, upstreams } = await openFaultGateway({ environment: { UPSTREAM_MAX_CALLS: '3' } });
    const fields = Array.from({ length: 5 }, (_, index) => {
      const id = globalId('PERSONIO', `hook-${index}`);
      const read = `webhook(id: "${provider === 'PERSONIO' ? id : ID.TRULAYER}")`;
      return provider === 'PERSONIO'
        ? `f${index}: ${read} { url }`
        : `f${index}: pingWebhook(input: { id: "${ID.TRULAYER}" }) { webhookId }`;
    });
    const { data, errors } = await query(`${provider === 'PERSONIO' ? 'query' : 'mutation'} { ${fields.join(' ')} }`);
    expect(Object.values(data).map((value) => value !== null)).toEqual([true, true, true, false, false]);
    expect(codes(errors)).toEqual(['LIMIT_EXCEEDED', 'LIMIT_EXCEEDED']);
    expect(upstreams[provider].requests).toHaveLength(3);
  });
});

describe('OVERLOADED', () => {
  test.each<Provider>(['PERSONIO', 'TRULAYER'])(
    'of %s costs only those beyond the queue, and only that provider',
    async (provider) => {
      const waiting: Socket[] = [];
      const { query, upstreams } = await openWithFault(provider, (socket) => void waiting.push(socket), {
        UPSTREAM_MAX_CONNECTIONS: '2',
        UPSTREAM_MAX_QUEUE: '3',
      });
      const pings = Array.from({ length: 5 }, () => query(PING, { id: ID[provider] }));
      await until(() => waiting.length === 2);
      const beyond = await query(PING, { id: ID[provider] });
      expect(beyond.errors?.[0]?.extensions).toMatchObject({ code: 'OVERLOADED', provider, retryable: true });
      const healthy = provider === 'PERSONIO' ? 'TRULAYER' : 'PERSONIO';
      expect((await query(PING, { id: ID[healthy] })).errors).toBeUndefined();
      for (let served = 0; served < 5; served += 1) {
        await until(() => waiting.length > served);
        const socket = waiting[served];
        if (socket)
          HEALTHY[provider](
            socket,
            { method: 'POST', path: '/v2/webhooks/hook-1/ping', headers: {}, body: '', at: 0 },
            0,
          );
      }
      expect((await Promise.all(pings)).flatMap(({ errors }) => codes(errors))).toEqual([]);
      expect(upstreams[provider].connections()).toBe(2);
    },
  );
});
