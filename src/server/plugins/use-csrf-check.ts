import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * The one content type that a page of any origin may post without asking first (Fetch standard, «CORS-safelisted») and
 * that has a parser here; the others (text/plain, multipart, none) are refused with 415.
 */
const SAFELISTED = /^application\/x-www-form-urlencoded\b/i;
/** Headers that no page can send without asking first; clients in the field send the latter two by themselves. */
export const CSRF_PROOFS = ['x-hookgraph-csrf', 'apollo-require-preflight', 'x-apollo-operation-name'];

/** Refuses what a foreign page could make a browser post. Reading by GET changes nothing, and the page sees no answer. */
export function useCsrfCheck(): Plugin {
  return {
    onRequestParse: ({ request }) => {
      if (request.method !== 'POST') return;
      const isSimple = SAFELISTED.test(request.headers.get('content-type') ?? '');
      if (!isSimple || CSRF_PROOFS.some((header) => request.headers.has(header))) return;
      throw new GraphQLError(`Send application/json, or one of the headers ${CSRF_PROOFS.join(', ')}.`, {
        extensions: { code: 'FORBIDDEN', http: { status: 403 } },
      });
    },
  };
}
