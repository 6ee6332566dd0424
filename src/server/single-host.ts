import type { IncomingMessage } from 'node:http';

/**
 * Whether a request has one Host line at most, as it must (RFC 9112 §3.2). Node takes the first of several, and what stands
 * in between may go by another.
 */
export function hasSingleHost({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts <= 1;
}
