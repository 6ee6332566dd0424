import {
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { compileArguments } from './compile-arguments.ts';
import { compileParts, type ExecuteObject } from './compile-parts.ts';
import { fieldWriter, leafWriter, listWriter, nullableWriter, objectWriter, typenameWriter } from './compile-writer.ts';
import { completeLeaf, completeList, completeNonNull } from './complete-value.ts';
import { executeFields } from './execute-fields.ts';
import {
  type CompiledField,
  type Complete,
  type Execution,
  isPromise,
  type Path,
  type WriteText,
} from './execution.ts';
import { collectFields, type FieldNodes, type Selected, type SelectedField } from './field-collection.ts';
import { keepingWritten } from './keep-written.ts';
import { compileNullPropagation } from './null-propagation.ts';
import { WrittenJson } from './written-json.ts';

/** Compiles what selection sets ask of a type; null where something in it is left to graphql-js. */
export function compileObject(
  selected: Selected,
  type: GraphQLObjectType,
  selectionSets: readonly (SelectionSetNode | undefined)[],
): readonly CompiledField[] | null {
  const collected = collectFields(selected, type, selectionSets);
  if (!collected) return null;
  const fields: CompiledField[] = [];
  for (const [name, nodes] of collected) {
    const field = compileField(selected, type, name, nodes);
    if (!field) return null;
    fields.push(field);
  }
  return fields;
}

function compileField(
  selected: Selected,
  parentType: GraphQLObjectType,
  name: string,
  nodes: FieldNodes,
): CompiledField | null {
  if (!selected.takeField()) return null;
  const [node] = nodes;
  if (node.name.value === '__typename') {
    return { name, write: typenameWriter(parentType), execute: () => parentType.name };
  }
  const field = parentType.getFields()[node.name.value];
  const selection = field && { selected, parentType, field, nodes };
  const value = selection && compileValue(field.type, selection);
  if (!value) return null;
  const { complete } = value;
  const read = compileRead(selection, name);
  const { type } = field;
  const hasMembers = !isLeafType(isNonNullType(type) ? type.ofType : type);
  const pathBelow = (prev: Path | undefined): Path => ({ prev, key: name, typename: parentType.name });
  const { completeLater, guarded, failed } = compileNullPropagation(type, complete, nodes);

  return {
    name,
    write: fieldWriter(field, value.write),
    execute(source, parentPath, execution) {
      const path = hasMembers ? pathBelow(parentPath) : undefined;
      try {
        const value = read(source, parentPath, execution);
        const completed = isPromise(value) ? completeLater(value, path, execution) : complete(value, path, execution);
        return isPromise(completed) ? guarded(completed, path ?? pathBelow(parentPath), execution) : completed;
      } catch (cause) {
        return failed(cause, path ?? pathBelow(parentPath), execution);
      }
    },
  };
}

/** `parentPath` is that of the object: the field's own is made only where it is asked for. */
type Read = (source: unknown, parentPath: Path | undefined, execution: Execution) => unknown;

function compileRead(selection: SelectedField, responseName: string): Read {
  const { parentType, field, nodes } = selection;
  const { name, resolve } = field;
  const argumentsOf = compileArguments(selection);
  const infoOf = (parentPath: Path | undefined, { facts, variableValues }: Execution): GraphQLResolveInfo => ({
    schema: facts.schema,
    fragments: facts.fragments,
    operation: facts.operation,
    fieldName: name,
    fieldNodes: nodes,
    returnType: field.type,
    parentType,
    path: { prev: parentPath, key: responseName, typename: parentType.name },
    rootValue: undefined,
    variableValues,
  });
  if (resolve) return compileResolver(resolve, argumentsOf, infoOf);
  // As graphql-js' own default resolver does it.
  return (source, path, execution) => {
    if (typeof source !== 'object' || source === null) return undefined;
    const member = (source as Readonly<Record<string, unknown>>)[name];
    if (typeof member !== 'function') return member;
    return member.call(source, argumentsOf(execution), execution.contextValue, infoOf(path, execution));
  };
}

/** Most resolvers do not look at `info`, and it is costly. */
function compileResolver(
  resolve: GraphQLFieldResolver<unknown, unknown>,
  argumentsOf: (execution: Execution) => Record<string, unknown>,
  infoOf: (parentPath: Path | undefined, execution: Execution) => GraphQLResolveInfo,
): Read {
  if (resolve.length > 3) {
    return (source, path, execution) =>
      resolve(source, argumentsOf(execution), execution.contextValue, infoOf(path, execution));
  }
  const resolveWithoutInfo = resolve as (source: unknown, args: Record<string, unknown>, context: unknown) => unknown;
  return (source, _path, execution) => resolveWithoutInfo(source, argumentsOf(execution), execution.contextValue);
}

/** A field's values, made ready: how each is completed, and how it is written where it depends on its object alone. */
interface CompiledValue {
  readonly complete: Complete;
  readonly write: WriteText | null;
}

function compileValue(type: GraphQLOutputType, selection: SelectedField): CompiledValue | null {
  if (isNonNullType(type)) {
    const value = compilePresentValue(type.ofType, selection);
    return value && { complete: completeNonNull(value.complete, selection), write: value.write };
  }
  const value = compilePresentValue(type, selection);
  return value && { complete: value.complete, write: nullableWriter(value.write) };
}

/** The same of a value that is not null. */
function compilePresentValue(type: GraphQLOutputType, selection: SelectedField): CompiledValue | null {
  if (isListType(type)) {
    const entry = compileValue(type.ofType, selection);
    return entry && { complete: completeList(entry.complete, type.ofType, selection), write: listWriter(entry.write) };
  }
  if (isLeafType(type)) return { complete: completeLeaf(type), write: leafWriter(type) };
  return isObjectType(type) ? compileObjectValue(type, selection) : null;
}

function compileObjectValue(type: GraphQLObjectType, { selected, nodes }: SelectedField): CompiledValue | null {
  const fields = compileObject(
    selected,
    type,
    nodes.map(({ selectionSet }) => selectionSet),
  );
  if (!fields) return null;
  const writeText = objectWriter(fields);
  const write = writeText && keepingWritten((value) => written(writeText(value)));
  // What cannot be written as a whole is looked at field by field.
  const executeObject: ExecuteObject = write
    ? (value, path, execution) => executeFields(fields, value, path, execution)
    : compileParts(fields);
  // Nobody asks isTypeOf: where a field names an object type itself, the schema answers nothing else.
  const complete: Complete = (value, path, execution) => {
    if (value instanceof Error) throw value;
    if (value == null) return null;
    return write?.(value) ?? executeObject(value, path, execution);
  };
  return { complete, write: writeText };
}

function written(text: string | null): WrittenJson | null {
  return text === null ? null : new WrittenJson(text);
}
