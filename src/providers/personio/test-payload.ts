import { BadUserInputError, type InputPath } from '../../domain/errors.ts';

const MAX_LEVELS = 10;
const MAX_LEAVES = 100;

/**
 * Flattens the nested payload of a test event to Personio's map of dotted keys to texts (contract: SendTestEventRequest):
 * `{ person: { id: 456 } }` becomes `{ 'person.id': '456' }`. A key may be dotted already. Numbers and booleans become
 * texts. Throws `BadUserInputError` with the offender's path for null, arrays, empty objects, whole numbers beyond 2^53,
 * more than 10 levels or 100 leaves, empty keys, two keys that mean the same, and one that is a value as well as an object.
 */
export function flattenPayload(payload: Readonly<Record<string, unknown>>): Record<string, string> {
  const flat = new Map<string, string>();
  const parents = new Set<string>();

  function visit(value: unknown, key: readonly string[], path: InputPath): void {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const members = Object.entries(value);
      if (members.length === 0 && key.length > 0) {
        throw new BadUserInputError('An object in a payload must hold something.', path);
      }
      if (key.length >= MAX_LEVELS) throw new BadUserInputError(`A payload has at most ${MAX_LEVELS} levels.`, path);
      for (const [name, member] of members) {
        const memberPath = [...path, name];
        if (name.split('.').includes('')) throw new BadUserInputError('A payload key must not be empty.', memberPath);
        visit(member, [...key, ...name.split('.')], memberPath);
      }
      return;
    }
    const name = key.join('.');
    if (key.length > MAX_LEVELS) throw new BadUserInputError(`A payload has at most ${MAX_LEVELS} levels.`, path);
    if (flat.has(name)) throw new BadUserInputError(`The payload names ${name} twice.`, path);
    if (flat.size >= MAX_LEAVES) throw new BadUserInputError(`A payload has at most ${MAX_LEAVES} values.`, path);
    const above = key.slice(1).map((_step, index) => key.slice(0, index + 1).join('.'));
    if (parents.has(name) || above.some((parent) => flat.has(parent))) {
      throw new BadUserInputError(`The payload has a value where ${name} wants an object.`, path);
    }
    for (const parent of above) parents.add(parent);
    flat.set(name, leafText(value, path));
  }

  visit(payload, [], ['payload']);
  return Object.fromEntries(flat);
}

function leafText(value: unknown, path: InputPath): string {
  if (typeof value === 'string') return value;
  // Parsing has rounded it already: the receiver would be told of another id.
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new BadUserInputError('A payload cannot hold so large a number exactly; write it as a text.', path);
  }
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  const kind = Array.isArray(value) ? 'a list' : value === null ? 'null' : 'this value';
  throw new BadUserInputError(
    `Personio's test payload cannot hold ${kind}; use texts, numbers, booleans or objects.`,
    path,
  );
}

/**
 * Where the client would have written a payload key that Personio misses: by its nested path, or by the dotted key if
 * the client wrote dotted keys.
 */
export function payloadKeyPath(payload: Readonly<Record<string, unknown>> | undefined, dottedKey: string): InputPath {
  const writesDotted = Object.keys(payload ?? {}).some((name) => name.includes('.'));
  return ['payload', ...(writesDotted ? [dottedKey] : dottedKey.split('.'))];
}
