import type { FetchAPI, Plugin } from 'graphql-yoga';
import { firstAccepted } from '../accepted-media-types.ts';
import { type GraphiQLPage, renderGraphiQLPage } from '../graphiql/graphiql-page.ts';

/**
 * Shows GraphiQL to browsers that open `/graphql`, and leads them there from `/`. Where callers need a key, the page opens
 * without one, offers a place for it, and tells nothing of the schema.
 */
export function useGraphiQLPage(options: { readonly endpoint: string; readonly asksForKey: boolean }): Plugin {
  const { endpoint, asksForKey } = options;
  const startedMs = Date.now();
  let rendered: Promise<GraphiQLPage> | undefined;
  return {
    onRequest: async ({ request, url, endResponse, fetchAPI }) => {
      if (request.method !== 'GET' || !isForPage(request)) return;
      if (url.pathname === '/') endResponse(new Response(null, { status: 302, headers: { location: endpoint } }));
      // With `?query=…` too: GraphiQL writes there what is being edited, and a reload must not run it instead.
      if (url.pathname !== endpoint) return;
      rendered ??= renderGraphiQLPage({ asksForKey, startedMs });
      endResponse(pageResponse(request, await rendered, fetchAPI));
    },
  };
}

/** Browsers name it; what takes anything wants an answer. */
function isForPage({ headers }: Request): boolean {
  const accept = headers.get('accept') ?? '';
  return accept.includes('text/html') && firstAccepted(['text/html'], accept) !== undefined;
}

/** By the server's own Response, which sends the bytes that it is given: the global one copies 9 MB for each reader. */
function pageResponse(request: Request, page: GraphiQLPage, { Response }: Pick<FetchAPI, 'Response'>): Response {
  const headers = new Headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': page.contentSecurityPolicy,
    etag: page.etag,
    // Ask again each time, and get 304 unless the gateway was updated.
    'cache-control': 'no-cache',
    vary: 'accept, accept-encoding',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  if (request.headers.get('if-none-match')?.includes(page.etag)) return new Response(null, { status: 304, headers });
  if (!/\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')) return new Response(page.html, { headers });
  headers.set('content-encoding', 'gzip');
  return new Response(page.gzipped, { headers });
}
