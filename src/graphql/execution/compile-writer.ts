import {
  GRAPHQL_MAX_INT,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLLeafType,
  type GraphQLObjectType,
  isEnumType,
} from 'graphql';
import { type CompiledField, isPromise, type WriteText } from './execution.ts';
import { quoted } from './written-json.ts';

/**
 * Joins the writers of an object's fields to one that writes the whole object, where all of it depends on the object alone:
 * no objects and lists in between, no paths. Null where any of it does not.
 */
export function objectWriter(fields: readonly Pick<CompiledField, 'name' | 'write'>[]): WriteText | null {
  const members: { readonly start: string; readonly write: WriteText }[] = [];
  for (const { name, write } of fields) {
    if (!write) return null;
    members.push({ start: memberStart(members.length, name), write });
  }
  return (source) => {
    if (typeof source !== 'object' || source === null || source instanceof Error || isPromise(source)) return null;
    let text = '';
    for (const { start, write } of members) {
      const member = write(source);
      if (member === null) return null;
      text += start + member;
    }
    return `${text}}`;
  };
}

/** What stands before the value of an object's member. */
export function memberStart(index: number, responseName: string): string {
  return `${index === 0 ? '{' : ','}${JSON.stringify(responseName)}:`;
}

/**
 * Writes a field of an object, by the writer of its values. Null where it depends on anything else: by convention a
 * resolver that declares one parameter is a function of its object, and has no side effects.
 */
export function fieldWriter(
  { name, resolve }: Pick<GraphQLField<unknown, unknown>, 'name' | 'resolve'>,
  writeValue: WriteText | null,
): WriteText | null {
  const read = compileRead(name, resolve);
  return read && writeValue && ((source) => writeValue(read(source)));
}

function compileRead(
  name: string,
  resolve: GraphQLFieldResolver<unknown, unknown> | undefined,
): ((source: unknown) => unknown) | null {
  // A member that is a function is none of the values below, and so left to the executor.
  if (!resolve) return (source) => (source as Readonly<Record<string, unknown>>)[name];
  return resolve.length === 1 ? (resolve as (source: unknown) => unknown) : null;
}

/** Writes the field `__typename`. */
export function typenameWriter({ name }: GraphQLObjectType): WriteText {
  const text = quoted(name);
  return () => text;
}

/** Writes a value that may be null, by the writer of those that are there. */
export function nullableWriter(write: WriteText | null): WriteText | null {
  return write && ((value) => (value == null ? 'null' : write(value)));
}

/** Writes a list, by the writer of its entries. */
export function listWriter(write: WriteText | null): WriteText | null {
  return write && ((value) => writeList(value, write));
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

const writeString: WriteText = (value) => (typeof value === 'string' ? quoted(value) : null);
const writeInt: WriteText = (value) =>
  typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= GRAPHQL_MAX_INT ? String(value) : null;
const writeBoolean: WriteText = (value) => (typeof value === 'boolean' ? String(value) : null);

/** Writes a value without members, where it is what nearly all are, and whose serialization is known. */
export function leafWriter(type: GraphQLLeafType): WriteText | null {
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
