import { GraphQLError } from 'graphql';

/** A refusal of a whole request that asks for more than it may. */
export function limitError(message: string, status = 400): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED', http: { status } } });
}
