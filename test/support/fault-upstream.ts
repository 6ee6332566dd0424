import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';

/** A request as it arrived, head and body. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** An upstream that does to each request whatever the test says, down to the byte. */
export interface FaultUpstream {
  readonly baseUrl: string;
  readonly requests: readonly ReceivedRequest[];
  /** How many connections are open now. */
  openSockets(): number;
  /** How many connections there have ever been. */
  connections(): number;
}

/** What to do to a request: the socket it came on, what it says, and how many came before it. */
export type Behave = (socket: Socket, request: ReceivedRequest, index: number) => void;

/** Starts an upstream on a loopback port of its own; it ends with the test. */
export async function startFaultUpstream(behave: Behave): Promise<FaultUpstream> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.setNoDelay();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      for (let parsed = takeRequest(received); parsed; parsed = takeRequest(received)) {
        received = parsed.rest;
        requests.push(parsed.request);
        behave(socket, parsed.request, requests.length - 1);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return {
    baseUrl: `http://127.0.0.1:${portOf(server.address())}`,
    requests,
    openSockets: () => sockets.size,
    connections: () => connections,
  };
}

/** A base URL at which nothing listens. */
export async function refusedBaseUrl(): Promise<string> {
  return `http://127.0.0.1:${await freePort()}`;
}

/** Writes a whole answer. An object becomes JSON. */
export function answer(
  socket: Socket,
  status: number,
  body: string | Buffer | object = '',
  headers: Readonly<Record<string, string>> = {},
): void {
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  const bytes = isText ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  const type = isText ? 'text/plain' : 'application/json';
  const length: Record<string, string> = status === 204 ? {} : { 'content-length': String(bytes.length) };
  socket.write(head(status, { 'content-type': type, ...length, ...headers }));
  socket.write(bytes);
}

/** The status line and headers of an answer, up to and with the empty line. */
export function head(status: number, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n`;
}

/** Waits until something holds; fails after two seconds, those not counted in which this process is held up. */
export async function until(condition: () => boolean): Promise<void> {
  for (let looks = 0; !condition(); looks += 1) {
    if (looks > 2_000) throw new Error(`never came true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function takeRequest(received: string): { readonly request: ReceivedRequest; readonly rest: string } | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [requestLine = '', ...headerLines] = received.slice(0, end).split('\r\n');
  const [method = '', path = ''] = requestLine.split(' ');
  const headers = Object.fromEntries(
    headerLines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const length = Number(headers['content-length'] ?? 0);
  const bodyStart = end + 4;
  if (received.length < bodyStart + length) return undefined;
  const body = received.slice(bodyStart, bodyStart + length);
  return { request: { method, path, headers, body, at: Date.now() }, rest: received.slice(bodyStart + length) };
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  return address.port;
}
