import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/**
 * Opens a connection to where a URL leads, TLS included for https, and closes it again; nothing is sent over it. Resolves
 * with what it took in milliseconds. Rejects with Node's own error and its `code`; `ETIMEDOUT` where it takes longer
 * than `timeoutMs`.
 */
export function reachAddress(
  url: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<number> {
  const { protocol, hostname, port } = new URL(url);
  const isTls = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const target = { host, port: Number(port || (isTls ? 443 : 80)) };
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const connected = () => settle(() => resolve(performance.now() - startedAt));
    const socket: Socket = isTls
      ? // The name of a host that is an address cannot be sent (RFC 6066 §3).
        connectTls({ ...target, ...(/[a-z]/i.test(host) && !host.includes(':') && { servername: host }) }, connected)
      : connectTcp(target, connected);
    const settle = (end: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onTimeout);
      socket.destroy();
      end();
    };
    const onTimeout = () =>
      settle(() => reject(Object.assign(new Error('the connection does not stand in time'), { code: 'ETIMEDOUT' })));
    const timer = setTimeout(onTimeout, timeoutMs);
    signal.addEventListener('abort', onTimeout, { once: true });
    socket.on('error', (error) => settle(() => reject(error)));
  });
}
