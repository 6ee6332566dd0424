import { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { GraphQLContext } from '../../graphql/context.ts';
import { expiringStream } from '../caller/expiring-stream.ts';

/**
 * Ends a stream with UNAUTHENTICATED when the token of its caller ends: it was checked when the stream began, and a stream
 * may go on for days.
 */
export function useCallerExpiry(): Plugin<GraphQLContext> {
  return {
    onSubscribe: () => ({
      onSubscribeResult: ({ result, setResult, args }) => {
        const { expiresAtMs } = args.contextValue.caller;
        if (expiresAtMs === undefined || !isAsyncIterable(result)) return;
        setResult(expiringStream(result, { endsAtMs: expiresAtMs, last: () => ({ errors: [hasEnded()] }) }));
      },
    }),
  };
}

function hasEnded(): GraphQLError {
  return new GraphQLError('The token has ended; subscribe again with a new one.', {
    extensions: { code: 'UNAUTHENTICATED', retryable: false },
  });
}
