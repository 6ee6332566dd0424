import type { ApiKey } from '../../config/api-key.ts';
import type { Caller } from '../../domain/caller.ts';
import { verifyApiKey } from './verify-api-key.ts';

/** The key or token of an `Authorization: Bearer …`; undefined where there is none. */
export function shownBearer(authorization: string | null | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}

/** The caller whose API key is shown; null for anything else, which may still be a good token. */
export function callerByKey(keys: readonly ApiKey[], authorization: string | null | undefined): Caller | null {
  const shown = shownBearer(authorization);
  return shown === undefined ? null : verifyApiKey(keys, shown);
}
