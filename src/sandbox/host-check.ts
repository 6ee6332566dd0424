import { BlockList, isIP } from 'node:net';

/** The last part of the host names that lead to the receiver. */
export const RECEIVER_DOMAIN = 'receiver.example';

const UNRESOLVABLE = /(^|\.)(invalid|test|local|localhost)$/;

const reserved = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  reserved.addSubnet(network, prefix, 'ipv4');
}
// RFC 4291 §2.4: only 2000::/3 is handed out as global unicast.
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/**
 * Where a URL's host would lead, without asking DNS: a literal address is judged by its range; every name with a dot
 * counts as public, except those that RFC 6761 and RFC 6762 keep from ever resolving.
 */
export function checkHost(hostname: string): 'public' | 'private' | 'unresolvable' {
  const name = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(name) === 4) return reserved.check(name, 'ipv4') ? 'private' : 'public';
  if (isIP(name) === 6) return globalUnicast.check(name, 'ipv6') ? 'public' : 'private';
  return name.includes('.') && !UNRESOLVABLE.test(name) ? 'public' : 'unresolvable';
}

/** Whether the host is the receiver's; case and a final dot do not matter. */
export function isReceiverHost(hostname: string): boolean {
  return hostname.toLowerCase().replace(/\.$/, '').endsWith(`.${RECEIVER_DOMAIN}`);
}
