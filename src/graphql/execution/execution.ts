import type { GraphQLError, GraphQLResolveInfo } from 'graphql';

/** One execution of a compiled operation. */
export interface Execution {
  readonly facts: Pick<GraphQLResolveInfo, 'schema' | 'operation' | 'fragments'>;
  readonly contextValue: unknown;
  readonly variableValues: Record<string, unknown>;
  /** The arguments of each field that takes variables, once they are read. */
  readonly slots: Record<string, unknown>[];
  readonly errors: readonly GraphQLError[];
  /** Takes note of what became null at `path`, unless something above it has become null already. */
  addError(error: GraphQLError, path: Path | undefined): void;
}

/** A field of an object, ready to be executed. */
export interface CompiledField {
  readonly name: string;
  /** `path` is that of the object. Throws, or rejects, where a null is not allowed here. */
  execute(source: unknown, path: Path | undefined, execution: Execution): unknown;
  /** Writes it where it depends on the object alone (compile-writer.ts); null where it does not. */
  readonly write: WriteText | null;
}

/**
 * Writes what a selection asks of an object as JSON text; null where there is anything but what the types promise, which the
 * executor then looks at again and reports.
 */
export type WriteText = (source: unknown) => string | null;

/** Turns what a resolver answered into what the client reads (specification §6.4.3). */
export type Complete = (value: unknown, path: Path | undefined, execution: Execution) => unknown;

/** A place in the answer. Made for what has members only: most leaves never need one. */
export interface Path {
  readonly prev: Path | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
}

/** The path as clients read it. */
export function pathToArray(path: Path): readonly (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: Path | undefined = path; at; at = at.prev) keys.push(at.key);
  return keys.reverse();
}

/** Whether something is to be waited for. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
