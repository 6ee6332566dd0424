import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { ClientAddresses } from '../client-address.ts';

/** Notes from where each request came. */
export function useClientAddress(addresses: ClientAddresses): Plugin<object, { readonly req?: IncomingMessage }> {
  return {
    onRequest: ({ request, serverContext }) => {
      const remoteAddress = serverContext?.req?.socket.remoteAddress;
      addresses.note(request, { forwardedFor: request.headers.get('x-forwarded-for'), remoteAddress });
    },
  };
}
