import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { costOf } from './cost.ts';
import { variablesIn } from './variables-in.ts';

/** Tells how deep and how costly an operation is with the variables of one request. Throws what `costOf` does. */
export type CostMeter = (variables: Readonly<Record<string, unknown>>) => ReturnType<typeof costOf>;

/** So many costs of one operation are kept: page sizes are few. */
const MAX_KEPT = 50;

/**
 * Works a cost out once for all requests whose variables make no difference to it, which is nearly all of them: few fields
 * cost by their arguments.
 */
export function createCostMeter(options: {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}): CostMeter {
  const deciding = decidingVariables(options);
  const kept = new Map<string, ReturnType<typeof costOf>>();
  return (variables) => {
    // A variable that is null is not one that is absent, in whose place its default stands.
    const key = JSON.stringify(deciding.map((name) => (Object.hasOwn(variables, name) ? [variables[name]] : [])));
    const known = kept.get(key);
    if (known) return known;
    const cost = costOf({ ...options, variables });
    if (kept.size < MAX_KEPT) kept.set(key, cost);
    return cost;
  };
}

/** The variables in the arguments of fields whose cost depends on arguments. */
function decidingVariables({
  schema,
  document,
}: {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
}): readonly string[] {
  const names = new Set<string>();
  const types = new TypeInfo(schema);
  const ofField = (node: FieldNode) => {
    if (typeof types.getFieldDef()?.extensions.complexity !== 'function') return;
    for (const argument of node.arguments ?? []) for (const name of variablesIn(argument)) names.add(name);
  };
  visit(document, visitWithTypeInfo(types, { [Kind.FIELD]: { enter: ofField } }));
  return [...names].sort();
}
