import { type ASTVisitor, GraphQLError, NoSchemaIntrospectionCustomRule, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Keeps the schema to those who have it already: no introspection, no SDL for composers, and no names suggested for
 * those that are wrong.
 */
export function useIntrospectionSwitch(): Plugin {
  return {
    onValidate: ({ addValidationRule }) => {
      addValidationRule(NoSchemaIntrospectionCustomRule);
      addValidationRule(noSubgraphSdlRule);
      return ({ valid, result, setResult }) => {
        if (valid) return;
        const errors: readonly Error[] = result;
        setResult(errors.map(withoutSuggestion));
      };
    },
  };
}

function noSubgraphSdlRule(context: ValidationContext): ASTVisitor {
  return {
    Field: (node) => {
      if (node.name.value !== '_service') return;
      const message = 'The schema is not told here; compose with what `hookgraph schema --subgraph` prints.';
      context.reportError(new GraphQLError(message, { nodes: node }));
    },
  };
}

function withoutSuggestion(error: Error): Error {
  const [message = ''] = error.message.split(' Did you mean ');
  if (!(error instanceof GraphQLError)) return error;
  const { nodes = null, extensions } = error;
  return new GraphQLError(message, { nodes, extensions });
}
