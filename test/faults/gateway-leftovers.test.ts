import { getEventListeners } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../fuzz/random.ts';
import { answer, type Behave, head, until } from '../support/fault-upstream.ts';
import { measured } from '../support/running-time.ts';
import { globalId } from '../support/stub-gateway.ts';
import { BOTH, BOTH_IDS, codes, HEALTHY, ID, LIST, NODES, openFaultGateway, PING, type Provider } from './gateway.ts';

const MOMENTS = 50;
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121);
const SLOTS = 3;

const TAIL = `subscription { webhookActivity(webhookId: "${ID.PERSONIO}") { cursor } }`;
const SCAN = `{ webhook(id: "${ID.PERSONIO}") { deliveryStats { total } } }`;
const OPERATIONS: readonly (readonly [string, unknown?])[] = [
  [LIST],
  [NODES, BOTH_IDS],
  [PING, { id: ID.PERSONIO }],
  [PING, { id: ID.TRULAYER }],
  [SCAN],
  [TAIL],
];

/** What an upstream does to a call on a bad day; the last one leads a scan from page to page. */
const WAYS: readonly Behave[] = [
  () => {},
  (socket) => void socket.write(`${head(200, { 'content-length': '100000' })}{"_data":[`),
  (socket) => answer(socket, 429, '', { 'retry-after': '20' }),
  (socket) => answer(socket, 503),
  (socket) => void socket.resetAndDestroy(),
  (socket) =>
    answer(socket, 200, { _data: [], webhooks: [], _meta: { links: { next: { href: 'https://x/?cursor=2' } } } }),
];

/** Sends an operation over a socket of its own, which the test may cut. */
async function sendRaw(url: string, query: string, variables: unknown): Promise<Socket> {
  const { hostname, host, port } = new URL(url);
  const body = JSON.stringify({ query, variables });
  const accept = query.startsWith('subscription') ? 'text/event-stream' : 'application/json';
  const socket = connect({ host: hostname, port: Number(port) });
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.on('error', () => {});
  socket.resume();
  const lines = [`host: ${host}`, `accept: ${accept}`, 'content-type: application/json'];
  socket.write(`POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  return socket;
}

/** How many timers and sockets keep this process alive, by their kind. */
function resources(): Readonly<Record<string, number>> {
  const kinds = process
    .getActiveResourcesInfo()
    .filter((kind) => /^(Timeout|TCPSocketWrap|TCPConnectWrap)$/.test(kind));
  return Object.fromEntries([...new Set(kinds)].map((kind) => [kind, kinds.filter((each) => each === kind).length]));
}

describe('clients that leave', () => {
  test(`at ${MOMENTS} random moments leave no timer, no socket and no slot behind`, async () => {
    const random = createRandom(SEED);
    let way: Behave | undefined;
    const gateway = await openFaultGateway({
      behave: {
        PERSONIO: (...call) => (way ?? HEALTHY.PERSONIO)(...call),
        TRULAYER: (...call) => (way ?? HEALTHY.TRULAYER)(...call),
      },
      environment: { UPSTREAM_MAX_CONNECTIONS: String(SLOTS), UPSTREAM_MAX_QUEUE: '1', TAIL_POLL_MS: '2' },
    });
    const url = await gateway.gateway.listen();

    /** As many calls as slots are under way at once, one waits, one is refused: each slot is free, and none is one too many. */
    const fillSlots = async (provider: Provider): Promise<void> => {
      const held: (() => void)[] = [];
      way = (socket, ...rest) => void held.push(() => HEALTHY[provider](socket, ...rest));
      const calls = Array.from({ length: SLOTS + 1 }, () => gateway.query(PING, { id: ID[provider] }));
      await until(() => held.length === SLOTS);
      expect(codes((await gateway.query(PING, { id: ID[provider] })).errors)).toEqual(['OVERLOADED']);
      way = undefined;
      for (const letGo of held) letGo();
      expect((await Promise.all(calls)).flatMap(({ errors }) => codes(errors))).toEqual([]);
    };

    // Connections are kept, as many as there are slots.
    for (const provider of BOTH) await fillSlots(provider);
    // As `until` looks below: right behind a timer, which still counts.
    await new Promise((resolve) => setTimeout(resolve, 1));
    const before = resources();
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      way = random.pick(WAYS);
      const [query, variables] = random.pick(OPERATIONS);
      // Twice, so that one leaves while the other waits for the same answer.
      const sockets = [await sendRaw(url, query, variables), await sendRaw(url, query, variables)];
      for (const socket of sockets) {
        for (let turns = random.whole(40); turns > 0; turns -= 1) await new Promise(setImmediate);
        socket.destroy();
      }
    }
    const isAsBefore = () => Object.entries(resources()).every(([kind, count]) => count <= (before[kind] ?? 0));
    await until(isAsBefore);
    for (const provider of BOTH) await fillSlots(provider);
  });

  test.each([
    ['a stream that is about to begin', TAIL],
    ['a scan', SCAN],
  ])('in %s close the upstream call within 100 ms', async (_what, query) => {
    const { gateway, upstreams } = await openFaultGateway({ behave: { PERSONIO: () => {} } });
    const socket = await sendRaw(await gateway.listen(), query, undefined);
    await until(() => upstreams.PERSONIO.requests.length === 1);
    socket.destroy();
    const { runningMs } = await measured(() => until(() => upstreams.PERSONIO.openSockets() === 0));
    expect(runningMs).toBeLessThan(100);
  });

  test.each([
    ['a query', LIST, undefined],
    ['a query that fails', NODES, { ids: [globalId('PERSONIO', 'hook-1'), 'x'] }],
    ['a mutation', PING, { id: ID.PERSONIO }],
    ['a scan', SCAN, undefined],
  ])('after %s nobody listens to the signal of its request any more', async (_what, query, variables) => {
    const { gateway } = await openFaultGateway({});
    const request = operationRequest(query, variables);
    const response = await gateway.fetch(request);
    await response.text();
    expect(response.status).toBe(200);
    expect(getEventListeners(request.signal, 'abort')).toEqual([]);
  });

  test('after a stream that was read and left nobody does, and somebody did while it ran', async () => {
    const { gateway } = await openFaultGateway({ environment: { TAIL_POLL_MS: '2' } });
    const request = operationRequest(TAIL);
    const response = await gateway.fetch(request);
    expect(getEventListeners(request.signal, 'abort').length).toBeGreaterThan(0);
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await until(() => getEventListeners(request.signal, 'abort').length === 0);
  });
});

function operationRequest(query: string, variables?: unknown): Request {
  const accept = query.startsWith('subscription') ? 'text/event-stream' : 'application/json';
  return new Request('http://localhost/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', host: 'localhost', accept },
    body: JSON.stringify({ query, variables }),
    signal: new AbortController().signal,
  });
}
