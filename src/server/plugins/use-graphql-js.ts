import { execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Executes queries and mutations with graphql-js. The executor that the server comes with writes the fields of an object
 * in the order in which they resolve; the specification wants the order of the selection (§7.2.2). Whoever leaves is
 * noticed by the operation's scope, which ends its upstream calls.
 */
export function useGraphqlJs(): Plugin {
  return {
    onExecute: ({ setExecuteFn }) => setExecuteFn(execute),
  };
}
