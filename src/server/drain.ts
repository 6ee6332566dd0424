import { createServer, type RequestListener, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';

/** How a server is brought to its end. */
export interface DrainPlan {
  /** So long everything goes on as before, for a balancer to notice that the gateway is not ready. */
  readonly delayMs: number;
  /** All in all. */
  readonly timeoutMs: number;
  /** Called once the listener is closed: answers that would go on for ever shall come to their end. */
  readonly endStreams: () => void;
  /** Called shortly before the time is over: whatever is still waited for shall fail, so that it is answered at all. */
  readonly giveUp: () => void;
}

/** A server, and how to drain it. */
export interface DrainableServer {
  readonly server: Server;
  /**
   * Takes no more connections, answers what is under way and what still comes on connections that stand, each answer the
   * last of its connection, and cuts what is left when the time is over.
   */
  drain(plan: DrainPlan): Promise<void>;
}

/**
 * A connection that is kept is closed only after so much quiet: closed at once, it would take with it a request that is
 * just on its way.
 */
const IDLE_MS = 1_000;
const SWEEP_MS = 50;
const MAX_QUIET_WAIT_MS = 2_000;

/** Makes an HTTP server that knows its connections and what is under way on them. */
export function createDrainableServer(options: ServerOptions, handler: RequestListener): DrainableServer {
  const sockets = new Set<Socket>();
  const underWay = new Set<ServerResponse>();
  let accepted = 0;
  let isDraining = false;
  let held: (() => void)[] | undefined;

  const server = createServer(options, (request, response) => {
    // A kept connection would hold the drain up until the client lets go of it.
    if (isDraining) response.setHeader('connection', 'close');
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
    if (held) held.push(() => handler(request, response));
    else handler(request, response);
  });
  server.on('connection', (socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  /** Closes the listener in a moment when no connection waits to be taken, and leaves kept ones alone. */
  async function stopListening(maxWaitMs: number): Promise<{ readonly closed: Promise<void> }> {
    isDraining = true;
    for (const response of underWay) if (!response.headersSent) response.setHeader('connection', 'close');
    // Nothing new is begun meanwhile, or a busy server would never come to that moment.
    held = [];
    await quietTurn(() => accepted, maxWaitMs);
    const closed = new Promise<void>((resolve) => {
      // The HTTP server's own `close` would cut kept connections at once.
      NetServer.prototype.close.call(server, () => resolve());
    });
    const waiting = held;
    held = undefined;
    for (const begin of waiting) begin();
    return { closed };
  }

  function createSweep(): () => void {
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

  async function drain({ delayMs, timeoutMs, endStreams, giveUp }: DrainPlan): Promise<void> {
    const startedAt = performance.now();
    const leftMs = (reserveMs: number) => Math.max(0, timeoutMs - reserveMs - (performance.now() - startedAt));
    if (delayMs > 0) await sleep(Math.min(delayMs, timeoutMs / 2));
    const { closed } = await stopListening(Math.min(MAX_QUIET_WAIT_MS, timeoutMs / 4));
    endStreams();
    const sweep = createSweep();
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
  }

  return { server, drain };
}

/**
 * Waits for a turn of the event loop with nothing in it: no new connection, and next to no time. Connections that the
 * kernel has accepted and Node has not are reset when the listener closes; right behind such a turn there are none. One
 * turn takes one connection (libuv since 1.46).
 */
async function quietTurn(accepted: () => number, maxWaitMs: number): Promise<void> {
  const giveUpAt = performance.now() + maxWaitMs;
  for (;;) {
    const before = accepted();
    const startedAt = performance.now();
    await turn();
    const endedAt = performance.now();
    if ((accepted() === before && endedAt - startedAt < 0.02) || endedAt > giveUpAt) return;
  }
}
