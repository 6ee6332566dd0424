import {
  type ArgumentNode,
  type GraphQLArgument,
  type GraphQLInputType,
  getArgumentValues,
  isInputObjectType,
  isNonNullType,
  Kind,
  type ObjectFieldNode,
  type ValueNode,
  valueFromAST,
} from 'graphql';
import type { Execution } from './execution.ts';
import type { SelectedField } from './field-collection.ts';
import { variablesIn } from './variables-in.ts';

/** Reads a field's arguments: literal ones once, those with variables once for each execution. */
export function compileArguments({
  selected,
  field,
  nodes: [node],
}: SelectedField): (execution: Execution) => Record<string, unknown> {
  if (field.args.length === 0) return () => NO_ARGUMENTS;
  if (!(node.arguments ?? []).some((argument) => variablesIn(argument).size > 0)) {
    let literal: Record<string, unknown> | undefined;
    return () => {
      literal ??= getArgumentValues(field, node, {});
      return literal;
    };
  }
  const slot = selected.nextSlot();
  const read = compileMembers(field.args, node.arguments ?? []);
  return ({ variableValues, slots }) => {
    slots[slot] ??= read?.(variableValues) ?? getArgumentValues(field, node, variableValues);
    return slots[slot];
  };
}

/** Reads a value; undefined where it is left to graphql-js, as where a variable is not given. */
type ReadInput = (variableValues: Readonly<Record<string, unknown>>) => unknown;

/** What arguments and the fields of input objects have in common. */
type InputDefinition = Pick<GraphQLArgument, 'name' | 'type' | 'defaultValue'>;

/**
 * The values of arguments, or of the fields of an input object. Most are variables, literals or absent, and to read those
 * directly takes a tenth of the time that graphql-js takes. Null where any of them is left to graphql-js.
 */
function compileMembers(
  definitions: readonly InputDefinition[],
  nodes: readonly (ArgumentNode | ObjectFieldNode)[],
): ((variableValues: Readonly<Record<string, unknown>>) => Record<string, unknown> | undefined) | null {
  const given = new Map(nodes.map(({ name, value }) => [name.value, value]));
  const members: { readonly name: string; readonly read: ReadInput }[] = [];
  for (const { name, type, defaultValue } of definitions) {
    const node = given.get(name);
    if (!node && defaultValue === undefined) continue;
    const read = node ? compileInput(type, node) : () => defaultValue;
    if (!read) return null;
    members.push({ name, read });
  }
  return (variableValues) => {
    const values: Record<string, unknown> = {};
    for (const { name, read } of members) {
      const value = read(variableValues);
      if (value === undefined) return undefined;
      values[name] = value;
    }
    return values;
  };
}

function compileInput(type: GraphQLInputType, node: ValueNode): ReadInput | null {
  if (node.kind === Kind.VARIABLE) {
    const name = node.name.value;
    return (variableValues) => {
      // A variable may be named like a member that every object has, e.g. `constructor`.
      const value = Object.hasOwn(variableValues, name) ? variableValues[name] : undefined;
      return value === null && isNonNullType(type) ? undefined : value;
    };
  }
  if (variablesIn(node).size === 0) {
    const literal = valueFromAST(node, type);
    return () => literal;
  }
  const named = isNonNullType(type) ? type.ofType : type;
  if (!isInputObjectType(named) || named.isOneOf || node.kind !== Kind.OBJECT) return null;
  return compileMembers(Object.values(named.getFields()), node.fields);
}

const NO_ARGUMENTS = Object.freeze({});
