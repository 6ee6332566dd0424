import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { clientAddress } from '../client-address.ts';

/** From where each request came. */
export interface ClientAddresses {
  of(request: Request): string;
}

/** Notes from where each request came, as far as `trustedProxies` can be believed. */
export function useClientAddress({ trustedProxies }: { readonly trustedProxies: number }): {
  readonly plugin: Plugin<object, { readonly req?: IncomingMessage }>;
  readonly addresses: ClientAddresses;
} {
  const known = new WeakMap<Request, string>();
  return {
    plugin: {
      onRequest: ({ request, serverContext }) => {
        const remoteAddress = serverContext?.req?.socket.remoteAddress;
        const forwardedFor = request.headers.get('x-forwarded-for');
        known.set(request, clientAddress({ forwardedFor, remoteAddress, trustedProxies }));
      },
    },
    addresses: { of: (request) => known.get(request) ?? 'unknown' },
  };
}
