import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDirectivesPlugin } from '@escape.tech/graphql-armor-max-directives';
import type { Plugin } from 'graphql-yoga';
import { limitError } from '../limit-error.ts';

/** Refuses documents with more aliases or directives than anybody needs: each can repeat a costly field. */
export function useDocumentLimits(limits: { readonly maxAliases: number; readonly maxDirectives: number }): Plugin {
  const { maxAliases, maxDirectives } = limits;
  const refuse = (message: string) => ({
    // The plugins' own errors have no code and no status.
    propagateOnRejection: false,
    onReject: [(context: { reportError(error: Error): void } | null) => context?.reportError(limitError(message))],
  });
  return {
    onPluginInit: ({ addPlugin }) => {
      addPlugin(
        maxAliasesPlugin({
          n: maxAliases,
          // Left to itself the plugin lets any number of `__typename` pass.
          allowList: [],
          ...refuse(`The operation has more than ${maxAliases} aliases.`),
        }),
      );
      addPlugin(
        maxDirectivesPlugin({
          n: maxDirectives,
          ...refuse(`The operation has more than ${maxDirectives} directives.`),
        }),
      );
    },
  };
}
