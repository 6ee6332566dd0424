import { GraphQLError, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Parses documents of up to `maxTokens` tokens. The parser is recursive: without a limit a deep document would overflow
 * the stack.
 */
export function useTokenLimit({ maxTokens }: { readonly maxTokens: number }): Plugin {
  return {
    onParse: ({ setParseFn }) => {
      setParseFn((source, options) => {
        try {
          return parse(source, { ...options, maxTokens });
        } catch (error) {
          if (!(error instanceof GraphQLError) || !error.message.includes(`more that ${maxTokens} tokens`)) throw error;
          throw new GraphQLError(`The document has more than ${maxTokens} tokens.`, {
            extensions: { code: 'LIMIT_EXCEEDED', http: { status: 400 } },
          });
        }
      });
    },
  };
}
