/**
 * A URL with its query and fragment. Those run to white space or to what encloses a URL in a text; a quote may be part of
 * them. All of it is consumed, found or not: what has to be looked for again and again would take quadratic time.
 */
const URL_IN_TEXT = /(https?:[^\s?#]*)(?:[?#][^\s<>"]*)?/gi;

/**
 * From the scheme to the path. The slashes may be any number of either kind (WHATWG URL), as JSON escapes them too; those
 * behind another scheme do not end it, for `https://a,https://b:c@d` has its userinfo in the second.
 */
const AUTHORITY = /(https?:[\\/]*)([^\s/?#]*(?:(?<=https?:)[\\/]+[^\s/?#]*)*)/gi;

/** A text whose URLs have lost userinfo, query and fragment: those of a receiver often hold a key. */
export function withoutUrlSecrets(text: string): string {
  return text.replace(URL_IN_TEXT, '$1').replace(AUTHORITY, (_whole, scheme: string, authority: string) => {
    // A password may hold an `@` itself.
    return scheme + authority.slice(authority.lastIndexOf('@') + 1);
  });
}

/** The same for the URI of a problem's type (RFC 9457 §3.1.1), whose fragment may stay where it names a chapter. */
export function withoutUriSecrets(uri: string): string {
  const anchor = /^[^\s#]*(#[\w.-]+)$/.exec(uri)?.[1] ?? '';
  return withoutUrlSecrets(uri.slice(0, uri.length - anchor.length)) + anchor;
}
