import { hash as digest, randomBytes } from 'node:crypto';
import { ACCESS_SCOPES, type AccessScope, isAccessScope } from '../domain/access-scope.ts';
import { ConfigError, type Variable } from './variable.ts';

/** A caller's key as the operator configures it: the environment holds its hash only. */
export interface ApiKey {
  readonly name: string;
  /** SHA-256 of the key. */
  readonly hash: Buffer;
  readonly scopes: ReadonlySet<AccessScope>;
}

const ENTRY = /^([\w.-]{1,64}):([\da-f]{64}):([\w:+]+)$/i;

/** `GATEWAY_API_KEYS`: comma-separated `name:sha256-of-key:scope+scope`. */
export const apiKeysVariable: Variable<readonly ApiKey[]> = {
  name: 'GATEWAY_API_KEYS',
  help: "callers' keys: comma-separated name:sha256-of-key:scope+scope (`hookgraph key new` makes one)",
  parse: (text) => {
    const keys = (text ?? '')
      .split(',')
      .flatMap((entry, index) => (entry.trim() === '' ? [] : [parseKey(entry.trim(), index)]));
    const repeated = keys.find(({ name }, index) => keys.findIndex((other) => other.name === name) !== index);
    if (repeated) throw new ConfigError(`GATEWAY_API_KEYS names ${JSON.stringify(repeated.name)} twice.`);
    const isShared = keys.some(({ hash }, index) => keys.findIndex((other) => other.hash.equals(hash)) !== index);
    if (isShared) throw new ConfigError('GATEWAY_API_KEYS gives one key to two names.');
    return keys;
  },
};

function parseKey(entry: string, index: number): ApiKey {
  const [, name, hash, scopeText] = ENTRY.exec(entry) ?? [];
  const scopes = scopeText?.split('+') ?? [];
  if (name === undefined || hash === undefined || !scopes.every(isAccessScope)) {
    // The entry is not quoted: an operator may have put the key itself in the hash's place.
    throw new ConfigError(
      `GATEWAY_API_KEYS: entry ${index + 1} should be name:sha256-of-key:scope+scope, with scopes out of ${ACCESS_SCOPES.join(', ')}.`,
    );
  }
  return { name, hash: Buffer.from(hash, 'hex'), scopes: new Set(scopes) };
}

/** The hash under which a key is configured. */
export function hashApiKey(key: string): Buffer {
  return digest('sha256', key, 'buffer');
}

/** Makes a key of 256 random bits, and the entry of `GATEWAY_API_KEYS` that admits it. */
export function newApiKey(options: { readonly name: string; readonly scopes: readonly AccessScope[] }): {
  readonly key: string;
  readonly entry: string;
} {
  const key = `hg_${randomBytes(32).toString('base64url')}`;
  return { key, entry: `${options.name}:${hashApiKey(key).toString('hex')}:${options.scopes.join('+')}` };
}
