/** Shorter texts hold nothing that takes long to parse. */
const SHORT_LENGTH = 65_536;
const MAX_DEPTH = 200;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * Whether JSON text, as UTF-8, is worth parsing. `maxValues` are objects, lists and their members, all together, each of
 * which takes some fifty bytes and a tenth of a microsecond once it is parsed: ten megabytes of `{},{},` are three million
 * objects, and a list in a list in a list takes V8 a hundred times as long as plain text of that length. To look costs a
 * fraction of parsing; what is no JSON is for the parser to refuse.
 */
export function isModestJson(bytes: Uint8Array, { maxValues }: { readonly maxValues: number }): boolean {
  if (bytes.length <= SHORT_LENGTH) return true;
  let depth = 0;
  let values = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    // Not by sets of bytes: this looks at each of millions.
    switch (bytes[at]) {
      case QUOTE:
        at = endOfString(bytes, at);
        break;
      case OPENING_BRACKET:
      case OPENING_BRACE:
        depth += 1;
        values += 1;
        break;
      case CLOSING_BRACKET:
      case CLOSING_BRACE:
        depth -= 1;
        break;
      case COMMA:
        values += 1;
        break;
    }
    if (depth > MAX_DEPTH || values > maxValues) return false;
  }
  return true;
}

/** Where the string that begins at `start` ends. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let end = bytes.indexOf(QUOTE, start + 1); end !== -1; end = bytes.indexOf(QUOTE, end + 1)) {
    let backslashes = 0;
    while (bytes[end - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return bytes.length;
}
