/** What a caller may do, the least first; each covers all before it. */
export const ACCESS_SCOPES = ['webhooks:read', 'webhooks:test', 'webhooks:write'] as const;

export type AccessScope = (typeof ACCESS_SCOPES)[number];

/** Whether a text is one of our scopes. */
export function isAccessScope(text: string): text is AccessScope {
  return ACCESS_SCOPES.some((scope) => scope === text);
}

/** Whether granted scopes suffice: `webhooks:write` covers `webhooks:test`, which covers `webhooks:read`. */
export function covers(granted: ReadonlySet<AccessScope>, needed: AccessScope): boolean {
  const enough = ACCESS_SCOPES.slice(ACCESS_SCOPES.indexOf(needed));
  return enough.some((scope) => granted.has(scope));
}
