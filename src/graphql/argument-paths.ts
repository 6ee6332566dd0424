import {
  type ArgumentNode,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  separateOperations,
  type ValueNode,
  visit,
} from 'graphql';
import type { InputPath } from '../domain/errors.ts';

/**
 * Where the arguments of an operation take its variables, each by its path from the argument on, e.g. `['window', 'gte']`
 * for `window: { gte: $since }`. What stands at several paths, or in a directive, is left out: it has no one path.
 */
export function argumentPathsOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): ReadonlyMap<string, InputPath> {
  const uses: VariableUse[] = [];
  const inArguments = (args: readonly ArgumentNode[] = []) =>
    args.flatMap(({ name, value }) => usesIn(value, [name.value]));
  // Fragments of other operations may have variables of the same names.
  visit(separateOperations(document)[operation.name?.value ?? ''] ?? document, {
    [Kind.FIELD]: (field) => void uses.push(...inArguments(field.arguments)),
    [Kind.DIRECTIVE]: (directive) =>
      void uses.push(...inArguments(directive.arguments).map(({ variable }) => ({ variable, path: null }))),
  });
  const paths = new Map<string, InputPath | null>();
  for (const { variable, path } of uses) {
    const known = paths.get(variable);
    paths.set(variable, known === undefined || isSame(known, path) ? path : null);
  }
  return new Map([...paths].flatMap(([variable, path]) => (path === null ? [] : [[variable, path]])));
}

/** Where a variable is used; null where that is none of the client's input. */
interface VariableUse {
  readonly variable: string;
  readonly path: InputPath | null;
}

function usesIn(value: ValueNode, path: InputPath): readonly VariableUse[] {
  switch (value.kind) {
    case Kind.VARIABLE:
      return [{ variable: value.name.value, path }];
    case Kind.LIST:
      return value.values.flatMap((item, index) => usesIn(item, [...path, index]));
    case Kind.OBJECT:
      return value.fields.flatMap((field) => usesIn(field.value, [...path, field.name.value]));
    default:
      return [];
  }
}

function isSame(one: InputPath | null, other: InputPath | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
