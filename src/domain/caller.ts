import { ACCESS_SCOPES, type AccessScope } from './access-scope.ts';

/** Who sent a request, as far as it was proven. */
export interface Caller {
  /** For the log and the rate limit: the name of an API key, or a token's subject. Null: nobody was asked. */
  readonly name: string | null;
  readonly scopes: ReadonlySet<AccessScope>;
  /** When the proof ends, in ms since the epoch; undefined: never. */
  readonly expiresAtMs?: number;
}

/** Whoever can reach a gateway that asks for no credentials. */
export const ANYONE: Caller = { name: null, scopes: new Set(ACCESS_SCOPES) };
