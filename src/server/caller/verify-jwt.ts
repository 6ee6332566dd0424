import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from 'jose';
import type { JwtSettings } from '../../config/auth-settings.ts';
import { isAccessScope } from '../../domain/access-scope.ts';
import type { Caller } from '../../domain/caller.ts';
import { createLastGoodFetch, JwksUnavailableError } from './last-good-jwks.ts';

/** Checks a JWT; null where it proves nothing. Rejects where the keys cannot be had. */
export type VerifyJwt = (token: string) => Promise<Caller | null>;

/** Asymmetric algorithms only: with a shared secret whoever can check a token could make one. */
export const JWT_ALGORITHMS: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];

/** Checks JWTs against a JWKS, with issuer, audience and algorithms pinned and an end of life demanded (RFC 8725). */
export function createJwtVerifier({ jwksUrl, issuer, audience }: JwtSettings): VerifyJwt {
  const keys = createRemoteJWKSet(new URL(jwksUrl), { [customFetch]: createLastGoodFetch() });
  const terms = { issuer, audience, algorithms: [...JWT_ALGORITHMS], requiredClaims: ['exp'] };

  async function payloadOf(token: string): Promise<JWTPayload> {
    try {
      return (await jwtVerify(token, keys, terms)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      // A token that names no key may be signed with any of those that fit.
      for await (const key of error) {
        const verified = await jwtVerify(token, key, terms).catch(unlessSignedByAnother);
        if (verified) return verified.payload;
      }
      throw error;
    }
  }

  return async (token) => {
    try {
      const payload = await payloadOf(token);
      const scopes = typeof payload.scope === 'string' ? payload.scope.split(' ').filter(isAccessScope) : [];
      // No API key has a colon in its name: a subject cannot be taken for one.
      const name = `jwt:${payload.sub ?? ''}`;
      return { name, scopes: new Set(scopes), expiresAtMs: Number(payload.exp) * 1_000 };
    } catch (error) {
      if (isAboutKeys(error)) throw error;
      return null;
    }
  };
}

function unlessSignedByAnother(error: unknown): undefined {
  if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
}

/**
 * Not the caller's fault: the keys did not come, or are no keys. That the one key which a token names is of no use, such as too
 * short a one, is no reason to take all keys for missing.
 */
function isAboutKeys(error: unknown): boolean {
  // What came instead of a JWKS, such as a page.
  if (error instanceof errors.JOSEError && error.code === errors.JOSEError.code) return true;
  return [JwksUnavailableError, errors.JWKSTimeout, errors.JWKSInvalid].some((kind) => error instanceof kind);
}
