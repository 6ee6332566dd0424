import type { FailureStatus } from './problems.ts';

export const READ_SCOPE = 'personio:webhooks:read';
export const WRITE_SCOPE = 'personio:webhooks:write';

/** An API credential of the sandbox and the part that it plays. */
export interface PersonioClient {
  readonly secrets: readonly string[];
  readonly scopes: readonly string[];
  /** The token endpoint refuses it with this error. */
  readonly tokenError?: 'invalid_client' | 'unauthorized_client' | 'invalid_grant';
  /** It gets tokens, but every webhook operation ends like this. */
  readonly webhooksAnswer?: 401 | 429 | FailureStatus;
}

const ordinary: PersonioClient = { secrets: ['sandbox-secret'], scopes: [READ_SCOPE, WRITE_SCOPE] };

/**
 * The client ids of the sandbox; the secret is always `sandbox-secret`.
 *
 * | client id | what it shows |
 * | --- | --- |
 * | `papi-sandbox` | everything is allowed |
 * | `papi-sandbox-read-only` | has the read scope only: 403 on writes |
 * | `papi-sandbox-refused` | 400 invalid_client from the token endpoint |
 * | `papi-sandbox-unauthorized` | 400 unauthorized_client from the token endpoint |
 * | `papi-sandbox-expired` | 400 invalid_grant from the token endpoint |
 * | `papi-sandbox-distrusted` | gets tokens that no webhook operation accepts: 401 |
 * | `papi-sandbox-throttled` | 429 with Retry-After on every webhook operation |
 * | `papi-sandbox-500`, `-502`, `-503`, `-504` | that failure on every webhook operation |
 * | `papi-baaaaaad-c0de-fade-baad-00000000001d` | the one of the OpenAPI file's examples, with their secrets |
 */
export const PERSONIO_CLIENTS: Readonly<Record<string, PersonioClient>> = {
  'papi-sandbox': ordinary,
  'papi-sandbox-read-only': { ...ordinary, scopes: [READ_SCOPE] },
  'papi-sandbox-refused': { ...ordinary, tokenError: 'invalid_client' },
  'papi-sandbox-unauthorized': { ...ordinary, tokenError: 'unauthorized_client' },
  'papi-sandbox-expired': { ...ordinary, tokenError: 'invalid_grant' },
  'papi-sandbox-distrusted': { ...ordinary, webhooksAnswer: 401 },
  'papi-sandbox-throttled': { ...ordinary, webhooksAnswer: 429 },
  'papi-sandbox-500': { ...ordinary, webhooksAnswer: 500 },
  'papi-sandbox-502': { ...ordinary, webhooksAnswer: 502 },
  'papi-sandbox-503': { ...ordinary, webhooksAnswer: 503 },
  'papi-sandbox-504': { ...ordinary, webhooksAnswer: 504 },
  'papi-baaaaaad-c0de-fade-baad-00000000001d': {
    ...ordinary,
    secrets: ['verY-Secret-p4ssw0rd', 'verY-s3cr3t-p4ssw0rd'],
  },
};
