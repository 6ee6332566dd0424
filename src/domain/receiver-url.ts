import { BlockList, isIP } from 'node:net';

/**
 * Whether the host of a receiver's URL can only be meant for a private network or the machine itself: loopback,
 * unspecified, RFC 1918, RFC 6598 (carrier-grade NAT), link-local and unique local addresses, also when IPv4 is mapped
 * into IPv6; `localhost`, `*.localhost`, `*.local`, `*.internal`. By the name alone: nothing is resolved.
 */
export function hasPrivateHost(url: string): boolean {
  const host = parse(url)
    ?.hostname.replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  if (host === undefined) return false;
  const version = isIP(host);
  if (version !== 0) return privateAddresses().check(host, version === 4 ? 'ipv4' : 'ipv6');
  return /(^|\.)(localhost|local|internal)$/i.test(host);
}

/** Whether a URL carries a user name or password. */
export function hasUserinfo(url: string): boolean {
  const parsed = parse(url);
  // A URL that cannot be parsed (a port out of range, say) may hold a password all the same.
  if (parsed === undefined) return /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]+@/i.test(url);
  return parsed.username !== '' || parsed.password !== '';
}

/** Whether a URL uses HTTPS. */
export function isHttps(url: string): boolean {
  return /^https:/i.test(url);
}

/**
 * One spelling for all URLs that RFC 3986 §6.2.2 and §6.2.3 call equivalent: the case of scheme, host and percent
 * escapes, escapes of characters that need none, dot segments, an empty path, the default port. The fragment is left
 * out: it is never sent. A trailing slash behind a path and the order of a query make a difference.
 */
export function comparableUrl(url: string): string {
  const parsed = parse(url);
  if (parsed === undefined) return url;
  parsed.hash = '';
  return parsed.href.replace(/%[0-9a-f]{2}/gi, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : escaped.toUpperCase();
  });
}

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}

function privateAddresses(): BlockList {
  const list = new BlockList();
  list.addSubnet('0.0.0.0', 8, 'ipv4');
  list.addSubnet('10.0.0.0', 8, 'ipv4');
  list.addSubnet('100.64.0.0', 10, 'ipv4');
  list.addSubnet('127.0.0.0', 8, 'ipv4');
  list.addSubnet('169.254.0.0', 16, 'ipv4');
  list.addSubnet('172.16.0.0', 12, 'ipv4');
  list.addSubnet('192.168.0.0', 16, 'ipv4');
  list.addAddress('::', 'ipv6');
  list.addAddress('::1', 'ipv6');
  list.addSubnet('fc00::', 7, 'ipv6');
  list.addSubnet('fe80::', 10, 'ipv6');
  return list;
}
