import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../domain/errors.ts';
import { toClientError, withExtensions } from '../graphql/errors.ts';
import { createScrubber, type Scrubber } from '../graphql/scrubber.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { OperationScope } from '../webhooks/operation-scope.ts';
import { argumentError } from './argument-error.ts';
import { withoutValues } from './without-values.ts';

const FAULT_MESSAGE = 'Internal server error.';
const FAULT_EXTENSIONS = { code: 'INTERNAL_SERVER_ERROR' satisfies ErrorCode };

/** A fault of the gateway's own that ends a whole request, as its client may know it: that there was one. */
export function requestFault(): GraphQLError {
  return new GraphQLError(FAULT_MESSAGE, { extensions: FAULT_EXTENSIONS });
}

/**
 * The errors of an operation as its client may know them (docs/errors.md). One that is none of ours is masked: its cause goes
 * to the log under the request id, and nothing of it to the client.
 */
export function toldErrors(
  errors: readonly GraphQLError[],
  { scope, requestId, logger }: { readonly scope: OperationScope; readonly requestId: string; readonly logger: Logger },
): GraphQLError[] {
  const scrub = createScrubber(scope.secrets);
  return errors.map((error) => {
    const clientError = toClientError(error, scrub);
    if (clientError) return clientError;
    // Whoever has left reads no answer, and what was given up on the way is no fault.
    const isGivenUp = scope.signal.aborted && error.originalError === scope.signal.reason;
    if (!isGivenUp) logFault(error, { requestId, scrub, logger });
    return withExtensions(error, FAULT_MESSAGE, FAULT_EXTENSIONS);
  });
}

/** Refusals of a document, which quote it. */
const DOCUMENT_CODES: ReadonlySet<unknown> = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']);

/** The server's own codes that are not part of what clients are promised. */
const OWN_CODES: ReadonlyMap<unknown, ErrorCode> = new Map([
  [undefined, 'BAD_REQUEST'],
  ['OPERATION_RESOLUTION_FAILURE', 'BAD_REQUEST'],
  ['REQUEST_ENTITY_TOO_LARGE', 'LIMIT_EXCEEDED'],
]);

/** What the server says in words that leave open what to do. */
const CLEARER: ReadonlyMap<unknown, string> = new Map([
  ['OPERATION_RESOLUTION_FAILURE', 'Name one of the operations of the document in operationName.'],
]);

/** An error as it is written: with one of the promised codes, whether it can be sent again, and its request id. */
export function finished(
  error: GraphQLError,
  { requestId, isRefusal }: { readonly requestId: string; readonly isRefusal: boolean },
): GraphQLError {
  const unfit = argumentError(error);
  if (unfit) {
    const { message, ...told } = unfit;
    return withExtensions(error, message, { ...error.extensions, ...told, retryable: false, requestId });
  }
  const code = OWN_CODES.get(error.extensions.code) ?? error.extensions.code;
  const http = isRefusal && (code === 'BAD_REQUEST' || code === 'LIMIT_EXCEEDED') && { http: refusalHttp(error) };
  const said = CLEARER.get(error.extensions.code) ?? error.message;
  const message = DOCUMENT_CODES.has(code) ? withoutValues(said) : said;
  // Whoever refuses what can be sent again has said so.
  const { retryable = false } = error.extensions;
  return withExtensions(error, message, { ...error.extensions, ...http, code, retryable, requestId });
}

/** With `spec` the server would answer 200 to a client that accepts application/json. */
function refusalHttp({ extensions: { http } }: GraphQLError): object {
  return { status: 400, ...(typeof http === 'object' && http), spec: false };
}

function logFault(
  error: GraphQLError,
  { requestId, scrub, logger }: { requestId: string; scrub: Scrubber; logger: Logger },
): void {
  const cause = error.originalError;
  logger.error({ requestId, path: error.path, cause: scrub.text(cause?.stack ?? error.message) }, 'a resolver failed');
}

/** Masks what fails outside of an operation's fields, e.g. while its context is made. */
export function createErrorMask(logger: Logger): (error: unknown) => Error {
  return (error) => {
    if (error instanceof GraphQLError && (error.originalError == null || error.originalError instanceof GraphQLError)) {
      return error;
    }
    logger.error({ err: error }, 'a request failed');
    // The server goes by the last two, and leaves them out of the answer.
    return new GraphQLError(FAULT_MESSAGE, {
      extensions: { ...FAULT_EXTENSIONS, unexpected: true, http: { status: 500 } },
    });
  };
}
