import type { Plugin } from 'graphql-yoga';
import { errorResponse } from '../error-response.ts';
import { NOT_ACCEPTABLE } from './use-acceptable-answers.ts';
import type { RequestIds } from './use-request-id.ts';

const MESSAGES: Readonly<Record<number, string>> = {
  404: 'There is nothing at this path.',
  406: NOT_ACCEPTABLE,
};

/** Gives the refusals that the server makes without a body one that clients can read. */
export function useRefusalBodies(ids: RequestIds): Plugin {
  return {
    onResponse: ({ request, response, setResponse }) => {
      const { status, headers } = response;
      const message = MESSAGES[status];
      if (message === undefined || headers.get('content-type')?.includes('json')) return;
      setResponse(errorResponse({ request, status, code: 'BAD_REQUEST', message, requestId: ids.of(request) }));
    },
  };
}
