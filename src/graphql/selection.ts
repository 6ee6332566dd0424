import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** The names of the fields that are asked for right below a field, whatever fragments they stand in. */
export function selectedFields(info: GraphQLResolveInfo): ReadonlySet<string> {
  return new Set(selectedNodes(info).map(({ name }) => name.value));
}

/** The nodes of the fields that are asked for right below a field. */
export function selectedNodes(info: GraphQLResolveInfo): readonly FieldNode[] {
  const nodes: FieldNode[] = [];
  const visit = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (!isIncluded(selection, info)) continue;
      if (selection.kind === Kind.FIELD) {
        nodes.push(selection);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? info.fragments[selection.name.value] : selection;
      if (fragment) visit(fragment.selectionSet);
    }
  };
  for (const { selectionSet } of info.fieldNodes) if (selectionSet) visit(selectionSet);
  return nodes;
}

function isIncluded(selection: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  if (!selection.directives?.length) return true;
  if (getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.if !== false;
}
