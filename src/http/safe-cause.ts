import { errors } from 'undici';

/** An error fit to be logged as a cause: undici's parser error carries bytes of the answer along. */
export function safeCause(cause: unknown): unknown {
  if (!(cause instanceof errors.HTTPParserError)) return cause;
  return new Error(`${cause.code}: the answer is not HTTP`);
}
