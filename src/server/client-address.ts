/** Where a request came from, as its connection and its X-Forwarded-For have it. */
export interface RequestOrigin {
  readonly forwardedFor: string | null;
  readonly remoteAddress: string | undefined;
}

/** From where each request came, in whatever form it is known. */
export interface ClientAddresses {
  of(request: object): string;
  note(request: object, origin: RequestOrigin): void;
}

/** Remembers the address of each request, as far as `trustedProxies` can be believed. */
export function createClientAddresses({ trustedProxies }: { readonly trustedProxies: number }): ClientAddresses {
  const known = new WeakMap<object, string>();
  return {
    of: (request) => known.get(request) ?? 'unknown',
    note: (request, origin) => void known.set(request, clientAddress(origin, trustedProxies)),
  };
}

/**
 * The address of whoever sent a request: that of the connection, or, behind `trustedProxies` proxies, the one that the
 * outermost of them wrote into X-Forwarded-For. What stands further left there anybody could have written.
 */
function clientAddress({ forwardedFor, remoteAddress = 'unknown' }: RequestOrigin, trustedProxies: number): string {
  const hops = [...(forwardedFor?.split(',').map(withoutPort) ?? []), remoteAddress];
  return hops[Math.max(0, hops.length - 1 - trustedProxies)] || remoteAddress;
}

/** Some proxies write the port too, which is another for each connection: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  const text = hop.trim();
  const [, ipv6, ipv4] = /^(?:\[([\da-f:.]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?$/i.exec(text) ?? [];
  return ipv6 ?? ipv4 ?? text;
}
