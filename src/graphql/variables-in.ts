import { type ArgumentNode, Kind, type VariableNode, visit } from 'graphql';

/** The names of the variables that an argument takes. */
export function variablesIn(argument: ArgumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(argument, {
    [Kind.VARIABLE]: ({ name }: VariableNode) => {
      names.add(name.value);
    },
  });
  return names;
}
