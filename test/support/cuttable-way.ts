import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a gateway that a test can cut, as a network does. */
export interface CuttableWay {
  readonly url: string;
  /** How many connections had an answer, or the beginning of one. */
  readonly answered: () => number;
  /** Resets all connections that are open now; later ones go through. */
  cut(): void;
}

/** Opens a way to the gateway at `target` for the running test. */
export async function openCuttableWay(target: string): Promise<CuttableWay> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let answered = 0;
  const server = createServer((client) => {
    const gateway = connect({ host: hostname, port: Number(port) });
    gateway.once('data', () => (answered += 1));
    for (const [socket, other] of [
      [client, gateway],
      [gateway, client],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      // A cut connection is what this is for.
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  onTestFinished(() => {
    server.close();
    cut();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answered: () => answered, cut };
}
