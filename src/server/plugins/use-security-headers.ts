import type { Plugin } from 'graphql-yoga';

const HEADERS: readonly (readonly [string, string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['x-frame-options', 'DENY'],
  ['cross-origin-resource-policy', 'same-origin'],
  // Answers hold what one caller may see.
  ['cache-control', 'no-store'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
];

/** Sends every answer with headers that keep browsers from misusing it; a header that is set already stays. */
export function useSecurityHeaders({ isCorsOn }: { readonly isCorsOn: boolean }): Plugin {
  return {
    onResponse: ({ response }) => {
      for (const [name, value] of HEADERS) {
        // Listed origins are to read the answers.
        if (isCorsOn && name === 'cross-origin-resource-policy') continue;
        if (!response.headers.has(name)) response.headers.set(name, value);
      }
      // Which CORS headers an answer has depends on who asks.
      if (isCorsOn) response.headers.append('vary', 'origin');
    },
  };
}
