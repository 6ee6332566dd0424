import type { Plugin } from 'graphql-yoga';
import { REQUEST_ID_HEADER, type RequestIds } from '../request-id.ts';

/** Sends every answer with its request id. */
export function useRequestId(ids: RequestIds): Plugin {
  return {
    onResponse: ({ request, response }) => {
      response.headers.set(REQUEST_ID_HEADER, ids.of(request));
    },
  };
}
