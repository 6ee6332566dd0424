import {
  type GraphQLEnumType,
  type GraphQLFieldResolver,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { isPromise, type WriteText } from './execution.ts';
import { collectFields, type FieldNodes, type Selected } from './field-collection.ts';
import { quoted } from './written-json.ts';

/**
 * Compiles a selection that depends on its object alone into a function that writes it: no objects and lists in between, no
 * paths. Null for any other selection. By convention a resolver that declares one parameter is a function of its object,
 * and has no side effects.
 */
export function compileWriter(
  selected: Selected,
  type: GraphQLObjectType,
  selectionSets: readonly (SelectionSetNode | undefined)[],
): WriteText | null {
  const collected = collectFields(selected, type, selectionSets);
  if (!collected) return null;
  const members: { readonly name: string; readonly write: WriteText }[] = [];
  for (const [responseName, nodes] of collected) {
    const write = compileMember(selected, type, nodes);
    if (!write) return null;
    members.push({ name: memberStart(members.length, responseName), write });
  }
  return (source) => {
    if (typeof source !== 'object' || source === null || source instanceof Error || isPromise(source)) return null;
    let text = '';
    for (const { name, write } of members) {
      const member = write(source);
      if (member === null) return null;
      text += name + member;
    }
    return `${text}}`;
  };
}

/** What stands before the value of an object's member. */
export function memberStart(index: number, responseName: string): string {
  return `${index === 0 ? '{' : ','}${JSON.stringify(responseName)}:`;
}

/** Compiles one member of such a selection; null where it depends on anything else. */
export function compileMember(selected: Selected, parentType: GraphQLObjectType, nodes: FieldNodes): WriteText | null {
  const [node] = nodes;
  const name = node.name.value;
  if (name === '__typename') {
    const text = quoted(parentType.name);
    return () => text;
  }
  const field = parentType.getFields()[name];
  const read = field && compileRead(name, field.resolve);
  const write = field && compileValue(selected, field.type, nodes);
  return read && write ? (source) => write(read(source)) : null;
}

function compileRead(
  name: string,
  resolve: GraphQLFieldResolver<unknown, unknown> | undefined,
): ((source: unknown) => unknown) | null {
  // A member that is a function is none of the values below, and so left to the executor.
  if (!resolve) return (source) => (source as Readonly<Record<string, unknown>>)[name];
  return resolve.length === 1 ? (resolve as (source: unknown) => unknown) : null;
}

function compileValue(selected: Selected, type: GraphQLOutputType, nodes: FieldNodes): WriteText | null {
  if (isNonNullType(type)) return compileSomething(selected, type.ofType, nodes);
  const write = compileSomething(selected, type, nodes);
  return write && ((value) => (value == null ? 'null' : write(value)));
}

/** Of a value that is there. */
function compileSomething(selected: Selected, type: GraphQLOutputType, nodes: FieldNodes): WriteText | null {
  if (isListType(type)) {
    const write = compileValue(selected, type.ofType, nodes);
    return write && ((value) => writeList(value, write));
  }
  if (isLeafType(type)) return leafWriter(type);
  if (!isObjectType(type)) return null;
  return compileWriter(
    selected,
    type,
    nodes.map(({ selectionSet }) => selectionSet),
  );
}

function writeList(value: unknown, write: WriteText): string | null {
  if (!Array.isArray(value)) return null;
  const entries: string[] = [];
  for (const member of value) {
    const entry = write(member);
    if (entry === null) {
      // The executor asks for the list again; the promises of this one may be rejections that nobody handles.
      void Promise.allSettled(value);
      return null;
    }
    entries.push(entry);
  }
  // Joined it is one string; added up it would be a tree of a thousand, which each answer that it is part of walks through.
  return `[${entries.join(',')}]`;
}

const MAX_INT = 2 ** 31 - 1;
const writeString: WriteText = (value) => (typeof value === 'string' ? quoted(value) : null);
const writeInt: WriteText = (value) =>
  typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MAX_INT ? String(value) : null;
const writeBoolean: WriteText = (value) => (typeof value === 'boolean' ? String(value) : null);

/** For the values that nearly all are, and whose serialization is known. */
function leafWriter(type: GraphQLLeafType): WriteText | null {
  if (isEnumType(type)) return enumWriter(type);
  switch (type.name) {
    case 'String':
    case 'ID':
    // Texts that are handed on as they are (scalars.ts).
    case 'DateTime':
    case 'URL':
      return writeString;
    case 'Int':
      return writeInt;
    case 'Boolean':
      return writeBoolean;
    default:
      return null;
  }
}

function enumWriter(type: GraphQLEnumType): WriteText {
  const texts = new Map<unknown, string>(type.getValues().map(({ name, value }) => [value, quoted(name)]));
  return (value) => texts.get(value) ?? null;
}
