import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';

/** Fields of the schema are there already: this many are answered in the time of one that is asked for. */
const FIELDS_PER_POINT = 50;
/** As below any other list. */
const LIST_MULTIPLIER = 10;

const META_FIELDS: Readonly<Record<string, GraphQLField<unknown, unknown> | undefined>> = {
  [SchemaMetaFieldDef.name]: SchemaMetaFieldDef,
  [TypeMetaFieldDef.name]: TypeMetaFieldDef,
};

/**
 * What a validated operation selects below `__schema` and `__type` costs: with aliases a small document asks for the whole
 * schema any number of times, and for the fields of each field's type.
 */
export function introspectionCost(document: DocumentNode, operation: OperationDefinitionNode): number {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  // A fragment is spread in one type only, as introspection knows no others.
  const known = new Map<SelectionSetNode, number>();

  /** `fieldOf` finds a field by its name; what it does not know costs nothing here. */
  function fieldsIn(selectionSet: SelectionSetNode, fieldOf: FieldOf): number {
    const count = known.get(selectionSet);
    if (count !== undefined) return count;
    let sum = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        const field = fieldOf(selection.name.value);
        if (field) sum += 1 + multiplierOf(field.type) * fieldsBelow(selection.selectionSet, field.type);
      } else {
        const { selectionSet: inner } =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : (fragments.get(selection.name.value) ?? NOTHING);
        if (inner) sum += fieldsIn(inner, fieldOf);
      }
    }
    known.set(selectionSet, sum);
    return sum;
  }

  function fieldsBelow(selectionSet: SelectionSetNode | undefined, type: GraphQLOutputType): number {
    const named = getNamedType(type);
    return selectionSet && isObjectType(named) ? fieldsIn(selectionSet, (name) => named.getFields()[name]) : 0;
  }

  return Math.floor(fieldsIn(operation.selectionSet, (name) => META_FIELDS[name]) / FIELDS_PER_POINT);
}

type FieldOf = (name: string) => GraphQLField<unknown, unknown> | undefined;

const NOTHING: { readonly selectionSet?: SelectionSetNode } = {};

function multiplierOf(type: GraphQLOutputType): number {
  return isListType(getNullableType(type)) ? LIST_MULTIPLIER : 1;
}
