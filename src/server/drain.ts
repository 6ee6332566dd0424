import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';

/** How a server is brought to its end. */
export interface DrainPlan {
  /** So long everything goes on as before, for a balancer to notice that the gateway is not ready. */
  readonly delayMs: number;
  /** All in all. */
  readonly timeoutMs: number;
  /** Called when nothing new is taken any more: answers that have no end of their own shall come to one. */
  readonly endStreams?: () => void;
  /** Called shortly before the time is over: whatever is still waited for shall fail, so that it is answered at all. */
  readonly giveUp: () => void;
}

/**
 * A connection that is kept is closed only after so much quiet: closed at once, it would take with it a request that is
 * just on its way.
 */
const IDLE_MS = 1_000;
const SWEEP_MS = 50;

/**
 * Watches a server from its start; the function that it answers drains it: takes no more connections, answers what is
 * under way and what still comes on connections that stand, each answer the last of its connection, and cuts what is
 * left when the time is over.
 */
export function watchForDrain(server: Server): (plan: DrainPlan) => Promise<void> {
  const sockets = new Set<Socket>();
  const underWay = new Set<ServerResponse>();
  let isDraining = false;

  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.prependListener('request', (_request, response) => {
    if (isDraining) response.setHeader('connection', 'close');
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
  });

  function sweeper(): () => void {
    const quiet = new Map<Socket, { readonly since: number; readonly bytesRead: number }>();
    return () => {
      const busy = new Set(Array.from(underWay, ({ socket }) => socket));
      for (const socket of sockets) {
        const seen = quiet.get(socket);
        // Bytes without a request are one that is on its way.
        if (busy.has(socket)) quiet.delete(socket);
        else if (seen?.bytesRead !== socket.bytesRead) {
          quiet.set(socket, { since: performance.now(), bytesRead: socket.bytesRead });
        } else if (performance.now() - seen.since >= IDLE_MS) socket.destroy();
      }
    };
  }

  return async ({ delayMs, timeoutMs, endStreams, giveUp }) => {
    const startedAt = performance.now();
    const leftMs = (reserveMs: number) => Math.max(0, timeoutMs - reserveMs - (performance.now() - startedAt));
    if (delayMs > 0) await sleep(Math.min(delayMs, timeoutMs / 2));
    await quietTurn();
    isDraining = true;
    endStreams?.();
    for (const response of underWay) if (!response.headersSent) response.setHeader('connection', 'close');
    const closed = new Promise<void>((resolve) => {
      // The HTTP server's own `close` would cut kept connections at once.
      NetServer.prototype.close.call(server, () => resolve());
    });
    const sweep = sweeper();
    sweep();
    const sweeps = setInterval(sweep, SWEEP_MS);
    const late = setTimeout(giveUp, leftMs(Math.min(300, timeoutMs / 4)));
    const end = setTimeout(() => server.closeAllConnections(), leftMs(Math.min(100, timeoutMs / 10)));
    await closed;
    clearInterval(sweeps);
    clearTimeout(late);
    clearTimeout(end);
    // Nothing is left to close but the server's own timer.
    server.close();
  };
}

/**
 * Waits for a turn of the event loop with hardly anything in it. Connections that the kernel has accepted and Node has
 * not are reset when the listener closes; right behind such a turn there are none.
 */
async function quietTurn(): Promise<void> {
  for (let turns = 0; turns < 500; turns += 1) {
    const startedAt = performance.now();
    await turn();
    if (performance.now() - startedAt < 0.05) return;
  }
}
