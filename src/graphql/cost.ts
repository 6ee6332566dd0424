import { complexityFromQuery } from '@pothos/plugin-complexity';
import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import { MAX_FIRST } from './arguments.ts';

/** What a field that asks upstream costs, besides what is selected below it. */
export const UPSTREAM_COST = 10;

/** The cost of a connection: its call upstream, and its page size times what is asked of each entry. */
export function connectionCost({ first }: { readonly first?: number | null | undefined }): {
  readonly field: number;
  readonly multiplier: number;
} {
  // A page size out of bounds is refused by the field itself, with an error that names it.
  return { field: UPSTREAM_COST, multiplier: Math.min(Math.max(first ?? 0, 0), MAX_FIRST) };
}

/** How deep and how costly an operation is, told from the document alone. */
export function costOf(options: {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}): { readonly cost: number; readonly depth: number } {
  const { schema, document, operation, variables } = options;
  // The library takes a document's first operation; this one holds no other.
  const definitions = [operation, ...document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)];
  const { complexity, depth } = complexityFromQuery(
    { kind: Kind.DOCUMENT, definitions },
    { schema, variables: { ...variables }, ctx: {} },
  );
  return { cost: complexity, depth };
}
