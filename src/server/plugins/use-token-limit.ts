import { type DocumentNode, GraphQLError, type ParseOptions, parse, type Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { limitError } from '../limit-error.ts';

/** Far more than the names, strings and comments of any document need; the lexer reads each character. */
const CHARACTERS_PER_TOKEN = 100;

/**
 * Parses documents of up to `maxTokens` tokens. The parser is recursive: without a limit a deep document would overflow
 * the stack. What is too long for so many tokens is refused unread, since one token can be a string of a megabyte.
 */
export function useTokenLimit({ maxTokens }: { readonly maxTokens: number }): Plugin {
  const parseWithin = createLimitedParser(maxTokens);
  return { onParse: ({ setParseFn }) => setParseFn(parseWithin) };
}

function createLimitedParser(maxTokens: number) {
  const maxLength = maxTokens * CHARACTERS_PER_TOKEN;
  return (source: string | Source, options: ParseOptions = {}): DocumentNode => {
    const { length } = typeof source === 'string' ? source : source.body;
    if (length > maxLength) throw limitError(`The document has more than ${maxLength} characters.`);
    try {
      return parse(source, { ...options, maxTokens });
    } catch (error) {
      if (!(error instanceof GraphQLError) || !error.message.includes(`more that ${maxTokens} tokens`)) throw error;
      throw limitError(`The document has more than ${maxTokens} tokens.`);
    }
  };
}
