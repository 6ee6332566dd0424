import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { BadUserInputError, type InputPath } from '../domain/errors.ts';
import { lazily } from './lazily.ts';

const VERSION = 2;
const CHECKSUM_BYTES = 4;
/**
 * Longer ones are not even decoded. None of ours comes near: it holds the upstream's, which travels in a URL, and servers
 * take those up to 8 KiB.
 */
const MAX_LENGTH = 16_384;

/** Which list, of whom, with which filter: a cursor works with the one that it came from only. */
export type CursorScope = readonly unknown[];

/**
 * Writes a position in a list down as an opaque text. It carries a checksum and the list's fingerprint and no secret, so
 * it outlives a restart and works on every instance.
 */
export function encodeCursor(scope: CursorScope, position: unknown): string {
  return cursorWriter(scope)(position);
}

/** Writes many positions of one list. */
export function cursorWriter(scope: CursorScope): (position: unknown) => string {
  const origin = lazily(() => fingerprint(scope));
  return (position) => {
    const content = Buffer.from(JSON.stringify([VERSION, origin(), position]));
    return Buffer.concat([checksum(content), content]).toString('base64url');
  };
}

/** Reads a cursor back. Throws `BadUserInputError` for one that is damaged, or from another list or filter. */
export function decodeCursor(scope: CursorScope, cursor: string, path: InputPath): unknown {
  if (cursor.length > MAX_LENGTH) throw damagedCursor(path);
  const bytes = Buffer.from(cursor, 'base64url');
  const content = bytes.subarray(CHECKSUM_BYTES);
  // The decoder passes over characters that are none of base64url's, and over loose bits at the end.
  const isWhole = bytes.toString('base64url') === cursor && checksum(content).equals(bytes.subarray(0, CHECKSUM_BYTES));
  if (!isWhole || content.length === 0) throw damagedCursor(path);

  const [version, origin, position] = contentOf(content) ?? [];
  if (version !== VERSION) throw new BadUserInputError('The cursor comes from another version; start again.', path);
  if (origin !== fingerprint(scope)) {
    throw new BadUserInputError('The cursor comes from another list or filter; start again without it.', path);
  }
  return position;
}

/** What a cursor is refused with that is none of ours, or was changed. */
export function damagedCursor(path: InputPath): BadUserInputError {
  return new BadUserInputError('The cursor is damaged; use one exactly as it was given out.', path);
}

/** A checksum can be made by anybody: what it covers need not be ours. */
function contentOf(content: Buffer): readonly unknown[] | null {
  try {
    const parsed: unknown = JSON.parse(content.toString());
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** CRC-32 finds every change of a single character. */
function checksum(content: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(CHECKSUM_BYTES);
  bytes.writeUInt32BE(crc32(content));
  return bytes;
}

function fingerprint(scope: CursorScope): string {
  return hash('sha256', JSON.stringify(scope), 'base64url').slice(0, 10);
}
