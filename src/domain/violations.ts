import { HookgraphError, type InputPath, UpstreamError, type Violation } from './errors.ts';

/** The same error with other violations. */
function withViolations(error: HookgraphError, violations: readonly Violation[]): HookgraphError {
  const { code, message, provider, cause } = error;
  if (!(error instanceof UpstreamError)) {
    return new HookgraphError(code, message, { ...(provider && { provider }), violations, cause });
  }
  const { upstream } = error;
  return new UpstreamError(code, message, { provider: error.provider, upstream, violations, cause });
}

/**
 * What `read` makes of `result`; an upstream refusal that speaks of the input gets the violations that `explain` finds in
 * it. Both in one step: every promise of a read is alive while its upstream is waited for.
 */
export function explainingRefusals<T, R>(
  result: Promise<T>,
  explain: (error: UpstreamError) => readonly Violation[],
  read: (answer: T) => R,
): Promise<R> {
  return result.then(read, (error: unknown) => {
    if (!(error instanceof UpstreamError)) throw error;
    const violations = explain(error);
    throw violations.length === 0 ? error : withViolations(error, violations);
  });
}

/** Awaits what `act` does; the violations of its error are moved to where the client wrote the argument. */
export async function underInputPath<T>(prefix: InputPath, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw movedUnder(prefix, error);
  }
}

/** An error whose violations stand where the client wrote the argument; any other as it is. */
export function movedUnder(prefix: InputPath, error: unknown): unknown {
  return withPaths(error, (path) => [...prefix, ...path]);
}

/**
 * Awaits a read that asks for more than the client did, or by other names: `pathOf` tells what an argument of the read is
 * called in `written`, which holds what the client wrote. A violation of anything else is left out: the client cannot mend
 * what is not its own.
 */
export async function blamingWritten<T>(
  written: object,
  act: () => Promise<T>,
  pathOf: (path: InputPath) => InputPath = (path) => path,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw withPaths(error, (path) => {
      const own = pathOf(path);
      return isWritten(written, own) ? own : undefined;
    });
  }
}

function withPaths(error: unknown, pathOf: (path: InputPath) => InputPath | undefined): unknown {
  if (!(error instanceof HookgraphError) || error.violations.length === 0) return error;
  const violations = error.violations.flatMap(({ path, message }) => {
    const moved = pathOf(path);
    return moved ? [{ path: moved, message }] : [];
  });
  return withViolations(error, violations);
}

function isWritten(value: unknown, [name, ...rest]: InputPath): boolean {
  if (value == null) return false;
  if (name === undefined) return true;
  return typeof value === 'object' && isWritten(Reflect.get(value, name), rest);
}
