import { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin, processRegularResult } from 'graphql-yoga';
import { boundAccept, firstAccepted, hasRefusal } from '../accepted-media-types.ts';
import { ANSWER_TYPES } from '../answer-type.ts';

interface RequestContext {
  readonly request: Request;
}

/** In which forms the server writes the answer of a query or mutation, and in which a stream. */
const ANSWERS = [...ANSWER_TYPES, 'multipart/mixed', 'text/event-stream'];
const STREAMS = ['text/event-stream'];

/** What a client reads whose Accept names nothing that can be had. */
export const NOT_ACCEPTABLE =
  'The answer can be application/json or application/graphql-response+json, that of a subscription text/event-stream.';

/**
 * Refuses an operation whose answer its client would not take, with 406, before anything of it runs. The server itself looks
 * once it has a result: a webhook would be created, and its creation answered as a refusal. It takes no notice of `q=0`
 * either; where that occurs, the form is chosen here, among those of JSON. And it looks at each range of an Accept several
 * times, however many there are: those that nobody reads are dropped.
 */
export function useAcceptableAnswers(): Plugin<RequestContext> {
  return {
    onRequest: ({ request: { headers } }) => {
      const accept = headers.get('accept') ?? '';
      const bound = boundAccept(accept);
      if (bound !== accept) headers.set('accept', bound);
    },
    onExecute: ({ args, setResultAndStopExecution }) => {
      const { request } = args.contextValue;
      const forms = refusesSomething(request) ? ANSWER_TYPES : ANSWERS;
      if (!isAcceptable(request, forms)) setResultAndStopExecution({ errors: [notAcceptable()] });
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      if (!isAcceptable(args.contextValue.request, STREAMS)) setResultAndStopExecution({ errors: [notAcceptable()] });
    },
    onResultProcess: ({ request, result, setResult, setResultProcessor }) => {
      if (isAsyncIterable(result) || !refusesSomething(request)) return;
      const form = firstAccepted(ANSWER_TYPES, request.headers.get('accept'));
      // A refusal of what was never executed; whoever waits for a stream is told why there is none.
      if (form === undefined && !isAcceptable(request, STREAMS)) setResult({ errors: [notAcceptable()] });
      setResultProcessor(processRegularResult, form ?? 'application/json');
    },
  };
}

function refusesSomething({ headers }: Request): boolean {
  return hasRefusal(headers.get('accept') ?? '');
}

function isAcceptable({ headers }: Request, mediaTypes: readonly string[]): boolean {
  return firstAccepted(mediaTypes, headers.get('accept')) !== undefined;
}

function notAcceptable(): GraphQLError {
  return new GraphQLError(NOT_ACCEPTABLE, { extensions: { code: 'BAD_REQUEST', http: { status: 406 } } });
}
