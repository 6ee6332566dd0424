import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { collectGarbage } from '../support/collect-garbage.ts';
import { answer, type Behave, head, refusedBaseUrl, startFaultUpstream, until } from '../support/fault-upstream.ts';
import { measured } from '../support/running-time.ts';
import {
  BOTH,
  BOTH_IDS,
  codes,
  type FaultGateway,
  ID,
  LIST,
  listWithout,
  NODES,
  nodesWithout,
  openFaultGateway,
  openWithFault,
  PING,
  type Provider,
  pathInList,
  upstreamOf,
} from './gateway.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** What a fault must look like to clients. */
interface Expected {
  readonly code: string;
  /** Attempts of one read. */
  readonly attempts: number;
  /** Of a ping. */
  readonly mayHaveSucceeded: boolean;
}

/** Asks for a list, nodes and a ping of a gateway one of whose providers is faulty, and tells what became of it. */
async function ask({ query, upstreams }: FaultGateway, provider: Provider) {
  const { requests } = upstreams[provider];
  const sent = async <T>(call: Promise<T>) => {
    const before = requests.length;
    const result = await call;
    return { ...result, attempts: requests.length - before };
  };
  const list = await sent(query(LIST));
  const nodes = await sent(query(NODES, BOTH_IDS));
  const ping = await sent(query(PING, { id: ID[provider] }));
  return {
    list: { data: list.data, codes: codes(list.errors), path: list.errors?.[0]?.path, attempts: list.attempts },
    nodes: { data: nodes.data, codes: codes(nodes.errors), attempts: nodes.attempts },
    ping: {
      data: ping.data,
      codes: codes(ping.errors),
      mayHaveSucceeded: upstreamOf(ping.errors?.[0]).mayHaveSucceeded,
      attempts: ping.attempts,
    },
    statuses: [list.status, nodes.status, ping.status],
  };
}

function expected(provider: Provider, { code, attempts, mayHaveSucceeded }: Expected): unknown {
  return {
    list: { data: listWithout(provider), codes: [code], path: pathInList(provider), attempts },
    nodes: { data: nodesWithout(provider), codes: [code], attempts },
    ping: { data: { pingWebhook: null }, codes: [code], mayHaveSucceeded, attempts: attempts === 0 ? 0 : 1 },
    statuses: [200, 200, 200],
  };
}

const bytes =
  (text: string, how: 'reset' | 'end'): Behave =>
  (socket) =>
    void socket.write(text, () => (how === 'reset' ? socket.resetAndDestroy() : socket.end()));

describe.each(BOTH)('%s, an upstream that is silent', (provider) => {
  test('holds an operation no longer than that may take, though memory is collected meanwhile', async () => {
    const environment = { OPERATION_TIMEOUT_MS: '600', UPSTREAM_TIMEOUT_MS: '60000' };
    const { query, upstreams } = await openWithFault(provider, () => {}, environment);
    const asked = query(LIST);
    await until(() => upstreams[provider].requests.length === 1);
    collectGarbage();
    const { data, errors } = await asked;
    expect([data, codes(errors)]).toEqual([listWithout(provider), ['UPSTREAM_TIMEOUT']]);
  });
});

describe.each(BOTH)('%s, connections that break:', (provider) => {
  test.each([
    ['is reset before its headers', bytes('', 'reset')],
    ['is reset in its body', bytes(`${head(200, { 'content-length': '100' })}{"a":`, 'reset')],
    ['is closed in its body', bytes(`${head(200, { 'content-length': '100' })}{"a":`, 'end')],
    ['ends in a chunk', bytes(`${head(200, { 'transfer-encoding': 'chunked' })}5\r\n{"a`, 'end')],
    ['breaks its chunks', bytes(`${head(200, { 'transfer-encoding': 'chunked' })}zz\r\n{"a":\r\n`, 'end')],
    ['does not speak HTTP', bytes('SSH-2.0-OpenSSH_9.6\r\n\r\n', 'end')],
  ])('a connection that %s costs its own part only, two retries of a read, none of a write', async (_what, behave) => {
    const gateway = await openWithFault(provider, behave);
    const outage = { code: 'UPSTREAM_UNAVAILABLE', attempts: 3, mayHaveSucceeded: true };
    expect(await ask(gateway, provider)).toEqual(expected(provider, outage));
  });

  test.each([
    ['refuses connections', refusedBaseUrl],
    ['has a name that does not resolve', () => Promise.resolve('http://nowhere.invalid')],
  ])('an upstream that %s costs its own part only, and no write is in doubt', async (_what, baseUrl) => {
    const gateway = await openFaultGateway({ environment: { [`${provider}_BASE_URL`]: await baseUrl() } });
    const outage = { code: 'UPSTREAM_UNAVAILABLE', attempts: 0, mayHaveSucceeded: false };
    expect(await ask(gateway, provider)).toEqual(expected(provider, outage));
  });
});

const drip =
  (start: string, more: string): Behave =>
  (socket) => {
    socket.write(start);
    const timer = setInterval(() => socket.write(more), 50);
    socket.on('close', () => clearInterval(timer));
  };

const SLOW: readonly (readonly [string, Behave])[] = [
  ['silence', () => {}],
  ['a byte of the status line every 50 ms', drip('HTTP/1.1 200 ', 'O')],
  ['headers without an end', drip('HTTP/1.1 200 OK\r\n', 'x: y\r\n')],
  ['a byte of the body every 50 ms', drip(head(200, { 'content-length': '1000000' }), ' ')],
  ['a chunk every 50 ms', drip(head(200, { 'transfer-encoding': 'chunked' }), '1\r\n \r\n')],
];

describe.each(BOTH)('%s, an upstream that drips or is silent:', (provider) => {
  test('whatever it drips, the attempt ends in time, its socket is closed, and its slot is free again', async () => {
    const timeoutMs = 1_000;
    const outcomes = await Promise.all(
      SLOW.map(async ([what, behave]) => {
        const environment = { UPSTREAM_TIMEOUT_MS: String(timeoutMs), UPSTREAM_MAX_CONNECTIONS: '3' };
        const { query, upstreams } = await openWithFault(provider, behave, environment);
        const round = async () => {
          const { result, passedMs, runningMs } = await measured(() =>
            Promise.all([query(LIST), query(NODES, BOTH_IDS), query(PING, { id: ID[provider] })]),
          );
          const { length } = upstreams[provider].requests;
          await until(() => upstreams[provider].openSockets() === 0);
          return { codes: result.flatMap(({ errors }) => codes(errors)), passedMs, runningMs, length };
        };
        const first = await round();
        const second = await round();
        const isInTime = [first, second].every(
          ({ passedMs, runningMs }) => passedMs > timeoutMs * 0.9 && runningMs < timeoutMs * 1.1,
        );
        return {
          what,
          isInTime,
          codes: [...first.codes, ...second.codes],
          isEqual: second.length === 2 * first.length,
        };
      }),
    );
    const all = SLOW.map(([what]) => {
      return { what, isInTime: true, codes: Array.from({ length: 6 }, () => 'UPSTREAM_TIMEOUT'), isEqual: true };
    });
    expect(outcomes).toEqual(all);
  });
});

const whole = (status: number, body: string | Buffer, headers = {}): Behave => {
  return (socket) => answer(socket, status, body, { ...JSON_TYPE, ...headers });
};
const BOMB = gzipSync(Buffer.alloc(200_000_000, '1'));

const endless: Behave = (socket) => {
  socket.write(head(200, { 'content-length': '1000000000', ...JSON_TYPE }));
  const chunk = Buffer.alloc(65_536, ' ');
  const pour = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', pour);
  pour();
};

describe.each(BOTH)('%s, bodies that cannot be read:', (provider) => {
  test.each([
    ['truncated JSON', whole(200, '{"_data":[{"id":')],
    ['a content-length that is too short', whole(200, '{"webhooks":[],"_data":[]}', { 'content-length': '10' })],
    ['invalid UTF-8', whole(200, Buffer.from([0x22, 0xff, 0xfe, 0x22]))],
    ['a byte order mark', whole(200, '\uFEFF{"_data":[],"webhooks":[]}')],
    ['an empty 200', whole(200, '')],
    ['HTML', whole(200, '<!doctype html><title>Maintenance</title>', { 'content-type': 'text/html' })],
    ['204 where a body is due', whole(204, '')],
    ['a list of texts', whole(200, '["a"]')],
    ['null', whole(200, 'null')],
    ['a gzip bomb', whole(200, BOMB, { 'content-encoding': 'gzip' })],
    ['a body of 1 GB', endless],
    ['JSON that is nested 100,000 deep', whole(200, '['.repeat(100_000) + ']'.repeat(100_000))],
  ])('%s is an invalid answer, costs its own part only, and no memory', async (_what, behave) => {
    const gateway = await openWithFault(provider, behave);
    const before = process.memoryUsage().rss;
    const invalid = { code: 'UPSTREAM_INVALID_RESPONSE', attempts: 1, mayHaveSucceeded: true };
    expect(await ask(gateway, provider)).toEqual(expected(provider, invalid));
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });
});

describe.each(BOTH)('%s, after a 429 with Retry-After', (provider) => {
  const limited = async (header: string) => {
    const gateway = await openWithFault(
      provider,
      (socket, { method }, index) => {
        if (index === 0 || method === 'POST') return answer(socket, 429, '', { 'retry-after': header });
        const isList = provider === 'PERSONIO' ? { _data: [] } : { webhooks: [] };
        return answer(socket, 200, isList);
      },
      { OPERATION_TIMEOUT_MS: '8000' },
    );
    const { result: list, passedMs, runningMs } = await measured(() => gateway.query(LIST));
    const ping = await gateway.query(PING, { id: ID[provider] });
    return { list, passedMs, runningMs, ping, sent: gateway.upstreams[provider].requests.length };
  };

  test('that fits the deadline, a read waits once and succeeds; a write is never repeated', async () => {
    const headers = ['2', new Date(Date.now() + 3_000).toUTCString(), '-5', 'soon'];
    const outcomes = await Promise.all(headers.map(limited));
    for (const { list, ping, sent } of outcomes) {
      expect([list.errors, codes(ping.errors), sent]).toEqual([undefined, ['RATE_LIMITED'], 3]);
    }
    const [seconds, date, negative, junk] = outcomes;
    expect(seconds?.passedMs).toBeGreaterThan(1_990);
    expect(seconds?.runningMs).toBeLessThan(2_600);
    expect(date?.passedMs).toBeGreaterThan(1_900);
    expect(date?.runningMs).toBeLessThan(3_600);
    for (const waited of [negative, junk]) {
      expect(waited?.passedMs).toBeGreaterThan(990);
      expect(waited?.runningMs).toBeLessThan(1_600);
    }
  });

  test('beyond the deadline, the read fails at once and says how long to wait', async () => {
    const outcomes = await Promise.all(['30', '1000000000', '99999999999'].map(limited));
    expect(
      outcomes.map(({ list, sent }) => [codes(list.errors), upstreamOf(list.errors?.[0]).retryAfter, sent]),
    ).toEqual([
      [['RATE_LIMITED'], 30, 2],
      [['RATE_LIMITED'], 1_000_000_000, 2],
      [['RATE_LIMITED'], 99_999_999_999, 2],
    ]);
    for (const { runningMs } of outcomes) expect(runningMs).toBeLessThan(500);
  });
});

describe.each(BOTH)('%s, redirects:', (provider) => {
  test.each([301, 302, 303, 307, 308])(
    'a %i to anywhere is an invalid answer, and nobody is called',
    async (status) => {
      const elsewhere = await startFaultUpstream((socket) => answer(socket, 200, {}));
      const locations = [`${elsewhere.baseUrl}/v2/webhooks`, 'http://169.254.169.254/latest/meta-data', '/v2/webhooks'];
      for (const location of locations) {
        const gateway = await openWithFault(provider, (socket) => answer(socket, status, '', { location }));
        const refused = { code: 'UPSTREAM_INVALID_RESPONSE', attempts: 1, mayHaveSucceeded: true };
        expect(await ask(gateway, provider)).toEqual(expected(provider, refused));
      }
      expect(elsewhere.connections()).toBe(0);
    },
  );
});
