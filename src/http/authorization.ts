import { hash } from 'node:crypto';
import type { CallScope } from '../domain/call-scope.ts';

/** Credentials of one kind or another, as the client sees them: something that yields a header value. */
export interface Authorization {
  /** Identifies the credentials without telling them: a hash; the key of whatever is shared between calls. */
  readonly id: string;
  /** Whether a caller brought them along; else they are the gateway's. */
  readonly isCallers: boolean;
  /** The whole Authorization header value; at once where it is known already. */
  headerValue(scope: CallScope): string | Promise<string>;
  /** After a 401: what to show next, asked for anew, though it be `rejected` again; undefined where it is not asked for. */
  renew?(rejected: string, scope: CallScope): Promise<string | undefined>;
}

/** Credentials of the gateway that never change: an API key, or a ready token. */
export function staticAuthorization(headerValue: string): Authorization {
  return { id: credentialsHash('static', headerValue), isCallers: false, headerValue: () => headerValue };
}

/** What a caller brought along. */
export function callersAuthorization(headerValue: string): Authorization {
  return { id: credentialsHash('static', headerValue), isCallers: true, headerValue: () => headerValue };
}

/** SHA-256 of credentials; `kind` keeps equal texts of different kinds apart. */
export function credentialsHash(kind: string, credentials: string): string {
  return hash('sha256', `${kind}\0${credentials}`, 'base64url');
}

/** Tells the operation that neither the header value nor the bare credentials behind its scheme may ever be shown. */
export function keepAuthorizationSecret(headerValue: string, scope: CallScope): void {
  scope.keepSecret(headerValue);
  const bare = headerValue.slice(headerValue.indexOf(' ') + 1).trim();
  if (bare !== headerValue && bare !== '') scope.keepSecret(bare);
}
