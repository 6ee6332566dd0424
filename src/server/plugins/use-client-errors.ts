import type { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Logger } from '../../telemetry/logger.ts';
import type { OperationScope } from '../../webhooks/operation-scope.ts';
import { finished, toldErrors } from '../client-errors.ts';
import type { RequestIds } from '../request-id.ts';

interface ErrorContext {
  readonly scope: OperationScope;
  readonly request: Request;
}

/** Tells and finishes every error of an answer, or of a message of a stream, as `client-errors.ts` does. */
export function useClientErrors(options: { readonly ids: RequestIds; readonly logger: Logger }): Plugin<ErrorContext> {
  const { ids, logger } = options;
  const told = (errors: readonly GraphQLError[], { scope, request }: ErrorContext) =>
    toldErrors(errors, { scope, requestId: ids.of(request), logger });

  return {
    onExecute: () => ({
      onExecuteDone: ({ result, setResult, args }) => {
        if (isAsyncIterable(result) || !result.errors) return;
        setResult({ ...result, errors: told(result.errors, args.contextValue) });
      },
    }),
    onSubscribe: () => ({
      onSubscribeResult: ({ result, setResult, args }) => {
        // A stream that never began is one answer, and is finished as every answer is.
        if (!isAsyncIterable(result)) {
          if (result.errors) setResult({ ...result, errors: told(result.errors, args.contextValue) });
          return undefined;
        }
        const { contextValue } = args;
        const requestId = ids.of(contextValue.request);
        return {
          onNext: ({ result: message, setResult: setMessage }) => {
            if (isAsyncIterable(message) || !message.errors) return;
            const errors = told(message.errors, contextValue);
            setMessage({ ...message, errors: errors.map((error) => finished(error, { requestId, isRefusal: false })) });
          },
        };
      },
    }),
    // Refusals of a whole request come by here too, which no operation ever saw.
    onResultProcess: ({ result, request, setResult }) => {
      if (Array.isArray(result) || isAsyncIterable(result) || !result.errors) return;
      const requestId = ids.of(request);
      const isRefusal = !('data' in result);
      setResult({ ...result, errors: result.errors.map((error) => finished(error, { requestId, isRefusal })) });
    },
  };
}
