import type { Plugin } from 'graphql-yoga';
import { errorResponse } from '../error-response.ts';
import type { RequestIds } from '../request-id.ts';
import { NOT_ACCEPTABLE } from './use-acceptable-answers.ts';

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
      // Without the CORS headers that it has by now, a page of a listed origin could not read why.
      const cors = Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));
      const requestId = ids.of(request);
      setResponse(errorResponse({ request, status, code: 'BAD_REQUEST', message, requestId, headers: cors }));
    },
  };
}
