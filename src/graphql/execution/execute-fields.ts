import { type CompiledField, type Execution, isPromise, type Path } from './execution.ts';

type Answer = Record<string, unknown>;

/** Executes the fields of an object side by side (specification §6.3.1); the answer has their order. */
export function executeFields(
  fields: readonly CompiledField[],
  source: unknown,
  path: Path | undefined,
  execution: Execution,
): Answer | Promise<Answer> {
  return executeTogether(fields, source, path, execution, asIs);
}

/** The same, and what `finish` makes of the answer, without another wait. */
export function executeTogether<T>(
  fields: readonly CompiledField[],
  source: unknown,
  path: Path | undefined,
  execution: Execution,
  finish: (answer: Answer) => T,
): T | Promise<T> {
  const results: Answer = {};
  let isWaiting = false;
  try {
    for (const field of fields) {
      const result = field.execute(source, path, execution);
      results[field.name] = result;
      isWaiting ||= isPromise(result);
    }
  } catch (error) {
    if (!isWaiting) throw error;
    // What the other fields still wait for may fail too, and is to be handled.
    return settled(results, finish).finally(() => {
      throw error;
    });
  }
  return isWaiting ? settled(results, finish) : finish(results);
}

/** Executes the one field of an object: nobody waits for others. */
export function executeOnly(
  field: CompiledField,
  source: unknown,
  path: Path | undefined,
  execution: Execution,
): Answer | PromiseLike<Answer> {
  const result = field.execute(source, path, execution);
  return isPromise(result) ? onceSettled(result, (value) => ({ [field.name]: value })) : { [field.name]: result };
}

/** Executes the fields of a mutation one after the other (specification §6.2.2). */
export async function executeInTurn(
  fields: readonly CompiledField[],
  source: unknown,
  path: Path | undefined,
  execution: Execution,
): Promise<Answer> {
  const results: Answer = {};
  for (const field of fields) results[field.name] = await field.execute(source, path, execution);
  return results;
}

async function settled<T>(results: Answer, finish: (answer: Answer) => T): Promise<T> {
  const values = await Promise.all(Object.values(results));
  const answer: Answer = {};
  for (const [index, name] of Object.keys(results).entries()) answer[name] = values[index];
  return finish(answer);
}

/**
 * Waits for the one field of an object. In as many steps as `Promise.all` takes: of errors that come at the same time, those
 * that are told and their order are graphql-js'.
 */
export function onceSettled<T>(result: PromiseLike<unknown>, finish: (value: unknown) => T): PromiseLike<T> {
  return result.then(asIs).then(finish);
}

function asIs<T>(value: T): T {
  return value;
}
