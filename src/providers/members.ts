import type { JsonObject } from '../http/answer-shape.ts';
import type { DriftKind } from '../telemetry/drift-reporter.ts';

/** Takes note of a member that is not what the contract says. */
export type NoteDrift = (member: string, kind: DriftKind) => void;

/** A reader of a value: null where it does not fit. */
type ReadValue<T> = (value: unknown) => T | null;

/** A member that the contract guarantees; null, and noted, where it is absent or does not fit. */
export function guaranteed<T>(object: JsonObject, member: string, read: ReadValue<T>, note: NoteDrift): T | null {
  const value = read(object[member]);
  if (value === null) note(member, object[member] === undefined ? 'missing' : 'unfit');
  return value;
}

/** A member that the contract allows to be absent (or null, as APIs write that too); noted only where it does not fit. */
export function optional<T>(object: JsonObject, member: string, read: ReadValue<T>, note: NoteDrift): T | null {
  return object[member] == null ? null : guaranteed(object, member, read, note);
}

/** A reader of one of a few words. */
export function oneOf<Word extends string>(...words: readonly Word[]): ReadValue<Word> {
  return (value) => words.find((word) => word === value) ?? null;
}

/** Notes event names that are new; they are passed on all the same. */
export function noteNewEvents(
  member: string,
  names: string | readonly string[] | null,
  known: ReadonlySet<string>,
  note: NoteDrift,
): void {
  if (names === null) return;
  const isKnown = typeof names === 'string' ? known.has(names) : names.every((name) => known.has(name));
  if (!isKnown) note(member, 'unknown');
}

/** Notes members that the contract does not name. */
export function noteNewMembers(object: JsonObject, known: ReadonlySet<string>, note: NoteDrift): void {
  for (const member in object) if (!known.has(member)) note(member, 'unknown');
}
