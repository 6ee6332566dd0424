import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { type HookgraphError, hookgraphErrors } from './hookgraph-error.ts';

/** An answer: `data` as far as there is any, and what went wrong. */
export interface OperationAnswer<Data> {
  readonly data: Data | null;
  readonly errors: readonly HookgraphError[];
}

/** An operation that requires no variable may be sent without `variables`. */
type GivenVariables<Variables> =
  Record<string, never> extends Variables ? { readonly variables?: Variables } : { readonly variables: Variables };

/**
 * Sends one typed operation by plain `fetch`, for programs without a GraphQL client. Rejects where no GraphQL answer came:
 * what `fetch` throws, or an Error that names the HTTP status.
 */
export async function sendOperation<Data, Variables>(
  options: {
    /** Where the gateway answers, e.g. `https://hooks.example.com/graphql`. */
    readonly url: string;
    readonly document: TypedDocumentNode<Data, Variables>;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  } & GivenVariables<Variables>,
): Promise<OperationAnswer<Data>> {
  const { url, document, variables, headers, signal } = options;
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: 'application/graphql-response+json', 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: print(document), variables }),
    ...(signal && { signal }),
  });
  const answer = parsed(await response.text());
  // What stands between may answer with JSON of its own.
  if (!isAnswer(answer)) throw new Error(`No GraphQL answer: HTTP ${response.status}`);
  // The document says what `data` is; that is what a typed document is for.
  const data = 'data' in answer ? (answer.data as Data | null) : null;
  return { data, errors: hookgraphErrors(answer) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAnswer(value: unknown): value is { readonly data?: unknown; readonly errors?: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  return 'data' in value || ('errors' in value && Array.isArray(value.errors));
}
