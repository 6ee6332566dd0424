import { type DocumentNode, GraphQLError, type ParseOptions, parse, type Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { limitError } from '../limit-error.ts';

/** Far more than the names, strings and comments of any document need; the lexer reads each character. */
const CHARACTERS_PER_TOKEN = 100;
/** The same for its lines: to tell where an error stands, all lines before it are looked at, and there may be a thousand errors. */
const LINES_PER_TOKEN = 2;

/**
 * Parses documents of up to `maxTokens` tokens. The parser is recursive: without a limit a deep document would overflow
 * the stack. What is too long for so many tokens is refused unread: one token can be a string of a megabyte, and nearly all
 * of a document can be white space.
 */
export function useTokenLimit({ maxTokens }: { readonly maxTokens: number }): Plugin {
  const parseWithin = createLimitedParser(maxTokens);
  return { onParse: ({ setParseFn }) => setParseFn(parseWithin) };
}

function createLimitedParser(maxTokens: number) {
  const maxLength = maxTokens * CHARACTERS_PER_TOKEN;
  const maxLines = maxTokens * LINES_PER_TOKEN;
  return (source: string | Source, options: ParseOptions = {}): DocumentNode => {
    const text = typeof source === 'string' ? source : source.body;
    if (text.length > maxLength) throw limitError(`The document has more than ${maxLength} characters.`);
    if (hasMoreLines(text, maxLines)) throw limitError(`The document has more than ${maxLines} lines.`);
    try {
      return parse(source, { ...options, maxTokens });
    } catch (error) {
      if (!(error instanceof GraphQLError) || !error.message.includes(`more that ${maxTokens} tokens`)) throw error;
      throw limitError(`The document has more than ${maxTokens} tokens.`);
    }
  };
}

function hasMoreLines(text: string, max: number): boolean {
  return text.length > max && text.split(/\r\n|[\n\r]/, max + 1).length > max;
}
