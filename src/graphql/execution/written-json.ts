/** A part of an answer that is JSON text already. */
export class WrittenJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * The JSON text of an answer, of which parts may be text already. What `JSON.stringify` would write: plain objects, lists and
 * values, all that an execution answers.
 */
export function writeJson(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (value instanceof WrittenJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  // Errors, and scalars of any shape.
  return isPlain(value) ? writeObject(value) : JSON.stringify(value);
}

function writeObject(object: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const name in object) {
    const member = object[name];
    if (member === undefined) continue;
    text += `${text === '' ? '{' : ','}${quoted(name)}:${writeJson(member)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  // A client can give a field that name: only a function of that name decides how its object is written.
  return !('toJSON' in value) || typeof value.toJSON !== 'function';
}

// What JSON escapes: quotes, backslashes, control characters, and surrogates that stand alone.
const ESCAPED = /["\\\p{Cc}\p{Cs}]/u;

/** A text as JSON; most need no escapes, and to look for them is cheaper than to let `JSON.stringify` write. */
export function quoted(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`;
}
