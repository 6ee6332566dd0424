import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { bindPort } from './bind-port.ts';
import { createDrainableServer, type DrainPlan } from './drain.ts';
import { readAllHeaders } from './every-header.ts';
import { gatherBody } from './gathered-body.ts';
import { closeLingering } from './lingering-close.ts';
import { REQUEST_ID_HEADER } from './request-id.ts';
import { hasSingleHost } from './single-host.ts';

/** Two forwarded Authorization values of 8 KiB, and what else comes with a request. */
const MAX_HEADER_BYTES = 32_768;
/** Longer than balancers keep an idle connection (usually 60 s): whoever closes first must not be the one that is reused. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How long a client has for its headers, and for its whole request. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often Node looks for those who are over that: nobody gets more than this beyond it. Its own 30 s would double the time. */
const CHECK_MS = 5_000;
/** How much longer than an operation a connection may stand still: then its client takes nothing of its answer. */
const STUCK_MS = 120_000;

/** A listening HTTP server. */
export interface HttpServer {
  /** Where it answers, e.g. `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Takes no more connections, lets requests under way end, and cuts what is left when the plan's time is over. */
  drain(plan: DrainPlan): Promise<void>;
}

/** Listens. Rejects with `ConfigError` where the address cannot be bound. */
export async function listen(options: {
  readonly handler: RequestListener;
  readonly host: string;
  readonly port: number;
  /** How long an operation may take. A stream sends something more often than that. */
  readonly timeoutMs: number;
}): Promise<HttpServer> {
  const { handler, host, port, timeoutMs } = options;
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_MS,
  };
  const hasReadableAddress = createAddressCheck();
  const { server, drain } = createDrainableServer(limits, (request, response) => {
    closeLingering(request, response);
    gatherBody(request);
    if (hasSingleHost(request) && hasReadableAddress(request)) handler(request, response);
    else refuse(response);
  });
  readAllHeaders(server);
  server.setTimeout(timeoutMs + STUCK_MS);
  server.on('connection', (socket) => keepTimeout(socket, timeoutMs + STUCK_MS));
  await bindPort(server, { variable: 'PORT', host, port });
  return { url: urlOf(server), drain };
}

/**
 * Whether Host and path are a URL: the handler makes one of them, and would answer 500 where that fails. What is no path, such
 * as the whole URL that is sent to a proxy, is refused: it names a host of its own, which nobody would have checked.
 */
function createAddressCheck(): (request: IncomingMessage) => boolean {
  // Nearly all requests go to one path at one host.
  let readableHost: string | undefined;
  let readableUrl: string | undefined;
  return ({ headers: { host }, url }) => {
    if (url === readableUrl && host === readableHost) return true;
    if (!url?.startsWith('/') || !URL.canParse(`http://${host || 'localhost'}${url}`)) return false;
    readableHost = host;
    readableUrl = url;
    return true;
  };
}

/**
 * Has a connection watched for as long as it stands: the library that writes answers switches that off where it writes a
 * stream, also for all that comes behind it on the same connection.
 */
function keepTimeout(socket: Socket, timeoutMs: number): void {
  const { setTimeout } = socket;
  socket.setTimeout = (ms, onTimeout) => setTimeout.call(socket, ms || timeoutMs, onTimeout);
}

function refuse(response: ServerResponse): void {
  const requestId = randomUUID();
  const extensions = { code: 'BAD_REQUEST', retryable: false, requestId };
  const error = { message: 'The Host or path cannot be read.', extensions };
  response.writeHead(400, { 'content-type': 'application/json', [REQUEST_ID_HEADER]: requestId });
  response.end(JSON.stringify({ errors: [error] }));
}

function urlOf(server: Server): string {
  const { address, family, port }: AddressInfo = addressOf(server);
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no TCP port.');
  return address;
}
