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
  const hops = [...(forwardedFor?.split(',').map((hop) => hop.trim()) ?? []), remoteAddress];
  return hops[Math.max(0, hops.length - 1 - trustedProxies)] || remoteAddress;
}
