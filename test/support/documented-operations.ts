import { readFileSync, writeFileSync } from 'node:fs';

/** An operation that a document shows, with the answer that it promises. */
export interface DocumentedOperation {
  /** The operation's own name. */
  readonly name: string;
  readonly query: string;
  /** The JSON as it stands in the document. */
  readonly answer: string;
}

const OPERATION = /```graphql\n([\s\S]*?)```\s*```json\n([\s\S]*?)```/g;

/** Finds each block of GraphQL that a block of JSON follows. */
export function documentedOperations(file: string): readonly DocumentedOperation[] {
  const found = readFileSync(file, 'utf8').matchAll(OPERATION);
  return Array.from(found, ([, query = '', answer = '']) => ({
    name: /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? 'unnamed',
    query,
    answer,
  }));
}

/** Writes answers into a document, in the order of its operations. */
export function writeAnswers(file: string, answers: readonly unknown[]): void {
  const rest = [...answers];
  const text = readFileSync(file, 'utf8').replace(
    OPERATION,
    (_whole, query: string) => `\`\`\`graphql\n${query}\`\`\`\n\n\`\`\`json\n${compact(rest.shift())}\n\`\`\``,
  );
  writeFileSync(file, text);
}

/** What differs from run to run becomes a word: times, and the ids of requests. */
export function withoutVolatile(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutVolatile);
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? 'a time' : value;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) =>
    key === 'traceId' || key === 'requestId' ? [key, 'an id'] : [key, withoutVolatile(member)],
  );
  return Object.fromEntries(members);
}

const MAX_LINE = 110;

/** JSON with short objects and lists on one line. */
function compact(value: unknown, indent = ''): string {
  const line = oneLine(value);
  if (indent.length + line.length <= MAX_LINE || typeof value !== 'object' || value === null) return line;
  const inner = `${indent}  `;
  const members = Array.isArray(value)
    ? value.map((item) => compact(item, inner))
    : Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${compact(member, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${members.map((member) => `${inner}${member}`).join(',\n')}\n${indent}${close}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${oneLine(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
