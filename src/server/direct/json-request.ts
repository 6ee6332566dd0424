import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** What an ordinary client sends: one operation, as JSON. */
export interface JsonOperation {
  readonly query?: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly extensions?: unknown;
  readonly documentId?: unknown;
}

/** Larger bodies are rare, and need no haste. */
const MAX_BYTES = 65_536;
const CONTENT_TYPES: ReadonlySet<string | undefined> = new Set(['application/json', 'application/json; charset=utf-8']);

/** Whether a request has the form that nearly all have; by its headers alone, nothing is read. */
export function isJsonPost({ method, headers }: IncomingMessage, limitBytes: number): boolean {
  if (method !== 'POST' || !CONTENT_TYPES.has(headers['content-type'])) return false;
  // Without a length, or with a coding, it is for others to read.
  if (headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined) return false;
  const length = headers['content-length'];
  return length !== undefined && /^\d{1,6}$/.test(length) && Number(length) <= Math.min(limitBytes, MAX_BYTES);
}

/** Reads a body to its end, and hands it on; not at all where the client leaves before. */
export function readBody(request: IncomingMessage, onEnd: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [only = Buffer.alloc(0)] = chunks;
    onEnd(chunks.length > 1 ? Buffer.concat(chunks) : only);
  });
}

const MEMBERS: ReadonlySet<string> = new Set(['query', 'operationName', 'variables', 'extensions']);
const MEMBERS_WITH_ID: ReadonlySet<string> = new Set([...MEMBERS, 'documentId']);

/** The operation in a body; null where there is anything unusual about it. `documentId` is welcome where some are kept. */
export function operationIn(body: Buffer, { hasDocuments }: { readonly hasDocuments: boolean }): JsonOperation | null {
  if (!isUtf8(body)) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    return null;
  }
  return isOperation(parsed, hasDocuments ? MEMBERS_WITH_ID : MEMBERS) ? parsed : null;
}

function isOperation(value: unknown, members: ReadonlySet<string>): value is JsonOperation {
  if (!isObject(value)) return false;
  for (const name in value) if (!members.has(name)) return false;
  const { query, operationName, variables, extensions } = value;
  return (
    (query === undefined || typeof query === 'string') &&
    (operationName == null || isName(operationName)) &&
    (variables == null || isObject(variables)) &&
    (extensions == null || isObject(extensions))
  );
}

/** An empty name is none that an operation could have, and not the same as no name. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
