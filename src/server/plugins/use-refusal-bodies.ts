import type { Plugin } from 'graphql-yoga';
import { errorResponse } from '../error-response.ts';
import { NOT_ACCEPTABLE } from './use-acceptable-answers.ts';
import type { RequestIds } from './use-request-id.ts';

/** Gives the refusals that the server makes without a body one that clients can read. */
export function useRefusalBodies(options: { readonly endpoint: string; readonly ids: RequestIds }): Plugin {
  const { endpoint, ids } = options;
  const messages: Readonly<Record<number, string>> = {
    404: `There is nothing at this path; GraphQL is at ${endpoint}.`,
    406: NOT_ACCEPTABLE,
  };
  return {
    onResponse: ({ request, response, setResponse }) => {
      const { status, headers } = response;
      const message = messages[status];
      if (message === undefined || headers.get('content-type')?.includes('json')) return;
      setResponse(errorResponse({ request, status, code: 'BAD_REQUEST', message, requestId: ids.of(request) }));
    },
  };
}
