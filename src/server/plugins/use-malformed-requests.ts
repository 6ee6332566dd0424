import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Answers 400 to a request that cannot be read. The server's own parsers let the errors of JSON.parse and
 * decodeURIComponent through for GET and form bodies, which would be a 500, and quote the engine's words for JSON bodies.
 */
export function useMalformedRequests(): Plugin {
  return {
    onRequestParse: ({ request, requestParser, setRequestParser }) => {
      if (!requestParser) {
        if (request.method === 'POST') throw refusal(415, 'The body must be application/json.');
        return undefined;
      }
      setRequestParser(async (request) => {
        try {
          return await requestParser(request);
        } catch (error) {
          throw isRefusal(error) ? error : refusal(400, 'The request body cannot be read.');
        }
      });
      return {
        onRequestParseDone: ({ requestParserResult }) => {
          if (Array.isArray(requestParserResult)) throw refusal(400, 'Batches of operations are not accepted.');
        },
      };
    },
  };
}

/** A refusal that already names its status, such as 413; the engine's own words about broken JSON are no such thing. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return error instanceof DOMException;
  return error.extensions.originalError === undefined && error.extensions.http !== undefined;
}

function refusal(status: number, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status } } });
}
