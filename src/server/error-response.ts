import type { ErrorCode } from '../domain/errors.ts';
import { firstAccepted } from './accepted-media-types.ts';
import { ANSWER_TYPES } from './answer-type.ts';

/**
 * A refusal of a whole request, in the shape and media type of a GraphQL answer, so that every client can read it: some take
 * nothing for one that does not come as what they asked for.
 */
export function errorResponse(options: {
  readonly request: Request;
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly requestId: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}): Response {
  const { request, status, code, message, requestId, headers = {}, extensions = {} } = options;
  const type = firstAccepted(ANSWER_TYPES, request.headers.get('accept')) ?? 'application/json';
  const error = { message, extensions: { code, retryable: false, ...extensions, requestId } };
  return Response.json(
    { errors: [error] },
    { status, headers: { ...headers, 'content-type': `${type}; charset=utf-8` } },
  );
}
