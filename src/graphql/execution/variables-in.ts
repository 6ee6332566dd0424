import { type ASTNode, Kind, type VariableNode, visit } from 'graphql';

/** The names of the variables that an argument or a value takes. */
export function variablesIn(input: ASTNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(input, {
    [Kind.VARIABLE]: ({ name }: VariableNode) => {
      names.add(name.value);
    },
  });
  return names;
}
