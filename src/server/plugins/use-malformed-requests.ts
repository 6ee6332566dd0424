import { isUtf8 } from 'node:buffer';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isModestJson } from '../../domain/json-bounds.ts';
import { limitError } from '../limit-error.ts';

/**
 * Answers 400 to a request that cannot be read. The server's own parsers let the errors of JSON.parse and
 * decodeURIComponent through for GET and form bodies, which would be a 500, and quote the engine's words for JSON bodies.
 */
export function useMalformedRequests(): Plugin {
  return {
    onRequest: ({ request }) => {
      // A media type is the same in any case, and with a blank before its parameters (RFC 9110 §8.3.1, §5.6.6); the server's
      // parsers compare it as it stands.
      const contentType = request.headers.get('content-type');
      const plain = contentType?.replace(/^[^;]*/, (mediaType) => mediaType.toLowerCase().trimEnd());
      if (plain !== undefined && plain !== contentType) request.headers.set('content-type', plain);
    },
    onRequestParse: ({ request, requestParser, setRequestParser }) => {
      if (!requestParser) {
        if (request.method === 'POST') throw refusal(415, 'The body must be application/json.');
        return undefined;
      }
      setRequestParser(async (request) => {
        try {
          return await requestParser(withBoundBody(request));
        } catch (error) {
          if (isRefusal(error)) throw error;
          const what = request.method === 'GET' ? 'The parameters of the URL' : 'The request body';
          throw refusal(400, `${what} cannot be read.`);
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

/** A list of ids has a few hundred; a test event's payload may have a few thousand. */
const MAX_VALUES = 10_000;

/** Forms are for small operations, and for those who have nothing else; splitting one and decoding it costs more than JSON. */
const MAX_FORM_BYTES = 65_536;

/** The same request, whose body is parsed only where that is not made to take long. */
function withBoundBody(request: Request): Request {
  const read = async () => {
    const bytes = Buffer.from(await request.arrayBuffer());
    // Decoded all the same, what is no character would be written to a provider as U+FFFD.
    if (!isUtf8(bytes)) throw refusal(400, 'The body is not UTF-8.');
    return bytes;
  };
  const json = async (): Promise<unknown> => {
    const bytes = await read();
    if (!isModestJson(bytes, { maxValues: MAX_VALUES }))
      throw refusal(400, 'The body holds too many values, or too deep ones.');
    return JSON.parse(bytes.toString());
  };
  const text = async (): Promise<string> => {
    const bytes = await read();
    if (isForm(request) && bytes.length > MAX_FORM_BYTES) {
      const message = `A form of ${bytes.length} bytes is too long, at most ${MAX_FORM_BYTES} are accepted: send JSON.`;
      throw limitError(message, 413);
    }
    return bytes.toString();
  };
  // Members of its own: the server's parsers ask for nothing else, and a real Request cannot be stood in for.
  return Object.defineProperties(request, {
    json: { value: json, configurable: true },
    text: { value: text, configurable: true },
  });
}

function isForm({ headers }: Request): boolean {
  return headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false;
}

/** A refusal that already names its status, such as 413; the engine's own words about broken JSON are no such thing. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return error instanceof DOMException;
  return error.extensions.originalError === undefined && error.extensions.http !== undefined;
}

function refusal(status: number, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status } } });
}
