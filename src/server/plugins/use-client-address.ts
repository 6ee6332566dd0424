import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { clientAddress } from '../client-address.ts';

/** From where each request came, in whatever form it is known. */
export interface ClientAddresses {
  of(request: object): string;
  note(request: IncomingMessage): void;
}

/** Notes from where each request came, as far as `trustedProxies` can be believed. */
export function useClientAddress({ trustedProxies }: { readonly trustedProxies: number }): {
  readonly plugin: Plugin<object, { readonly req?: IncomingMessage }>;
  readonly addresses: ClientAddresses;
} {
  const known = new WeakMap<object, string>();
  return {
    plugin: {
      onRequest: ({ request, serverContext }) => {
        const remoteAddress = serverContext?.req?.socket.remoteAddress;
        const forwardedFor = request.headers.get('x-forwarded-for');
        known.set(request, clientAddress({ forwardedFor, remoteAddress, trustedProxies }));
      },
    },
    addresses: {
      of: (request) => known.get(request) ?? 'unknown',
      note: (request) => {
        const { socket, headers } = request;
        const forwardedFor = headers['x-forwarded-for'];
        known.set(
          request,
          clientAddress({
            forwardedFor: forwardedFor === undefined ? null : String(forwardedFor),
            remoteAddress: socket.remoteAddress,
            trustedProxies,
          }),
        );
      },
    },
  };
}
