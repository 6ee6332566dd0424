import { createServer, type ServerResponse } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { openGateway } from '../support/gateway.ts';
import { load } from '../support/load.ts';
import { globalId } from '../support/stub-gateway.ts';
import { personioWebhooks, trulayerId, trulayerWebhooks } from '../support/upstream-rows.ts';
import { codes, ID, LIST, PING } from './gateway.ts';

const SOAK_MS = { full: 3_600_000, long: 300_000 }[process.env.FAULTS ?? ''] ?? 4_000;
const RPS = 200;
const OPERATION_MS = 2_000;
const TEN_MINUTES_MS = 600_000;

/** An upstream that keeps nothing of what it got, and spoils one answer in a hundred. */
async function startUpstream(reply: (path: string, response: ServerResponse) => void): Promise<string> {
  let answered = 0;
  const server = createServer((incoming, response) => {
    incoming.resume();
    answered += 1;
    if (answered % 100 !== 0) return reply(incoming.url ?? '', response);
    if (answered % 300 === 0) return void incoming.socket.destroy();
    if (answered % 200 === 0) return void response.writeHead(503).end('down');
    response.end('{"_data":[{"id":17}],"webhooks":[{}]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

/** Megabytes of live heap. */
function heapMb(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('the collector cannot be called');
  for (let round = 0; round < 3; round += 1) collect();
  return process.memoryUsage().heapUsed / 1_000_000;
}

function sockets(): number {
  return process.getActiveResourcesInfo().filter((name) => /^TCPSocket|^TCPConnect/.test(name)).length;
}

test(
  'mixed queries, departures and faults leave neither heap nor sockets behind',
  async () => {
    const [row] = personioWebhooks(1);
    const [personio, trulayer] = [
      await startUpstream((path, response) => {
        const page = { _data: personioWebhooks(20), _meta: { links: {} } };
        const body = path.includes('/ping') ? { is_delivered: true } : /webhooks\/./.test(path) ? row : page;
        response.end(JSON.stringify(body));
      }),
      await startUpstream((_path, response) => void response.end(JSON.stringify({ webhooks: trulayerWebhooks(20) }))),
    ];
    const socketsBefore = sockets();
    const { query, close } = openGateway(
      {
        PERSONIO_BASE_URL: personio,
        PERSONIO_ACCESS_TOKEN: 'papi-ready-token',
        TRULAYER_BASE_URL: trulayer,
        TRULAYER_API_KEY: 'tl_test_key',
        // What an operation leaves until its time is over is no leak: the last ones' is waited for below.
        OPERATION_TIMEOUT_MS: String(OPERATION_MS),
      },
      { logLevel: 'silent' },
    );
    const seen = new Set<unknown>();
    const send = async (index: number): Promise<void> => {
      const read = 'query ($id: ID!) { node(id: $id) { ... on Webhook { url } } }';
      const kinds = [
        () => query(LIST),
        () => query(read, { id: globalId('PERSONIO', `hook-${index}`) }),
        () => query(read, { id: globalId('TRULAYER', trulayerId(1)) }),
        () => query(PING, { id: ID.PERSONIO }),
        async () => {
          const leaving = new AbortController();
          setImmediate(() => leaving.abort());
          await query(LIST, {}, { signal: leaving.signal }).catch(() => undefined);
          return { errors: undefined };
        },
      ] as const;
      const { errors } = await (kinds[index % kinds.length] ?? kinds[0])();
      for (const code of codes(errors)) seen.add(code);
    };

    // Until the code is warm and the pools are full, the heap grows.
    await load({ rps: RPS, durationMs: Math.min(SOAK_MS / 3, 30_000), send: (index) => send(index) });
    const startMb = heapMb();
    const startedAt = performance.now();
    // In parts, so that the load's own notes stay small.
    while (performance.now() - startedAt < SOAK_MS) await load({ rps: RPS, durationMs: 1_000, send });
    const spanMs = performance.now() - startedAt;
    expect(seen.has('INTERNAL_SERVER_ERROR')).toBe(false);
    // In a short run the noise of the heap is larger than any slope.
    const maxGrownMb = Math.max(4, spanMs / TEN_MINUTES_MS);
    await expect.poll(() => heapMb() - startMb, { timeout: 2 * OPERATION_MS }).toBeLessThan(maxGrownMb);
    await close();
    // The upstreams' ends of the connections, which are of this process too, learn of it a little later.
    await expect.poll(sockets).toBeLessThanOrEqual(socketsBefore);
    if (SOAK_MS > 60_000) console.info('grown by', heapMb() - startMb, 'MB in', spanMs, 'ms');
  },
  SOAK_MS + 90_000,
);
