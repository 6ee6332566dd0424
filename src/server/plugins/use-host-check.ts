import type { Plugin } from 'graphql-yoga';
import { errorResponse } from '../error-response.ts';
import { isLoopbackHost } from '../loopback-host.ts';
import type { RequestIds } from '../request-id.ts';

/**
 * Answers only requests whose Host is a loopback name. A gateway without callers' credentials trusts who can reach it; a
 * page from elsewhere reaches it too once its own name resolves to 127.0.0.1 (DNS rebinding), and only Host tells.
 */
export function useHostCheck(ids: RequestIds): Plugin {
  function refuse(request: Request): Response {
    return errorResponse({
      request,
      status: 403,
      code: 'FORBIDDEN',
      message: 'This gateway answers on loopback names only, e.g. localhost or 127.0.0.1.',
      requestId: ids.of(request),
    });
  }

  return {
    onRequest: ({ request, endResponse }) => {
      if (!isAtLoopback(request)) endResponse(refuse(request));
    },
    // Where CORS is on the server answers a preflight before any plugin sees the request.
    onResponse: ({ request, setResponse }) => {
      if (request.method === 'OPTIONS' && !isAtLoopback(request)) setResponse(refuse(request));
    },
  };
}

function isAtLoopback({ headers }: Request): boolean {
  return isLoopbackHost(headers.get('host') ?? '');
}
