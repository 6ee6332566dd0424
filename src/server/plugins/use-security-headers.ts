import type { Plugin } from 'graphql-yoga';
import { securityHeaders } from '../security-headers.ts';

/** Sends every answer with headers that keep browsers from misusing it; a header that is set already stays. */
export function useSecurityHeaders({ isCorsOn }: { readonly isCorsOn: boolean }): Plugin {
  const all = securityHeaders({ isCorsOn });
  return {
    onResponse: ({ response }) => {
      for (const [name, value] of all) {
        if (name === 'vary') response.headers.append(name, value);
        else if (!response.headers.has(name)) response.headers.set(name, value);
      }
    },
  };
}
