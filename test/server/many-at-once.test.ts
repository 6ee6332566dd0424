import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { bearer, READ_KEY, WITH_KEYS } from '../support/callers.ts';
import { createGate } from '../support/gate.ts';
import { jsonRequest, type ListeningGateway, listenWithStubs } from '../support/listening-gateway.ts';
import { sampleOf } from '../support/metrics-page.ts';
import { type Answer, globalId } from '../support/stub-gateway.ts';
import type { UpstreamRequest } from '../support/stub-upstream.ts';

const READ = 'query Read($id: ID!) { webhook(id: $id) { id } }';
const PING = 'query Ping { __typename }';
const READ_COST = 11;

test('for those who leave while they wait for their turn, no upstream is asked', async () => {
  const asked = createGate();
  const gateway = await open((request) => {
    asked.open();
    return webhookOf(request);
  });
  await serveBesideLeavers(gateway, asked.opened, readOf);
  expect(gateway.personioCalls().filter((call) => call.includes('left-'))).toEqual([]);
  expect(gateway.personioCalls()).toHaveLength(100);
  const page = await metricsOf(gateway);
  expect(sampleOf(page, 'hookgraph_operations_in_flight')).toBe(0);
  expect(sampleOf(page, 'hookgraph_http_requests_total', { status: 'aborted' })).toBe(100);
});

test('those who leave while they wait for their turn pay nothing', async () => {
  const asked = createGate();
  const enough = READ_COST * (READS_BEFORE + 100 + 20);
  const gateway = await open(
    (request) => {
      asked.open();
      return webhookOf(request);
    },
    { ...WITH_KEYS, RATE_LIMIT_COST: String(enough) },
  );
  const read = (id: string) => readOf(id, `Authorization: Bearer ${READ_KEY}\r\n`);
  await serveBesideLeavers(gateway, asked.opened, read);
  const later = await connectMany(gateway, 21);
  const texts = await Promise.all(later.map((socket, index) => ask(socket, [read(`later-${index}`)])));
  const statuses = texts.map((answer) => answer.slice(9, 12));
  expect(statuses.toSorted()).toEqual([...Array<string>(20).fill('200'), '429']);
});

test('who waits for a turn is under way', async () => {
  const held = createGate();
  const gateway = await open(async (request) => {
    await held.opened;
    return webhookOf(request);
  });
  const sockets = await connectMany(gateway, 200);
  const answers = sockets.map((socket, index) => ask(socket, [readOf(`h${index}`)]));
  const page = await metricsOf(gateway);
  held.open();
  await Promise.all(answers);
  expect(sampleOf(page, 'hookgraph_operations_in_flight')).toBe(200);
});

test('requests behind one another on a connection begin together, or one client could make any number wait', async () => {
  const held = createGate();
  const gateway = await open(async (request) => {
    await held.opened;
    return webhookOf(request);
  });
  const reads = Array.from({ length: 60 }, (_, index) => readOf(`h${index}`));
  const answers = ask(await connected(gateway), [...reads, 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n']);
  await gateway.send({ path: '/metrics' });
  held.open();
  expect(sampleOf(await answers, 'hookgraph_operations_in_flight')).toBeGreaterThan(50);
});

test('operations of the ordinary way do not hold up those of the direct one', async () => {
  const gateway = await open(webhookOf, { UPSTREAM_MAX_CONNECTIONS: '500' });
  const direct = await connectMany(gateway, 120);
  const ordinary = await connected(gateway);
  const answers = direct.map((socket, index) => ask(socket, [readOf(`direct-${index}`)]));
  // Whoever wants to know the cost is answered by the ordinary way.
  const costs = Array.from({ length: 112 }, (_, index) => readOf(`ordinary-${index}`, 'X-Hookgraph-Cost: 1\r\n'));
  await Promise.all([...answers, ask(ordinary, costs)]);
  const calls = gateway.personioCalls();
  const lastDirect = calls.findLastIndex((call) => call.includes('direct-'));
  expect(calls).toHaveLength(232);
  expect(calls.slice(lastDirect).filter((call) => call.includes('ordinary-')).length).toBeGreaterThan(0);
});

test('the time that operations take counts from their arrival, with the wait for their turn', async () => {
  const gateway = await open(webhookOf);
  const ping = (index: number) => ({ query: PING, extensions: { index } });
  for (let times = 0; times < 3; times++) await gateway.send(jsonRequest(ping(times)));
  const before = await quickPings(gateway);
  const sockets = await connectMany(gateway, 24);
  let isAnswered = false;
  const turns = holdTurns(() => isAnswered);
  await Promise.all(sockets.map((socket, index) => ask(socket, [post(ping(100 + index))])));
  isAnswered = true;
  await turns;
  // Eight at once; the others after one long turn and after two.
  expect((await quickPings(gateway)) - before).toBeLessThanOrEqual(8);
});

/** A hundred stay until they are answered; a hundred more, behind them, leave as soon as an upstream is `asked` for the first. */
async function serveBesideLeavers(
  gateway: ListeningGateway,
  asked: Promise<unknown>,
  read: (id: string) => string,
): Promise<void> {
  const staying = await connectMany(gateway, 100);
  const leaving = await connectMany(gateway, 100);
  const answers = staying.map((socket, index) => ask(socket, [read(`h${index}`)]));
  for (const [index, socket] of leaving.entries()) socket.write(read(`left-${index}`));
  await asked;
  for (const socket of leaving) socket.destroy();
  await Promise.all(answers);
}

/** How many pings took 10 ms at most. */
async function quickPings(gateway: ListeningGateway): Promise<number> {
  const labels = { operation: 'Ping', type: 'query', le: '0.01' };
  return sampleOf(await metricsOf(gateway), 'hookgraph_operation_duration_seconds_bucket', labels);
}

const TURN_MS = 15;

/** Makes each turn of the event loop last. */
async function holdTurns(isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await nextTurn();
    const until = performance.now() + TURN_MS;
    while (performance.now() < until);
  }
}

const READS_BEFORE = 3;

/** A gateway that knows the operation already. */
async function open(personio: Answer, environment: Readonly<Record<string, string>> = {}): Promise<ListeningGateway> {
  let isKnown = false;
  const gateway = await listenWithStubs({
    personio: (request) => (isKnown ? personio(request) : webhookOf(request)),
    environment,
  });
  const read = { query: READ, variables: { id: globalId('PERSONIO', 'known') } };
  for (let times = 0; times < READS_BEFORE; times++) await gateway.send(jsonRequest(read, bearer(READ_KEY)));
  isKnown = true;
  const { personioCalls } = gateway;
  return { ...gateway, personioCalls: () => personioCalls().filter((call) => !call.endsWith('/known')) };
}

function webhookOf({ url }: UpstreamRequest) {
  const id = url.split('/').at(-1) ?? '';
  return { body: { _data: { id, url: 'https://example.com/', description: '' } } };
}

function connectMany(gateway: ListeningGateway, count: number): Promise<readonly Socket[]> {
  return Promise.all(Array.from({ length: count }, () => connected(gateway)));
}

async function connected({ url }: ListeningGateway): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  onTestFinished(() => void socket.destroy());
  // Once it is answered the server has taken the connection: it takes one a turn.
  socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'data');
  return socket;
}

async function metricsOf(gateway: ListeningGateway): Promise<string> {
  return (await gateway.send({ path: '/metrics' })).body.toString();
}

function readOf(id: string, headers = ''): string {
  return post({ query: READ, variables: { id: globalId('PERSONIO', id) } }, headers);
}

function post(body: unknown, headers = ''): string {
  const text = JSON.stringify(body);
  const length = `Content-Length: ${Buffer.byteLength(text)}\r\n`;
  return `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}${length}\r\n${text}`;
}

/** Sends requests behind one another, and resolves with all that is answered. */
function ask(socket: Socket, requests: readonly string[]): Promise<string> {
  socket.write(`${requests.slice(0, -1).join('')}${requests.at(-1)?.replace('\r\n', '\r\nConnection: close\r\n')}`);
  return text(socket);
}
