import { isLoopback } from '../config/loopback.ts';

/** Whether a Host header names this machine only: `localhost:4000`, `127.0.0.1`, `[::1]:4000`. */
export function isLoopbackHost(host: string): boolean {
  const [, name = ''] = /^(\[[\da-f:.]+\]|[^:]+)(:\d+)?$/i.exec(host) ?? [];
  return isLoopback(name.replace(/^\[|\]$/g, '').toLowerCase());
}
