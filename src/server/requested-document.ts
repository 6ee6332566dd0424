import { GraphQLError } from 'graphql';
import { bareHash, type PersistedDocuments } from '../config/persisted-documents.ts';

/** The document that a request is about; undefined where it names none. Throws a GraphQLError where it must not be executed. */
export function documentOf(
  params: { readonly query?: string },
  documents: PersistedDocuments | null,
): string | undefined {
  if (params.query) {
    if (documents?.mode === 'required') throw refusal(403, 'FORBIDDEN', 'Only persisted documents are executed here.');
    return params.query;
  }
  const hash = hashIn(params);
  if (hash === undefined) return undefined;
  // Both messages are words of the protocol: urql sends the document itself only where it reads exactly these, Apollo
  // Client goes by the codes too.
  if (!documents) throw refusal(400, 'PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
  const query = documents.byHash.get(bareHash(hash));
  if (query === undefined) throw refusal(400, 'PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
  return query;
}

/** The parameter of the draft for persisted documents in GraphQL over HTTP; the server has to be told of it. */
export const DOCUMENT_ID = 'documentId';

function hashIn(params: object): string | undefined {
  const { extensions, [DOCUMENT_ID]: documentId } = { extensions: undefined, [DOCUMENT_ID]: undefined, ...params };
  const hash = memberOf(memberOf(extensions, 'persistedQuery'), 'sha256Hash') ?? documentId;
  return typeof hash === 'string' ? hash : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

function refusal(status: number, code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}
