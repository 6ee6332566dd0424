import { type CompiledField, type Execution, isPromise, type Path } from './execution.ts';

type Answer = Record<string, unknown>;

/** Executes the fields of an object side by side (specification §6.3.1); the answer has their order. */
export function executeFields(
  fields: readonly CompiledField[],
  source: unknown,
  path: Path | undefined,
  execution: Execution,
): Answer | Promise<Answer> {
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
    return settled(results).finally(() => {
      throw error;
    });
  }
  return isWaiting ? settled(results) : results;
}

/** Executes the one field of an object: nobody waits for others. */
export function executeOnly(
  field: CompiledField,
  source: unknown,
  path: Path | undefined,
  execution: Execution,
): Answer | PromiseLike<Answer> {
  const result = field.execute(source, path, execution);
  return isPromise(result) ? result.then((value) => ({ [field.name]: value })) : { [field.name]: result };
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

async function settled(results: Answer): Promise<Answer> {
  const values = await Promise.all(Object.values(results));
  const answer: Answer = {};
  for (const [index, name] of Object.keys(results).entries()) answer[name] = values[index];
  return answer;
}
