import type { ErrorCode } from '../domain/errors.ts';

/** A refusal of a whole request, in the shape of a GraphQL answer, so that every client can read it. */
export function errorResponse(options: {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly requestId: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}): Response {
  const { status, code, message, requestId, headers = {}, extensions = {} } = options;
  return Response.json({ errors: [{ message, extensions: { code, ...extensions, requestId } }] }, { status, headers });
}
