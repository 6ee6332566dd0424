/**
 * A text without its percent encoding; undefined where a % encodes nothing, as in many a generated password, at which a
 * client library would throw.
 */
export function percentDecoded(text: string): string | undefined {
  // The value is used: a call for nothing but its error is dropped from the bundle.
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
