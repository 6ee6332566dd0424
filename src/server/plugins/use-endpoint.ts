import type { Plugin } from 'graphql-yoga';

/**
 * Answers 404 to every path but one. The server itself also takes URLs that only end like it, e.g. `/x?y=/graphql`, so
 * what guards the endpoint by its path must not leave the decision to it.
 */
export function useEndpoint({ endpoint }: { readonly endpoint: string }): Plugin {
  return {
    onRequest: ({ url, endResponse }) => {
      if (url.pathname !== endpoint) endResponse(new Response(null, { status: 404 }));
    },
  };
}
