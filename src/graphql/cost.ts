import { complexityFromQuery } from '@pothos/plugin-complexity';
import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import { MAX_PAGE } from '../domain/page.ts';
import { introspectionCost } from './introspection-cost.ts';

/** What a field that asks upstream costs, besides what is selected below it. */
export const UPSTREAM_COST = 10;

/** What a field costs by itself, and how often what is selected below it. */
interface FieldCost {
  readonly field: number;
  readonly multiplier: number;
}

/** Which argument decides what a field costs, and what of it: with the same measure it costs the same. */
export interface Deciding {
  readonly argument: string;
  readonly measure: (value: unknown) => unknown;
}

/** A cost that one argument decides, so that it can be kept for whoever gives the same (cost-meter.ts). */
export function costBy<Name extends string, Value>(argument: Name, cost: (value: Value | undefined) => FieldCost) {
  const complexity = (values: { readonly [name in Name]?: Value | undefined }) => cost(values[argument]);
  return Object.assign(complexity, { decidedBy: { argument, measure: (value) => value } satisfies Deciding });
}

/** The same, of a list that decides by its length alone. */
export function costByLength<Name extends string>(argument: Name, cost: (length: number) => FieldCost) {
  const complexity = (values: { readonly [name in Name]: readonly unknown[] }) => cost(values[argument].length);
  return Object.assign(complexity, { decidedBy: { argument, measure: lengthOf } satisfies Deciding });
}

/** What is given in the place of a list is one of one entry; null is none, and no list of any length. */
function lengthOf(value: unknown): number | null {
  if (Array.isArray(value)) return value.length;
  return value == null ? null : 1;
}

/** The cost of a connection: its call upstream, and its page size times what is asked of each entry. */
export const connectionCost = costBy('first', (first: number | null | undefined) => ({
  field: UPSTREAM_COST,
  // A page size out of bounds is refused by the field itself, with an error that names it.
  multiplier: Math.min(Math.max(first ?? 0, 0), MAX_PAGE),
}));

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
  // The library counts `__schema` and `__type` themselves only.
  return { cost: complexity + introspectionCost(document, operation), depth };
}
