import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
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

type Decode = (bytes: Buffer, options: { readonly maxOutputLength: number; readonly chunkSize: number }) => Buffer;

const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
]);

/** A body at the cap is unpacked in 150 pieces; with Node's 16 KiB it takes several times as long. */
const CHUNK_BYTES = 65_536;

/**
 * Undoes a Content-Encoding, although we ask for none: some servers compress all the same. Throws when the body is
 * damaged, larger than `maxBytes` once unpacked, or packed in an unknown way. At once: in Node's threads, which know no
 * deadline, bodies would wait for each other for seconds, each with all that is unpacked of it; and what is at the cap costs
 * no more than to parse it.
 */
export function decodeContent(bytes: Buffer, encoding: string, maxBytes: number): Buffer {
  const decode = DECODERS.get(encoding.trim().toLowerCase());
  if (!decode) throw new Error('the body has an unknown content encoding');
  return decode(bytes, { maxOutputLength: maxBytes, chunkSize: CHUNK_BYTES });
}

/** Whether a Content-Encoding header asks for `decodeContent`. */
export function isEncoded(encoding: string | undefined): encoding is string {
  return encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity';
}
