import { buildConnector, Client, errors } from 'undici';

/** The connections to one origin, each lent to one exchange at a time. */
export interface Connections {
  take(): Client;
  /** It may carry another exchange. */
  giveBack(connection: Client): void;
  /** Closes its socket now, whatever was going on. */
  discard(connection: Client): void;
  /**
   * Whether its socket failed. An answer whose length nothing but the end of its connection tells is whole only where
   * that was no failure (RFC 9112 §8); undici takes it for whole after a reset, too.
   */
  isBroken(connection: Client): boolean;
  close(): Promise<void>;
}

/**
 * Opens connections to an origin as they are needed, at most `maxConnections` where no more are taken at a time, and
 * keeps them alive. Not undici's Pool: its clients queue an aborted request again, and so open a connection for nothing
 * after every time-out and departure (undici 7.30, client-h1 `onHttpSocketClose`).
 */
export function createConnections(
  origin: string,
  { connectMs, maxConnections }: { readonly connectMs: number; readonly maxConnections: number },
): Connections {
  // One for all, so that TLS sessions are resumed.
  const connect = buildConnector({ timeout: connectMs });
  const all = new Set<Client>();
  const broken = new WeakSet<Client>();
  const rested: Client[] = [];
  // An upstream that closes a connection unannounced does so right after its answer: what is sent in that moment is lost,
  // and a write is then in doubt. So a connection is used again only after a turn of the event loop, unless no other may be
  // opened.
  let justUsed: Client[] = [];
  let isClosed = false;

  function open(): Client {
    const connection: Client = new Client(origin, {
      connect: (options, done) =>
        connect(options, (...outcome) => {
          broken.delete(connection);
          // Before undici's own listener, which is what ends the answer.
          outcome[1]?.once('error', () => broken.add(connection));
          done(...outcome);
        }),
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    if (isClosed) void connection.destroy();
    else all.add(connection);
    return connection;
  }

  function discard(connection: Client): void {
    all.delete(connection);
    if (!connection.destroyed) void connection.destroy(new errors.RequestAbortedError());
  }

  function rest(): void {
    rested.push(...justUsed);
    justUsed = [];
  }

  return {
    take: () => rested.pop() ?? (all.size < maxConnections ? undefined : justUsed.shift()) ?? open(),
    giveBack(connection) {
      if (isClosed) return discard(connection);
      if (justUsed.push(connection) === 1) setImmediate(rest);
    },
    discard,
    isBroken: (connection) => broken.has(connection),
    async close() {
      isClosed = true;
      await Promise.all(Array.from(all, (connection) => connection.destroy()));
    },
  };
}
