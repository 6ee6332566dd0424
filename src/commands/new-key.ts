import { newApiKey } from '../config/api-key.ts';
import { ConfigError } from '../config/variable.ts';
import { ACCESS_SCOPES, type AccessScope, isAccessScope } from '../domain/access-scope.ts';

const DEFAULT_SCOPE: AccessScope = 'webhooks:read';

/**
 * `hookgraph key new NAME [SCOPE+SCOPE]`: what is printed. Throws `ConfigError` for a name or scope that cannot be, and for a
 * scope too many: it stands behind a space in place of a plus, and the key would lack it.
 */
export function newKeyText([name, scopeText = DEFAULT_SCOPE, ...others]: readonly string[]): string {
  const scopes = scopeText.split('+');
  const isName = name !== undefined && /^[\w.-]{1,64}$/.test(name);
  if (!isName || !scopes.every(isAccessScope) || others.length > 0) {
    throw new ConfigError(
      `usage: hookgraph key new NAME [SCOPE+SCOPE], with a name of letters, digits, _, . and -, and scopes out of ${ACCESS_SCOPES.join(', ')} (${DEFAULT_SCOPE} where none is said).`,
    );
  }
  const { key, entry } = newApiKey({ name, scopes });
  return [
    `The key, for the caller; it is shown this once: ${key}`,
    `Its entry, for the gateway: GATEWAY_API_KEYS=${entry}`,
    '(more entries are separated by commas)',
    '',
  ].join('\n');
}
