import { type GraphQLOutputType, isNonNullType, locatedError } from 'graphql';
import { type Complete, type Execution, type Path, pathToArray } from './execution.ts';
import type { FieldNodes } from './field-collection.ts';

/**
 * What becomes of a value that comes later, or fails: that of a field, or an entry of its list (specification §6.4.4). Made
 * once for each of them; closures where a value is completed would cost each field of each entry an allocation.
 */
export interface NullPropagation {
  /** Completes a value that has to be waited for. */
  readonly completeLater: (
    value: PromiseLike<unknown>,
    path: Path | undefined,
    execution: Execution,
  ) => PromiseLike<unknown>;
  /** What is completed later, or null where that fails and null is allowed. */
  readonly guarded: (completed: PromiseLike<unknown>, path: Path, execution: Execution) => PromiseLike<unknown>;
  /** Null, with the error noted; where null is not allowed the error is thrown, and whatever holds the value fails. */
  readonly failed: (cause: unknown, path: Path, execution: Execution) => null;
}

/** Makes it for values of a type, which `complete` completes; `nodes` ask for the field. */
export function compileNullPropagation(
  type: GraphQLOutputType,
  complete: Complete,
  nodes: FieldNodes,
): NullPropagation {
  const isNonNull = isNonNullType(type);

  function failed(cause: unknown, path: Path, execution: Execution): null {
    const error = locatedError(cause, nodes, pathToArray(path));
    if (isNonNull) throw error;
    execution.addError(error, path);
    return null;
  }

  return {
    completeLater: (value, path, execution) => value.then((resolved) => complete(resolved, path, execution)),
    guarded: (completed, path, execution) => completed.then(undefined, (cause) => failed(cause, path, execution)),
    failed,
  };
}
