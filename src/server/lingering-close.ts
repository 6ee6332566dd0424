import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream';

/** What is smaller comes with its headers, or nearly so. */
const SMALL_BYTES = 16_384;

/**
 * Reads, and forgets, what is left of a long body before its connection is closed: a refusal is often written while its
 * client still sends, and a connection closed with something unread is reset, which loses the answer (RFC 9112, section
 * 9.6). The time for a whole request bounds how long. A body that does not say how long it is has no end to wait for, and
 * is cut.
 */
export function closeLingering(request: IncomingMessage, response: ServerResponse): void {
  if (Number(request.headers['content-length'] ?? 0) < SMALL_BYTES) return;
  // Before Node's own listener, which closes.
  response.prependOnceListener('finish', () => {
    if (!request.complete && !request.destroyed) closeAfterBody(request);
  });
}

function closeAfterBody(request: IncomingMessage): void {
  const { socket } = request;
  const { destroySoon } = socket;
  let isToClose = false;
  socket.destroySoon = () => {
    isToClose = true;
  };
  finished(request, { writable: false }, () => {
    socket.destroySoon = destroySoon;
    if (isToClose) socket.destroySoon();
  });
  request.resume();
}
