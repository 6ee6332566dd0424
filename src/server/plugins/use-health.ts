import type { Plugin } from 'graphql-yoga';

/** Liveness at `/health`, readiness at `/ready`. An upstream's outage makes a gateway neither dead nor unready. */
export function useHealth({ isReady }: { readonly isReady: () => boolean }): Plugin {
  return {
    onRequest: ({ request, url, endResponse }) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') return;
      if (url.pathname === '/health') endResponse(Response.json({ status: 'ok' }));
      if (url.pathname === '/ready') {
        const ready = isReady();
        endResponse(Response.json({ status: ready ? 'ready' : 'draining' }, { status: ready ? 200 : 503 }));
      }
    },
  };
}
