import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { acceptsAnyOf } from '../accepted-media-types.ts';

interface RequestContext {
  readonly request: Request;
}

/** In which forms the server writes the answer of a query or mutation, and in which a stream. */
const ANSWERS = ['application/json', 'application/graphql-response+json', 'multipart/mixed', 'text/event-stream'];
const STREAMS = ['text/event-stream'];

/** What a client reads whose Accept names nothing that can be had. */
export const NOT_ACCEPTABLE =
  'The answer can be application/json or application/graphql-response+json, that of a subscription text/event-stream.';

/**
 * Refuses an operation whose answer its client would not take, with 406, before anything of it runs. The server itself looks
 * once it has a result: a webhook would be created, and its creation answered as a refusal.
 */
export function useAcceptableAnswers(): Plugin<RequestContext> {
  return {
    onExecute: ({ args, setResultAndStopExecution }) => {
      if (!isAcceptable(args.contextValue, ANSWERS)) setResultAndStopExecution({ errors: [notAcceptable()] });
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      if (!isAcceptable(args.contextValue, STREAMS)) setResultAndStopExecution({ errors: [notAcceptable()] });
    },
  };
}

function isAcceptable({ request }: RequestContext, mediaTypes: readonly string[]): boolean {
  return acceptsAnyOf(mediaTypes, request.headers.get('accept'));
}

function notAcceptable(): GraphQLError {
  return new GraphQLError(NOT_ACCEPTABLE, { extensions: { code: 'BAD_REQUEST', http: { status: 406 } } });
}
