import { memberStart } from './compile-writer.ts';
import { executeFields, executeTogether, onceSettled } from './execute-fields.ts';
import { type CompiledField, type Execution, isPromise, type Path } from './execution.ts';
import { keepingWritten } from './keep-written.ts';
import { WrittenJson, writeJson } from './written-json.ts';

/** Executes what a selection asks of an object; a promise where something has to be waited for. */
export type ExecuteObject = (source: unknown, path: Path | undefined, execution: Execution) => unknown;

/**
 * Compiles a selection in which something has to be executed, such as a webhook with its activity. What depends on the
 * object alone is written at once (compile-writer.ts), so that texts wait for the rest, and no objects of a dozen members
 * each. Where it cannot be written, all fields are executed, and the executor reports.
 */
export function compileParts(fields: readonly CompiledField[]): ExecuteObject {
  const executed = fields.filter(({ write }) => !write);
  const [first, second] = executed;
  const writeTexts = keepingWritten(compileTexts(fields));

  return (source, path, execution) => {
    const texts = writeTexts(source);
    if (!texts || !first) return executeFields(fields, source, path, execution);
    if (!second) {
      const value = first.execute(source, path, execution);
      const [before = '', after = ''] = texts;
      const join = (member: unknown) => new WrittenJson(before + writeJson(member) + after);
      return isPromise(value) ? onceSettled(value, join) : join(value);
    }
    return executeTogether(executed, source, path, execution, (answer) => {
      const written = texts.map((text, index) => {
        const field = executed[index];
        return field ? text + writeJson(answer[field.name]) : text;
      });
      return new WrittenJson(written.join(''));
    });
  };
}

type WriteTexts = (source: unknown) => readonly string[] | null;

/** The texts before, between and behind the values of the fields that are to be executed. */
function compileTexts(fields: readonly CompiledField[]): WriteTexts {
  const members = fields.map(({ name, write }, index) => ({ start: memberStart(index, name), write }));
  const count = 1 + members.filter(({ write }) => !write).length;
  return (source) => {
    // A resolver may answer a text or a number, whose members are not its fields.
    if (typeof source !== 'object' || source === null) return null;
    const texts = Array<string>(count).fill('');
    let at = 0;
    let text = '';
    for (const { start, write } of members) {
      text += start;
      if (write) {
        const member = write(source);
        if (member === null) return null;
        text += member;
      } else {
        texts[at] = text;
        at += 1;
        text = '';
      }
    }
    texts[at] = `${text}}`;
    return texts;
  };
}
