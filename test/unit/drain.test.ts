import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { type AddressInfo, connect, Server as NetServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createDrainableServer } from '../../src/server/drain.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { createGate } from '../support/gate.ts';

async function connectTo(handler: RequestListener): Promise<Socket> {
  const { server } = createDrainableServer({}, handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return connect({ host: '127.0.0.1', port });
}

const request = (path: string) => `GET ${path} HTTP/1.1\r\nhost: gateway\r\n\r\n`;

describe('a client that sends its next request before the last one is answered', () => {
  test('leaves nothing of those that are answered behind, although its connection is never at rest', async () => {
    const WANTED = 500;
    const seen: WeakRef<ServerResponse>[] = [];
    const waiting: ServerResponse[] = [];
    const socket = await connectTo((_request, response) => {
      seen.push(new WeakRef(response));
      waiting.push(response);
      // So that two of them are always under way.
      if (waiting.length > 1) waiting.shift()?.end();
    });
    const answered = new Promise<void>((resolve) => {
      socket.on('data', () => {
        if (seen.length < WANTED) socket.write(request(`/${seen.length}`));
        else resolve();
      });
    });
    socket.write(request('/first') + request('/second'));
    await answered;
    await new Promise(setImmediate);
    collectGarbage();
    expect(seen.length).toBeGreaterThanOrEqual(WANTED);
    expect(seen.filter((one) => one.deref() !== undefined).length).toBeLessThan(10);
  });

  test('and leaves: each that is under way is told once', async () => {
    const closed: unknown[] = [];
    const arrived = createGate();
    const socket = await connectTo(({ url }, response) => {
      response.on('close', () => closed.push(url));
      if (url === '/3') arrived.open();
    });
    socket.write(['/1', '/2', '/3'].map(request).join(''));
    await arrived.opened;
    socket.destroy();
    await expect.poll(() => closed.length).toBe(3);
    await new Promise(setImmediate);
    expect(closed).toEqual(['/1', '/2', '/3']);
  });
});

/** A server with one request under way, and what that comes to. */
async function openWaiting() {
  const arrived = createGate();
  let respond = (_text: string): void => {};
  const { server, drain } = createDrainableServer({}, (_request, response) => {
    respond = (text) => void response.end(text);
    arrived.open();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answered = fetch(`http://127.0.0.1:${port}/`).then((response) => response.text());
  await arrived.opened;
  return { server, drain, answered, respond };
}

describe('a process that is held up while its time runs out', () => {
  test('answers what it gives up all the same', async () => {
    const { drain, answered, respond } = await openWaiting();
    const startedAt = performance.now();
    // What fails is told to those who wait in a later turn than the one in which it is given up.
    const giveUp = () => void setImmediate(respond, 'given up');
    const drained = drain({ delayMs: 0, timeoutMs: 800, endStreams: () => {}, giveUp });
    await expect.poll(() => performance.now() - startedAt, { interval: 10 }).toBeGreaterThan(450);
    while (performance.now() - startedAt < 780);
    expect(await answered).toBe('given up');
    await drained;
  });
});

describe('a process whose clients hold all of its descriptors', () => {
  test('is drained all the same: what is under way is answered, and nothing is thrown at nobody', async () => {
    const { server, drain, answered, respond } = await openWaiting();
    // As Node does with every further listener then.
    const listen = vi.spyOn(NetServer.prototype, 'listen').mockImplementation(function (this: NetServer) {
      process.nextTick(() => this.emit('error', Object.assign(new Error('listen EMFILE'), { code: 'EMFILE' })));
      return this;
    });
    onTestFinished(() => listen.mockRestore());
    const drained = drain({ delayMs: 0, timeoutMs: 5_000, endStreams: () => respond('answered'), giveUp: () => {} });
    expect(await answered).toBe('answered');
    await drained;
    expect(server.listening).toBe(false);
  });
});
