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
import { costOf, type Deciding } from './cost.ts';

/** Tells how deep and how costly an operation is with the variables of one request. Throws what `costOf` does. */
export type CostMeter = (variables: Readonly<Record<string, unknown>>) => ReturnType<typeof costOf>;

/** How many costs of one operation are kept: page sizes are few. */
const MAX_KEPT = 50;
/** How long what decides a kept cost may be, as JSON: page sizes are short. */
const MAX_KEY_LENGTH = 200;

/**
 * Works a cost out once for all requests whose variables make no difference to it. Of all arguments only those that decide
 * a cost are looked at, such as a page size, and never what else a client sends: that could be of any number and length.
 */
export function createCostMeter(options: {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}): CostMeter {
  const deciding = decidingVariables(options);
  if (!deciding) return (variables) => costOf({ ...options, variables });
  const kept = new Map<string, ReturnType<typeof costOf>>();
  return (variables) => {
    // A variable that is null is not one that is absent, in whose place its default stands.
    const key = JSON.stringify(
      deciding.map(({ name, measure }) => (Object.hasOwn(variables, name) ? [measure(variables[name])] : [])),
    );
    const known = kept.get(key);
    if (known) return known;
    const cost = costOf({ ...options, variables });
    if (kept.size < MAX_KEPT && key.length <= MAX_KEY_LENGTH) kept.set(key, cost);
    return cost;
  };
}

/** A variable that decides a cost. */
type DecidingVariable = Pick<Deciding, 'measure'> & { readonly name: string };

/** The variables that are given to deciding arguments; null where a cost does not say by what it is decided. */
function decidingVariables({
  schema,
  document,
}: {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
}): readonly DecidingVariable[] | null {
  const variables: DecidingVariable[] = [];
  let isKnown = true;
  const types = new TypeInfo(schema);
  const ofField = (node: FieldNode) => {
    const complexity = types.getFieldDef()?.extensions.complexity;
    if (typeof complexity !== 'function') return;
    if (!saysWhatDecides(complexity)) {
      isKnown = false;
      return;
    }
    const { argument, measure } = complexity.decidedBy;
    const value = node.arguments?.find(({ name }) => name.value === argument)?.value;
    // A literal list is as long as it is, whichever variables are in it.
    if (value?.kind === Kind.VARIABLE) variables.push({ name: value.name.value, measure });
  };
  visit(document, visitWithTypeInfo(types, { [Kind.FIELD]: { enter: ofField } }));
  return isKnown ? variables : null;
}

function saysWhatDecides(complexity: object): complexity is { readonly decidedBy: Deciding } {
  return 'decidedBy' in complexity;
}
