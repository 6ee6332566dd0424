const HEADERS: readonly (readonly [string, string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['x-frame-options', 'DENY'],
  ['cross-origin-resource-policy', 'same-origin'],
  // Answers hold what one caller may see.
  ['cache-control', 'no-store'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
];

/** What every answer says, unless it says something else already. */
export function securityHeaders({ isCorsOn }: { readonly isCorsOn: boolean }): readonly (readonly [string, string])[] {
  // Listed origins are to read the answers; which CORS headers an answer has depends on who asks.
  return isCorsOn
    ? [...HEADERS.filter(([name]) => name !== 'cross-origin-resource-policy'), ['vary', 'origin']]
    : HEADERS;
}
