import {
  GRAPHQL_MAX_INT,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql';

/** The variables as their types want them; null where they do not fit. */
export type CoerceVariables = (variables: Readonly<Record<string, unknown>>) => Record<string, unknown> | null;

/**
 * Coerces what an operation's variables are given. Plain ids, texts, integers and booleans, which nearly all are, are
 * checked here; where there is anything else, graphql-js coerces all of them.
 */
export function compileVariables(schema: GraphQLSchema, operation: OperationDefinitionNode): CoerceVariables {
  const { variableDefinitions = [] } = operation;
  const plain = variableDefinitions.map(({ variable, type }) => ({
    name: variable.name.value,
    fits: PLAIN.get(nameOf(type)),
  }));
  return (variables) => {
    const coerced: Record<string, unknown> = {};
    for (const { name, fits } of plain) {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (!fits?.(value)) {
        return getVariableValues(schema, variableDefinitions, variables, LOOK_ONLY).coerced ?? null;
      }
      coerced[name] = value;
    }
    return coerced;
  };
}

/** What is wrong is told elsewhere (use-variable-errors.ts). Suggestions for a wrong name cost much where it is long. */
const LOOK_ONLY = { maxErrors: 1, hideSuggestions: true };

const isText = (value: unknown) => typeof value === 'string';

/** By the name of a type: which values are handed on as they are. */
const PLAIN: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['ID', isText],
  ['String', isText],
  ['Int', (value: unknown) => Number.isInteger(value) && Math.abs(Number(value)) <= GRAPHQL_MAX_INT],
  ['Boolean', (value: unknown) => typeof value === 'boolean'],
]);

/** The name of a type, null allowed or not; empty for a list. */
function nameOf(type: TypeNode): string {
  if (type.kind === Kind.NON_NULL_TYPE) return nameOf(type.type);
  return type.kind === Kind.NAMED_TYPE ? type.name.value : '';
}
