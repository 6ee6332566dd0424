import { newApiKey } from '../config/api-key.ts';
import { ConfigError } from '../config/variable.ts';
import { ACCESS_SCOPES, isAccessScope } from '../domain/access-scope.ts';

/** `hookgraph key new NAME [SCOPE+SCOPE]`: what is printed. Throws `ConfigError` for a name or scope that cannot be. */
export function newKeyText([name, scopeText = 'webhooks:read']: readonly string[]): string {
  const scopes = scopeText.split('+');
  if (name === undefined || !/^[\w.-]{1,64}$/.test(name) || !scopes.every(isAccessScope)) {
    throw new ConfigError(
      `usage: hookgraph key new NAME [SCOPE+SCOPE], with scopes out of ${ACCESS_SCOPES.join(', ')}.`,
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
