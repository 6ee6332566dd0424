/** A JSON object with its members unchecked. */
export type JsonObject = Readonly<Record<string, unknown>>;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The object in a body; undefined where it is no JSON object, not UTF-8, or holds a NUL somewhere in its text. */
export function parseJsonObject(body: Buffer, contentType: string | undefined): JsonObject | undefined {
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? '')) return undefined;
  try {
    const value: unknown = JSON.parse(utf8.decode(body), (_key, member: unknown) => {
      if (typeof member === 'string' && member.includes('\0')) throw new SyntaxError('NUL');
      return member;
    });
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a list of texts. */
export function isStringArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** Whether a value is an object whose members are all texts. */
export function isStringMap(value: unknown): value is Readonly<Record<string, string>> {
  return isJsonObject(value) && Object.values(value).every((item) => typeof item === 'string');
}
