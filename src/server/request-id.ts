import { randomUUID } from 'node:crypto';

export const REQUEST_ID_HEADER = 'x-request-id';

/** What a client may choose: nothing that could forge a log line or a header. */
const ACCEPTABLE = /^[\w.-]{1,64}$/;

/** The id of a request with this `x-request-id`, which may be absent. */
export function requestIdOf(chosen: string | null | undefined): string {
  return chosen != null && ACCEPTABLE.test(chosen) ? chosen : randomUUID();
}

/** The id of a request: the client's own `x-request-id` where it is harmless, else a new one. */
export interface RequestIds {
  of(request: Request): string;
}

/** Remembers one id for each request. */
export function createRequestIds(): RequestIds {
  const ids = new WeakMap<Request, string>();
  return {
    of: (request) => {
      const known = ids.get(request);
      if (known !== undefined) return known;
      const id = requestIdOf(request.headers.get(REQUEST_ID_HEADER));
      ids.set(request, id);
      return id;
    },
  };
}
