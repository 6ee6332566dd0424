import {
  type ArgumentNode,
  type GraphQLArgument,
  type GraphQLInputType,
  getArgumentValues,
  isNonNullType,
  Kind,
} from 'graphql';
import { variablesIn } from '../variables-in.ts';
import type { Execution } from './execution.ts';
import type { FieldPlace } from './field-collection.ts';

/** Reads a field's arguments: literal ones once, those with variables once for each execution. */
export function compileArguments({
  selected,
  field,
  nodes: [node],
}: FieldPlace): (execution: Execution) => Record<string, unknown> {
  if (field.args.length === 0) return () => NO_ARGUMENTS;
  if (!(node.arguments ?? []).some((argument) => variablesIn(argument).size > 0)) {
    let literal: Record<string, unknown> | undefined;
    return () => {
      literal ??= getArgumentValues(field, node, {});
      return literal;
    };
  }
  const slot = selected.nextSlot();
  const readPlain = compilePlainArguments(field.args, node.arguments ?? []);
  return ({ variableValues, slots }) => {
    slots[slot] ??= readPlain?.(variableValues) ?? getArgumentValues(field, node, variableValues);
    return slots[slot];
  };
}

/**
 * Of arguments that are variables or absent: most are, and to take their values costs a tenth of what graphql-js asks. Its
 * answer null leaves them to graphql-js, as where a variable is not given.
 */
function compilePlainArguments(
  definitions: readonly GraphQLArgument[],
  nodes: readonly ArgumentNode[],
): ((variableValues: Record<string, unknown>) => Record<string, unknown> | null) | null {
  const names = new Map(nodes.map(({ name, value }) => [name.value, value]));
  const plan: {
    readonly name: string;
    readonly variable?: string;
    readonly type: GraphQLInputType;
    readonly value: unknown;
  }[] = [];
  for (const { name, type, defaultValue } of definitions) {
    const node = names.get(name);
    if (node && node.kind !== Kind.VARIABLE) return null;
    if (node) plan.push({ name, variable: node.name.value, type, value: undefined });
    else if (defaultValue !== undefined) plan.push({ name, type, value: defaultValue });
  }
  return (variableValues) => {
    const values: Record<string, unknown> = {};
    for (const { name, variable, type, value } of plan) {
      const given = variable === undefined ? value : variableValues[variable];
      if (given === undefined || (given === null && isNonNullType(type))) return null;
      values[name] = given;
    }
    return values;
  };
}

const NO_ARGUMENTS = Object.freeze({});
