import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { KnownOperations } from '../direct/known-operations.ts';

/** Takes note of the operations that passed every check, so that the direct way can answer them when they come back. */
export function useKnownOperations(known: KnownOperations): Plugin<YogaInitialContext> {
  return {
    onExecute: ({ args: { document, operationName, contextValue } }) => {
      const { query } = contextValue.params;
      if (query) known.note(query, operationName, document);
    },
  };
}
