import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';

/** The HTTP server's own `close` would cut kept connections at once. */
const closeListener = NetServer.prototype.close;
const QUIET_TURN_MS = 0.02;
/** Clients that send in a rhythm have just sent what they had. */
const LULL_MS = { from: 0.3, to: 0.8 };
const LONG_LULL_MS = 20;

/**
 * Closes the listener right behind a turn of the event loop with nothing in it: no new connection, and next to no time.
 * Connections that the kernel has accepted and Node has not are reset when the listener closes; behind such a turn there
 * are none. One turn takes one connection (libuv since 1.46). What comes between that turn and the system call is still
 * lost, so nothing else is done there, and of the quiet turns one shortly after a connection is chosen, when the next one is
 * least likely. Where no such turn comes within `maxWaitMs`, it is closed all the same.
 */
export function closeInQuietTurn(server: Server, maxWaitMs: number): Promise<void> {
  return new Promise((resolve) => {
    let turnedAt = performance.now();
    let acceptedAt = 0;
    const giveUpAt = turnedAt + maxWaitMs;
    const onConnection = () => {
      acceptedAt = performance.now();
    };
    server.on('connection', onConnection);
    const turn = () => {
      const now = performance.now();
      const lullMs = now - acceptedAt;
      const isLull = (lullMs >= LULL_MS.from && lullMs <= LULL_MS.to) || lullMs >= LONG_LULL_MS;
      if ((isLull && now - turnedAt < QUIET_TURN_MS) || now > giveUpAt) {
        closeListener.call(server);
        server.off('connection', onConnection);
        resolve();
        return;
      }
      turnedAt = now;
      setImmediate(turn);
    };
    setImmediate(turn);
  });
}

/**
 * Closes listeners of its own before the real one is closed: the first `close` of a process takes 0.1 ms longer than later
 * ones, enough for a connection to be lost. Does without where no descriptor is left for it, as where clients hold all of them.
 */
export async function rehearseClosing(): Promise<void> {
  for (let times = 0; times < 3; times++) {
    const understudy = new NetServer();
    const isListening = await new Promise<boolean>((resolve) => {
      understudy.once('error', () => resolve(false));
      understudy.listen({ host: '127.0.0.1', port: 0 }, () => resolve(true));
    });
    if (!isListening) return;
    const closed = new Promise((resolve) => understudy.once('close', resolve));
    closeListener.call(understudy);
    await closed;
  }
}
