import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the upstream saw it. */
export interface UpstreamRequest {
  readonly method: string;
  /** Path and query, exactly as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What to answer: a JSON body unless it is a text. */
export interface UpstreamReply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An upstream whose every answer a test decides. */
export interface StubUpstream {
  readonly baseUrl: string;
  readonly requests: readonly UpstreamRequest[];
  close(): Promise<void>;
}

/** Starts an upstream on loopback; `answer` is asked for each request. */
export async function startStubUpstream(
  answer: (request: UpstreamRequest) => UpstreamReply | Promise<UpstreamReply>,
): Promise<StubUpstream> {
  const requests: UpstreamRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers, body: Buffer.concat(chunks).toString() };
    requests.push(request);
    const { status = 200, body, headers: replyHeaders = {} } = await answer(request);
    const isText = typeof body === 'string';
    const contentType = isText ? 'text/plain' : status >= 400 ? 'application/problem+json' : 'application/json';
    response.writeHead(status, { 'content-type': contentType, ...replyHeaders });
    response.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
