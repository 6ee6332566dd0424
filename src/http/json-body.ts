import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { isModestJson } from '../domain/json-bounds.ts';

/** More than the fullest page has: 200 events of a thousand members. */
const MAX_VALUES = 500_000;

/**
 * Parses JSON as strictly as RFC 8259 §8.1 allows: UTF-8 without a byte order mark. Throws an error that quotes
 * nothing.
 */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new Error('the body is not UTF-8');
  if (!isModestJson(bytes, { maxValues: MAX_VALUES }))
    throw new Error('the body holds too many values, or too deep ones');
  try {
    // toString keeps a byte order mark, and JSON.parse refuses it.
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // Not as the cause: its message quotes the body.
    throw new Error('the body is not JSON');
  }
}

type Decode = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/**
 * Undoes a Content-Encoding, although we ask for none: some servers compress all the same. Throws when the body is
 * damaged, larger than `maxBytes` once unpacked, or packed in an unknown way.
 */
export async function decodeContent(bytes: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const decode = DECODERS.get(encoding.trim().toLowerCase());
  if (!decode) throw new Error('the body has an unknown content encoding');
  return decode(bytes, { maxOutputLength: maxBytes });
}

/** Whether a Content-Encoding header asks for `decodeContent`. */
export function isEncoded(encoding: string | undefined): encoding is string {
  return encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity';
}
