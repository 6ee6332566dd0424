import { GraphQLError, type GraphQLLeafType, type GraphQLOutputType, isLeafType, isNonNullType } from 'graphql';
import { type Complete, isPromise, type Path } from './execution.ts';
import type { SelectedField } from './field-collection.ts';
import { compileNullPropagation } from './null-propagation.ts';

/** A value that must be there. */
export function completeNonNull(complete: Complete, { parentType, field }: SelectedField): Complete {
  return (value, path, execution) => {
    const completed = complete(value, path, execution);
    if (completed !== null) return completed;
    throw new Error(`Cannot return null for non-nullable field ${parentType.name}.${field.name}.`);
  };
}

/** A scalar or a word of an enum. */
export function completeLeaf(type: GraphQLLeafType): Complete {
  return (value) => {
    if (value instanceof Error) throw value;
    if (value == null) return null;
    const written: unknown = type.serialize(value);
    if (written != null) return written;
    throw new Error(`Expected \`${type.name}.serialize(…)\` to return non-nullable value, returned: ${written}`);
  };
}

/** A list; each of its entries can fail on its own where it may be null. */
export function completeList(complete: Complete, type: GraphQLOutputType, selection: SelectedField): Complete {
  const { parentType, field, nodes } = selection;
  const isNonNull = isNonNullType(type);
  const hasMembers = !isLeafType(isNonNull ? type.ofType : type);
  const { completeLater, guarded, failed } = compileNullPropagation(type, complete, nodes);

  return (value, listPath, execution) => {
    if (value instanceof Error) throw value;
    if (value == null) return null;
    if (!isIterable(value)) {
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${parentType.name}.${field.name}".`);
    }
    const completed: unknown[] = [];
    let isWaiting = false;
    for (const entry of value) {
      const index = completed.length;
      const path = hasMembers ? entryPath(listPath, index) : undefined;
      try {
        const result = isPromise(entry) ? completeLater(entry, path, execution) : complete(entry, path, execution);
        isWaiting ||= isPromise(result);
        completed.push(isPromise(result) ? guarded(result, path ?? entryPath(listPath, index), execution) : result);
      } catch (cause) {
        // The whole list fails now, and nobody waits any more for the entries before this one.
        if (isNonNull) void Promise.allSettled(completed);
        completed.push(failed(cause, path ?? entryPath(listPath, index), execution));
      }
    }
    return isWaiting ? Promise.all(completed) : completed;
  };
}

function entryPath(prev: Path | undefined, key: number): Path {
  return { prev, key, typename: undefined };
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
