import type { Plugin } from 'graphql-yoga';
import { isLoopback } from '../../config/load-config.ts';
import { errorResponse } from '../error-response.ts';
import type { RequestIds } from './use-request-id.ts';

/**
 * Answers only requests whose Host is a loopback name. A gateway without callers' credentials trusts who can reach it; a
 * page from elsewhere reaches it too once its own name resolves to 127.0.0.1 (DNS rebinding), and only Host tells.
 */
export function useHostCheck(ids: RequestIds): Plugin {
  return {
    onRequest: ({ request, endResponse }) => {
      if (isLoopbackHost(request.headers.get('host') ?? '')) return;
      endResponse(
        errorResponse({
          status: 403,
          code: 'FORBIDDEN',
          message: 'This gateway answers on loopback names only, e.g. localhost or 127.0.0.1.',
          requestId: ids.of(request),
        }),
      );
    },
  };
}

/** Whether a Host header means this machine, whatever its port. */
export function isLoopbackHost(host: string): boolean {
  return isLoopback(hostName(host));
}

/** `[::1]:4000` is `::1`, `localhost:4000` is `localhost`. */
function hostName(host: string): string {
  const [, name = ''] = /^(\[[\da-f:.]+\]|[^:]+)(:\d+)?$/i.exec(host) ?? [];
  return name.replace(/^\[|\]$/g, '').toLowerCase();
}
