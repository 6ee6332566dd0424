import { validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** More than anybody reads. Each error costs a stack, a few copies and a part of the answer: dozens are most of a refusal. */
const MAX_ERRORS = 20;

/** Gives up validating a document that has many mistakes; the last error says so. */
export function useValidationBound(): Plugin {
  return {
    onValidate: ({ setValidationFn }) => {
      setValidationFn((schema, document, rules) => validate(schema, document, rules, { maxErrors: MAX_ERRORS }));
    },
  };
}
