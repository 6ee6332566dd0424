import type { Plugin } from 'graphql-yoga';
import type { PersistedDocuments } from '../../config/persisted-documents.ts';
import { DOCUMENT_ID, documentOf } from '../requested-document.ts';

/**
 * Executes documents by their hash, which clients send as `extensions.persistedQuery.sha256Hash` or as `documentId`; in
 * `required` mode it executes nothing else. Without a manifest (null) a hash alone is refused.
 */
export function usePersistedDocuments(documents: PersistedDocuments | null): Plugin {
  return {
    onRequestParse: ({ request: { method }, requestParser, setRequestParser }) => {
      if (method !== 'GET' || !requestParser) return;
      // The server's parser knows the members of an operation only.
      setRequestParser(async (request) => {
        const params = await requestParser(request);
        const documentId = new URL(request.url).searchParams.get(DOCUMENT_ID);
        const namesNone = 'query' in params && !params.query;
        return namesNone && documentId !== null ? { ...params, documentId } : params;
      });
    },
    onParams: ({ params, setParams }) => {
      // A body that is no GraphQL request at all is refused by the server itself.
      if (typeof params !== 'object' || params === null) return;
      const query = documentOf(params, documents);
      if (query !== undefined && query !== params.query) setParams({ ...params, query });
    },
  };
}
