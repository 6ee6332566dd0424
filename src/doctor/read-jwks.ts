import { importJWK, type JWK } from 'jose';
import { JWT_ALGORITHMS } from '../server/caller/verify-jwt.ts';

/** What a JWKS holds, or why it is of no use. */
export type JwksReading =
  | { readonly usable: number; readonly all: number }
  | { readonly problem: string; readonly remedy: string };

/** As long as the gateway itself waits for the keys (jose's default). */
const TIMEOUT_MS = 5_000;

/** Reads the keys of JWTs as the gateway does: no redirects. Rejects where nothing answers. */
export async function readJwks(url: string, signal: AbortSignal): Promise<JwksReading> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    const remedy = 'Check GATEWAY_JWKS_URL: it has to answer 200 by itself, without redirects and credentials.';
    return { problem: `HTTP ${response.status} instead of keys`, remedy };
  }
  const keys = keysIn(await response.text());
  if (!keys) {
    const remedy = 'Check GATEWAY_JWKS_URL: the issuer names it as jwks_uri under /.well-known/openid-configuration.';
    return { problem: 'what it answers is no JWKS', remedy };
  }
  const areUsable = await Promise.all(keys.map(isUsable));
  const usable = areUsable.filter(Boolean).length;
  if (usable === 0) {
    const remedy = `The issuer has to sign with one of ${JWT_ALGORITHMS.join(', ')}.`;
    return { problem: `none of its ${keys.length} keys can check a signature`, remedy };
  }
  return { usable, all: keys.length };
}

/** Undefined where the text is no JWKS (RFC 7517 §5). */
function keysIn(text: string): readonly unknown[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const keys = typeof json === 'object' && json !== null && 'keys' in json ? json.keys : undefined;
  return Array.isArray(keys) ? keys : undefined;
}

/** Which of our algorithms a key without `alg` would serve. */
const ALGORITHM_BY_KIND: Readonly<Record<string, string>> = {
  RSA: 'RS256',
  'EC P-256': 'ES256',
  'EC P-384': 'ES384',
  'EC P-521': 'ES512',
  'OKP Ed25519': 'EdDSA',
};

async function isUsable(key: unknown): Promise<boolean> {
  if (typeof key !== 'object' || key === null) return false;
  const { kty, crv, use, alg }: JWK = key;
  const algorithm = alg ?? ALGORITHM_BY_KIND[kty === 'RSA' ? kty : `${kty} ${crv}`];
  if (use === 'enc' || algorithm === undefined || !JWT_ALGORITHMS.includes(algorithm)) return false;
  try {
    const imported = await importJWK({ ...key }, algorithm);
    // jose refuses shorter ones when they are used (RFC 7518 §3.3).
    return !(imported instanceof Uint8Array) && !isShortRsa(imported.algorithm);
  } catch {
    // Not a key, whatever it says: the number of usable ones tells.
    return false;
  }
}

function isShortRsa(algorithm: object): boolean {
  return 'modulusLength' in algorithm && Number(algorithm.modulusLength) < 2_048;
}
