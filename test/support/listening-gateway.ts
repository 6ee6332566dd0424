import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import { openStubGateway, type StubGateway } from './stub-gateway.ts';

/** An answer as it came over the socket. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** The body as JSON; throws where it is none. */
  json(): {
    readonly data?: unknown;
    readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
  };
}

/** A request as it goes over the socket: nothing is added but what HTTP itself needs. */
export interface RawRequest {
  readonly method?: string;
  /** With the query. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A gateway that listens on a free loopback port. */
export interface ListeningGateway extends StubGateway {
  readonly url: string;
  send(request: RawRequest): Promise<RawAnswer>;
}

/** Opens a gateway over stubs for the running test, behind a real socket. */
export async function listenWithStubs(options: Parameters<typeof openStubGateway>[0] = {}): Promise<ListeningGateway> {
  const opened = await openStubGateway(options);
  const url = await opened.gateway.listen();
  return { ...opened, url, send: (raw) => send(url, raw) };
}

/** Sends one request over a socket of its own. */
export function send(
  base: string,
  { method = 'GET', path = '/graphql', headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname: hostname.replace(/^\[|\]$/g, ''), port, method, path, headers, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: bytes,
            json: () => JSON.parse(bytes.toString()),
          });
        });
      },
    );
    outgoing.on('error', reject);
    onTestFinished(() => void outgoing.destroy());
    // Node adds no length to the body of a DELETE.
    if (body !== undefined && !headers['transfer-encoding'])
      outgoing.setHeader('content-length', Buffer.byteLength(body));
    outgoing.end(body);
  });
}

/** A POST of JSON. */
export function jsonRequest(body: unknown, headers: Readonly<Record<string, string>> = {}): RawRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text };
}
