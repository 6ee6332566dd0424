import { createServer, type RequestListener, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeInQuietTurn, rehearseClosing } from './close-in-quiet-turn.ts';

/** How a server is brought to its end. */
export interface DrainPlan {
  /** How long everything goes on as before, for a balancer to notice that the gateway is not ready. */
  readonly delayMs: number;
  /** For the whole drain, `delayMs` included. */
  readonly timeoutMs: number;
  /** Called once the listener is closed: has to end the answers that would otherwise go on for ever. */
  readonly endStreams: () => void;
  /** Called shortly before the time is over: has to fail whatever is still waited for, so that it is answered at all. */
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

/** How long before a drain's time is over it gives up what is still waited for. */
export function giveUpReserveMs(timeoutMs: number): number {
  return Math.min(300, timeoutMs / 4);
}

/** Makes an HTTP server that knows its connections and what is under way on them. */
export function createDrainableServer(options: ServerOptions, handler: RequestListener): DrainableServer {
  // By connection, and not one set of all answers: a Set that entries come to and go from with each request leaves its old
  // tables behind, each of which keeps the next one and all that is in it alive (docs/performance.md).
  const connections = new Map<Socket, ServerResponse[]>();
  let isDraining = false;
  let held: (() => void)[] | undefined;

  const server = createServer(options, (request, response) => {
    // A kept connection would hold the drain up until the client lets go of it.
    if (isDraining) response.setHeader('connection', 'close');
    noteAnswer(connections.get(request.socket), response);
    if (held) held.push(() => handler(request, response));
    else handler(request, response);
  });
  server.on('connection', (socket) => {
    const answers: ServerResponse[] = [];
    connections.set(socket, answers);
    socket.once('close', () => {
      connections.delete(socket);
      // Once Node has told the one whose turn it was.
      process.nextTick(closeWaiting, answers);
    });
  });

  /** Closes the listener in a moment when no connection waits to be taken, and leaves kept ones alone. */
  async function stopListening(maxWaitMs: number): Promise<{ readonly closed: Promise<void> }> {
    isDraining = true;
    for (const response of [...connections.values()].flatMap(underWay)) {
      if (!response.headersSent) response.setHeader('connection', 'close');
    }
    // Nothing new is begun meanwhile, or a busy server would never come to that moment.
    held = [];
    await rehearseClosing();
    const closed = new Promise<void>((resolve) => server.once('close', resolve));
    await closeInQuietTurn(server, maxWaitMs);
    const waiting = held;
    held = undefined;
    for (const begin of waiting) begin();
    return { closed };
  }

  function createSweep(): () => void {
    const quiet = new Map<Socket, { readonly since: number; readonly bytesRead: number }>();
    return () => {
      for (const [socket, answers] of connections) {
        const seen = quiet.get(socket);
        // Bytes without a request are one that is on its way.
        if (underWay(answers).length > 0) quiet.delete(socket);
        else if (seen?.bytesRead !== socket.bytesRead) {
          quiet.set(socket, { since: performance.now(), bytesRead: socket.bytesRead });
        } else if (performance.now() - seen.since >= IDLE_MS) socket.destroy();
      }
    };
  }

  async function drain({ delayMs, timeoutMs, endStreams, giveUp }: DrainPlan): Promise<void> {
    const startedAt = performance.now();
    const leftMs = (keptMs: number) => Math.max(0, timeoutMs - keptMs - (performance.now() - startedAt));
    if (delayMs > 0) await sleep(Math.min(delayMs, timeoutMs / 2));
    const { closed } = await stopListening(Math.min(MAX_QUIET_WAIT_MS, timeoutMs / 4));
    endStreams();
    const sweep = createSweep();
    sweep();
    const sweeps = setInterval(sweep, SWEEP_MS);
    const reserveMs = giveUpReserveMs(timeoutMs);
    const cutReserveMs = Math.min(100, timeoutMs / 10);
    let end = setTimeout(() => {
      giveUp();
      // Counted from here: in a process that was held up, what is given up would be cut before it is answered.
      end = setTimeout(() => server.closeAllConnections(), reserveMs - cutReserveMs);
    }, leftMs(reserveMs));
    await closed;
    clearInterval(sweeps);
    clearTimeout(end);
    // Nothing is left to close but the server's own timer.
    server.close();
  }

  return { server, drain };
}

/** Keeps the answers of a connection that are not at their end: one, unless its client sends the next request early. */
function noteAnswer(answers: ServerResponse[] = [], answer: ServerResponse): void {
  // In its place, as an array that is emptied and filled gets new memory each time.
  if (answers.length === 1 && answers[0]?.closed) answers[0] = answer;
  else {
    // Answers end in the order of their requests: those that are over stand first.
    const firstOpen = answers.findIndex(({ closed }) => !closed);
    answers.splice(0, firstOpen === -1 ? answers.length : firstOpen);
    answers.push(answer);
  }
}

/**
 * Tells answers that their client has left. Node tells the one whose turn it was, and none of those that waited behind it,
 * whose upstream calls would go on for nobody.
 */
function closeWaiting(answers: readonly ServerResponse[]): void {
  for (const answer of answers) {
    if (answer.closed || answer.destroyed) continue;
    answer.destroy();
    answer.emit('close');
  }
}

function underWay(answers: readonly ServerResponse[]): readonly ServerResponse[] {
  return answers.filter(({ closed }) => !closed);
}
