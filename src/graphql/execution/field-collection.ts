import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';

/** The nodes that ask for one field. */
export type FieldNodes = readonly [FieldNode, ...FieldNode[]];

/** The fields of one object: each response name with its nodes, in the order of the answer. */
type CollectedFields = ReadonlyMap<string, FieldNodes>;

/** What fields are collected from. */
export interface Selected {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** A number for each field whose arguments take variables. */
  nextSlot(): number;
  /** Counts a field; whether the operation may have it. */
  takeField(): boolean;
}

/** A field as a document selects it. */
export interface SelectedField {
  readonly selected: Selected;
  readonly parentType: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly nodes: FieldNodes;
}

/**
 * Collects what a list of selection sets asks of one type (specification §6.3.2), as graphql-js does. Null where that
 * depends on variables: @skip and @include are left to graphql-js.
 */
export function collectFields(
  { schema, fragments }: Selected,
  type: GraphQLObjectType,
  selectionSets: readonly (SelectionSetNode | undefined)[],
): CollectedFields | null {
  const fields = new Map<string, [FieldNode, ...FieldNode[]]>();
  const visited = new Set<string>();

  function collect({ selections }: SelectionSetNode): boolean {
    return selections.every((selection) => {
      if (selection.directives && selection.directives.length > 0) return false;
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const nodes = fields.get(name);
        if (nodes) nodes.push(selection);
        else fields.set(name, [selection]);
        // As the name of a member it would be the object's prototype.
        return name !== '__proto__';
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) return !applies(selection) || collect(selection.selectionSet);
      const name = selection.name.value;
      const fragment = fragments.get(name);
      if (visited.has(name) || !fragment) return true;
      visited.add(name);
      return !applies(fragment) || collect(fragment.selectionSet);
    });
  }

  function applies({ typeCondition }: Pick<InlineFragmentNode, 'typeCondition'>): boolean {
    if (!typeCondition) return true;
    const condition = typeFromAST(schema, typeCondition);
    return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
  }

  return selectionSets.every((set) => !set || collect(set)) ? fields : null;
}
