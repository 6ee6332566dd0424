/**
 * The address of whoever sent a request: that of the connection, or, behind `trustedProxies` proxies, the one that the
 * outermost of them wrote into X-Forwarded-For. What stands further left there anybody could have written.
 */
export function clientAddress(options: {
  readonly forwardedFor: string | null;
  readonly remoteAddress: string | undefined;
  readonly trustedProxies: number;
}): string {
  const { forwardedFor, remoteAddress = 'unknown', trustedProxies } = options;
  const hops = [...(forwardedFor?.split(',').map(withoutPort) ?? []), remoteAddress];
  return hops[Math.max(0, hops.length - 1 - trustedProxies)] || remoteAddress;
}

/** Some proxies write the port too, which is another for each connection: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  const text = hop.trim();
  const [, ipv6, ipv4] = /^(?:\[([\da-f:.]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?$/i.exec(text) ?? [];
  return ipv6 ?? ipv4 ?? text;
}
