import type { Server } from 'node:http';

/**
 * Has a server read every header line. By itself Node drops those behind the first thousand and goes on without them: a
 * client could send so many that what the proxy in front adds is lost, or a second Host is not seen. How long all of them
 * may be together is bounded (32 KiB, or Node's own 16).
 */
export function readAllHeaders(server: Server): void {
  server.maxHeadersCount = 0;
}
