import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { enumSuggestionIn } from '../enum-suggestion.ts';

/**
 * Drops from validation errors the values that stand in the document: a literal of the wrong type may be a token, and
 * graphql-js quotes it. The name that it takes an enum value for stays: it is the schema's.
 */
export function useLiteralErrors(): Plugin {
  return {
    onValidate: () => {
      return ({ valid, result, setResult }) => {
        if (valid) return;
        const errors: readonly Error[] = result;
        setResult(errors.map(withoutValue));
      };
    },
  };
}

/**
 * Sentences of graphql-js (ValuesOfCorrectTypeRule and the scalars) up to where they quote. Each begins where the message does:
 * one that is looked for in the quoted text as well takes as long as the square of its length.
 */
const QUOTING = [
  { quoted: /^(\w+ cannot represent [^"']*?\bvalue)( \S+)?: .*$/s, kept: '$1.' },
  { quoted: /^Value ".*" does not exist in "(\w+)" enum.*$/s, kept: 'This value does not exist in "$1" enum.' },
  { quoted: /^(Expected value of type "[^"]+"), found .*$/s, kept: '$1.' },
  { quoted: /^(Enum "\w+" cannot represent non-enum value): .*$/s, kept: '$1.' },
];

function withoutValue(error: Error): Error {
  if (!(error instanceof GraphQLError)) return error;
  const message = QUOTING.reduce((text, { quoted, kept }) => text.replace(quoted, kept), error.message);
  if (message === error.message) return error;
  const { nodes = null, extensions } = error;
  return new GraphQLError(`${message}${enumSuggestionIn(error.message)}`, { nodes, extensions });
}
