import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request with its body read to the end. */
export interface ReceivedRequest {
  readonly method: string;
  /** As it was sent: path and query. */
  readonly path: string;
  /** Lower-case names; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What goes back. `silence` leaves the connection open without a word, `disconnect` closes it. */
export type Answer = HttpAnswer | 'silence' | 'disconnect';

/** An answer that is written; without headers and body unless given. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A server on a loopback port. */
export interface HttpListener {
  readonly port: number;
  readonly baseUrl: string;
  close(): Promise<void>;
}

interface HttpListenerOptions {
  readonly answer: (request: ReceivedRequest) => Answer | Promise<Answer>;
  readonly maxBodyBytes?: number;
}

/** Listens on a free loopback port and lets `answer` decide what each request gets. */
export async function startHttpListener({
  answer,
  maxBodyBytes = 1_000_000,
}: HttpListenerOptions): Promise<HttpListener> {
  const server = createServer((message, response) => {
    serve(message, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  // Longer than a client's pool keeps idle sockets, so that no request meets a socket that is just closing.
  server.keepAliveTimeout = 60_000;

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(message, maxBodyBytes);
    if (body === 'too large') return send(response, { status: 413 });
    if (body === 'aborted') return;
    const { method = 'GET', url: path = '/' } = message;
    send(response, await answer({ method, path, headers: flatten(message.headers), body }));
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = addressOf(server.address());

  return {
    port,
    baseUrl: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'silence') return;
  if (answer === 'disconnect') {
    response.destroy();
    return;
  }
  const { status, headers = {}, body = '' } = answer;
  response.writeHead(status, headers);
  response.end(body);
}

async function readBody(message: IncomingMessage, maxBytes: number): Promise<Buffer | 'too large' | 'aborted'> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      // Read on past the cap: leaving the loop would destroy the socket before the answer is out.
      if (size <= maxBytes) chunks.push(bytes);
    }
  } catch {
    return 'aborted';
  }
  return size > maxBytes ? 'too large' : Buffer.concat(chunks);
}

function flatten(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('sandbox: the listener has no port');
  return address;
}
