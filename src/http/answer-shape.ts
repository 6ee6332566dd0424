import { isTimestamp } from '../domain/instant.ts';

/** A JSON object whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object (not an array, not null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text, or null for anything else: a member that the contract does not guarantee is never an error. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** An id as it can stand in a path: without blanks, control characters and dot segments; null for anything else. */
export function idOrNull(value: unknown): string | null {
  return typeof value === 'string' && /^(?!\.{1,2}$)[^\s\p{C}]{1,256}$/u.test(value) ? value : null;
}

/** A token as RFC 6750 §2.1 writes one (b64token), or null for anything else: it goes into a header. */
export function tokenOrNull(value: unknown): string | null {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) ? value : null;
}

const MAX_INT = 2 ** 31 - 1;

/** A whole number that fits GraphQL's Int (32 bits), or null for anything else. */
export function integerOrNull(value: unknown): number | null {
  return Number.isInteger(value) && Math.abs(Number(value)) <= MAX_INT ? Number(value) : null;
}

/** True or false, or null for anything else. */
export function booleanOrNull(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

/** An RFC 3339 timestamp as it was written, or null for anything else. */
export function timestampOrNull(value: unknown): string | null {
  return typeof value === 'string' && isTimestamp(value) ? value : null;
}

/** A list of texts, or null for anything else. */
export function textsOrNull(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : null;
}

/** An absolute URL as it was written, or null for anything else. */
export function urlOrNull(value: unknown): string | null {
  return typeof value === 'string' && URL.canParse(value) ? value : null;
}

/** A JSON object, or null for anything else. */
export function objectOrNull(value: unknown): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

/** An array, or null for anything else. */
export function arrayOrNull(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value : null;
}

/**
 * A JSON object that is not nested deeper than `maxDepth`, or null for anything else. What is handed on unread has to be
 * bounded: writing a deep value as JSON again would overflow the stack.
 */
export function shallowObjectOrNull(value: unknown, maxDepth = 64): JsonObject | null {
  return isJsonObject(value) && isShallow(value, maxDepth) ? value : null;
}

function isShallow(value: unknown, remaining: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return remaining > 0 && Object.values(value).every((member) => isShallow(member, remaining - 1));
}
