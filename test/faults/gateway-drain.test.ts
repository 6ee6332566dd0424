import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, type RunningGateway, runGateway } from '../support/executable.ts';
import { type Behave, type FaultUpstream, startFaultUpstream, until } from '../support/fault-upstream.ts';
import { load } from '../support/load.ts';
import { measured } from '../support/running-time.ts';
import { subscribe } from '../support/sse-stream.ts';
import { globalId } from '../support/stub-gateway.ts';
import { HEALTHY, IS_FULL, LIST } from './gateway.ts';

const RUNS = IS_FULL ? 20 : 2;
const RPS = IS_FULL ? 500 : 150;
const STREAMS = 50;
const TAIL = {
  query: `subscription { webhookActivity(webhookId: "${globalId('PERSONIO', 'hook-1')}") { cursor } }`,
};

beforeAll(build, 120_000);

interface Running extends RunningGateway {
  readonly personio: FaultUpstream;
}

async function run(personio: Behave, environment: Readonly<Record<string, string>> = {}): Promise<Running> {
  const upstreams = {
    personio: await startFaultUpstream(personio),
    trulayer: await startFaultUpstream(HEALTHY.TRULAYER),
  };
  const gateway = await runGateway({
    PERSONIO_BASE_URL: upstreams.personio.baseUrl,
    PERSONIO_ACCESS_TOKEN: 'papi-ready-token',
    TRULAYER_BASE_URL: upstreams.trulayer.baseUrl,
    TRULAYER_API_KEY: 'tl_test_key',
    ...environment,
  });
  return { ...gateway, personio: upstreams.personio };
}

const BODY = JSON.stringify({ query: LIST });

/** What became of a request: `whole` with both providers' data, `refused` where nobody listens, else what was lost. */
function post(url: string, agent: Agent | false): Promise<string> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' };
    const outgoing = request(`${url}/graphql`, { method: 'POST', agent, headers }, (incoming) => {
      let body = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk) => {
        body += chunk;
      });
      incoming.on('error', (error) => resolve(`cut off: ${error.message}`));
      incoming.on('end', () => {
        const isWhole = incoming.statusCode === 200 && body.includes('hook-2') && body.includes('"TRULAYER"');
        resolve(isWhole ? 'whole' : `${incoming.statusCode} ${body}`);
      });
    });
    outgoing.on('error', (error) => {
      resolve('code' in error && error.code === 'ECONNREFUSED' ? 'refused' : `lost: ${error.message}`);
    });
    outgoing.end(BODY);
  });
}

/** A connection that stays open, and what came over it. */
async function open(url: string): Promise<{ readonly socket: Socket; received(): string; send(text: string): void }> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, received: () => received, send: (text) => void socket.write(text) };
}

function rawRequest(url: string): string {
  const { host } = new URL(url);
  return `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;
}

/** Personio, whose lists wait until the test lets them go. */
function gated(): { readonly behave: Behave; release(): void } {
  let isOpen = false;
  const waiting: (() => void)[] = [];
  return {
    behave: (...call) => {
      const go = () => HEALTHY.PERSONIO(...call);
      if (isOpen) go();
      else waiting.push(go);
    },
    release: () => {
      isOpen = true;
      for (const go of waiting) go();
    },
  };
}

describe('SIGTERM', () => {
  test.each(Array.from({ length: RUNS }, (_, index) => index + 1))(
    'under load drops nothing, on kept connections and new ones, and completes 50 streams (run %i)',
    async () => {
      // Answers take a while, so that there always are some under way.
      const slow: Behave = (...call) => void setTimeout(() => HEALTHY.PERSONIO(...call), 20);
      const { child, url, ended, log } = await run(slow);
      const streams = await Promise.all(Array.from({ length: STREAMS }, () => subscribe(url, TAIL)));
      const kept = new Agent({ keepAlive: true, maxSockets: 50 });
      let isRefused = false;
      const samples = load({
        rps: RPS,
        durationMs: 15_000,
        until: () => isRefused,
        send: async (index) => {
          const outcome = await post(url, index % 2 === 0 ? kept : false);
          if (outcome === 'refused') isRefused = true;
          return outcome;
        },
      });
      await load({ rps: 20, durationMs: 500, send: () => post(url, false) });
      const stoppedAt = performance.now();
      child.kill('SIGTERM');
      expect([await ended, log().filter(({ level }) => level === 60)]).toEqual([0, []]);
      expect(performance.now() - stoppedAt).toBeLessThan(10_000);
      const outcomes = (await samples).map(({ result }) => result);
      expect(outcomes.filter((outcome) => outcome !== 'whole' && outcome !== 'refused')).toEqual([]);
      expect(outcomes.filter((outcome) => outcome === 'whole').length).toBeGreaterThan(RPS / 4);
      expect(streams.filter((stream) => stream.isComplete())).toHaveLength(STREAMS);
      kept.destroy();
    },
    30_000,
  );

  test('answers what is under way, what is half sent, and what still comes on connections that stand', async () => {
    const { behave, release } = gated();
    const { child, url, ended, log, personio } = await run(behave);
    const [underWay, halfSent, idle] = [await open(url), await open(url), await open(url)];
    underWay.send(rawRequest(url));
    idle.send(`GET /health HTTP/1.1\r\nhost: ${new URL(url).host}\r\n\r\n`);
    halfSent.send(rawRequest(url).slice(0, 40));
    await until(() => personio.requests.length === 1 && idle.received().includes('200'));
    child.kill('SIGTERM');
    await until(() => log().some(({ signal }) => signal === 'SIGTERM'));
    await refused(url);
    halfSent.send(rawRequest(url).slice(40));
    idle.send(rawRequest(url));
    release();
    expect(await ended).toBe(0);
    const answers = [underWay, halfSent, idle].map(({ received }) => received());
    for (const text of answers) {
      expect(text).toContain('"hook-2"');
      expect(text.toLowerCase()).toContain('connection: close');
    }
  });

  test('says that it is not ready for DRAIN_DELAY_MS before the listener closes', async () => {
    const { child, url, ended } = await run(HEALTHY.PERSONIO, { DRAIN_DELAY_MS: '500' });
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    const stoppedAt = performance.now();
    child.kill('SIGTERM');
    let status = 200;
    while (status === 200) ({ status } = await fetch(`${url}/ready`, { headers: { connection: 'close' } }));
    expect([status, await post(url, false)]).toEqual([503, 'whole']);
    await refused(url);
    expect(performance.now() - stoppedAt).toBeGreaterThan(480);
    expect(await ended).toBe(0);
  });

  test('ends within DRAIN_TIMEOUT_MS whatever an upstream does; who still waits gets an answer', async () => {
    const { child, url, ended, personio } = await run(() => {}, { DRAIN_TIMEOUT_MS: '1500' });
    const waiting = await open(url);
    waiting.send(rawRequest(url));
    await until(() => personio.requests.length === 1);
    child.kill('SIGTERM');
    const { result, runningMs } = await measured(() => ended);
    expect(result).toBe(0);
    // A process that ends late in its own time, on a machine that others use too, is no drain that goes on.
    expect(runningMs).toBeLessThan(2_000);
    expect(waiting.received()).toContain('"UPSTREAM_UNAVAILABLE"');
    expect(waiting.received()).toContain('"TRULAYER"');
  });

  test('to a process that is held up while its time runs out: what it gives up is answered all the same', async () => {
    const { child, url, ended, personio } = await run(() => {}, { DRAIN_TIMEOUT_MS: '1500' });
    const waiting = await open(url);
    waiting.send(rawRequest(url));
    await until(() => personio.requests.length === 1);
    const stoppedAt = performance.now();
    child.kill('SIGTERM');
    await refused(url);
    child.kill('SIGSTOP');
    await expect.poll(() => performance.now() - stoppedAt, { timeout: 5_000 }).toBeGreaterThan(2_000);
    child.kill('SIGCONT');
    expect(await ended).toBe(0);
    expect(waiting.received()).toContain('"UPSTREAM_UNAVAILABLE"');
    expect(waiting.received()).toContain('"TRULAYER"');
  });

  test('a second time ends it at once', async () => {
    const { child, url, ended, log, personio } = await run(() => {});
    (await open(url)).send(rawRequest(url));
    await until(() => personio.requests.length === 1);
    child.kill('SIGTERM');
    await until(() => log().some(({ signal }) => signal === 'SIGTERM'));
    child.kill('SIGTERM');
    const { result, runningMs } = await measured(() => ended);
    expect(result).toBe(1);
    // A fifth of what the drain would take. It is another process that ends: its waits for the processor count here.
    expect(runningMs).toBeLessThan(2_000);
  });
});

describe('an error that nobody catches', () => {
  test.each([
    ['an exception', 'throw new Error("it broke")'],
    ['a rejection', 'void Promise.reject(new Error("it broke"))'],
  ])('%s ends the process with its cause in the log, after what is under way', async (_what, fault) => {
    const { behave, release } = gated();
    const preload = `data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => { ${fault} });`)}`;
    const { child, url, ended, log, personio } = await run(behave, { NODE_OPTIONS: `--import=${preload}` });
    const underWay = post(url, false);
    await until(() => personio.requests.length === 1);
    child.kill('SIGUSR2');
    await until(() => log().some(({ level }) => level === 60));
    release();
    expect([await underWay, await ended]).toEqual(['whole', 1]);
    expect(log().filter(({ level }) => level === 60)).toMatchObject([
      { msg: 'stopping: an error that nobody caught', cause: expect.stringMatching(/^Error: it broke\n +at /) },
    ]);
  });
});

/** Waits until nobody listens any more. */
async function refused(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: hostname, port: Number(port) });
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (!isOpen) return;
  }
}
