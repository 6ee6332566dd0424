import { createServer } from 'node:http';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { bindPort } from './bind-port.ts';
import { readAllHeaders } from './every-header.ts';
import { isLoopbackHost } from './loopback-host.ts';
import { hasSingleHost } from './single-host.ts';

/** The metrics on a port of their own. */
export interface MetricsServer {
  /** Where they can be read, e.g. `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Shows the metrics on loopback, whatever address the gateway itself binds: they name operations and tell how busy it is.
 * Rejects with `ConfigError` where the port cannot be bound.
 */
export async function listenForMetrics({
  metrics,
  port,
  logger,
}: {
  readonly metrics: Metrics;
  readonly port: number;
  readonly logger: Logger;
}): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const answer = (status: number, text: string, contentType = 'text/plain') => {
      response.writeHead(status, { 'content-type': contentType }).end(request.method === 'HEAD' ? undefined : text);
    };
    if (!hasSingleHost(request)) return answer(400, 'Name one Host.\n');
    // A page that has its own name resolved to 127.0.0.1 must not read them either.
    if (!isLoopbackHost(request.headers.host ?? '')) return answer(403, 'Ask by a loopback name.\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, 'GET only.\n');
    if (request.url?.split('?')[0] !== '/metrics') return answer(404, 'The metrics are at /metrics.\n');
    metrics.page().then(
      ({ text, contentType }) => answer(200, text, contentType),
      (error: unknown) => {
        logger.error({ err: error }, 'the metrics cannot be read');
        answer(500, 'The metrics cannot be read.\n');
      },
    );
  });
  readAllHeaders(server);
  await bindPort(server, { variable: 'METRICS_PORT', host: '127.0.0.1', port });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
