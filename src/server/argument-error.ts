import type { GraphQLError } from 'graphql';
import type { ErrorCode, Violation } from '../domain/errors.ts';

/** What is told of an argument that cannot be used. */
export interface ArgumentError {
  readonly message: string;
  readonly code: ErrorCode;
  readonly violations: readonly Violation[];
}

/**
 * What is to be told of an argument that does not fit although all variables do: one with a default may stand where no null
 * may, and be given as null. graphql-js finds it where it executes the field, gives no code, and prints the whole argument,
 * with whatever secret stands in it beside the variable. Null for every other error.
 */
export function argumentError({ message, extensions }: GraphQLError): ArgumentError | null {
  // Whoever has given a code has said what is wrong, in words of ours.
  if (extensions.code !== undefined) return null;
  const [, said, argument] = ABOUT_AN_ARGUMENT.exec(message) ?? [];
  if (said === undefined || argument === undefined) return null;
  const told = said.endsWith(' has invalid value') ? `${said}.` : message;
  return { message: told, code: 'BAD_USER_INPUT', violations: [{ path: [argument], message: told }] };
}

/** The sentences of graphql-js (execution/values.ts); only the first goes on with a value, the others with names and types. */
const ABOUT_AN_ARGUMENT = /^(Argument "(\w+)" (?:has invalid value|of required type|of non-null type)) /;
