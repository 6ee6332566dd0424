import { timingSafeEqual } from 'node:crypto';
import { type ApiKey, hashApiKey } from '../../config/api-key.ts';
import type { Caller } from '../../domain/caller.ts';

/** Finds whose key it is; null where it is nobody's. Every key is compared, in constant time. */
export function verifyApiKey(keys: readonly ApiKey[], shown: string): Caller | null {
  const hash = hashApiKey(shown);
  let found: Caller | null = null;
  for (const { name, hash: known, scopes } of keys) if (timingSafeEqual(hash, known)) found = { name, scopes };
  return found;
}
