import type { ErrorCode } from './errors.ts';

/** Every way in which an upstream call can fail, told apart as far as a client's next step differs. */
export type UpstreamFailure =
  /**
   * A complete answer with a status outside 2xx. `code` is what the provider's own words mean, where they say more than
   * the status; `endpoint` is `token` for an OAuth2 token endpoint.
   */
  | {
      readonly type: 'status';
      readonly status: number;
      readonly code?: ErrorCode;
      readonly endpoint?: 'token';
    }
  /** Connect, attempt or operation deadline. */
  | { readonly type: 'timeout' }
  /** Refused, reset, cut off, or a name that does not resolve. */
  | { readonly type: 'connection' }
  /** The circuit is open: the call was not made. */
  | { readonly type: 'circuit-open' }
  /** Complete, but not JSON, not UTF-8, over the cap, or not the contract's shape. */
  | { readonly type: 'invalid-answer' };

const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'BAD_USER_INPUT',
  401: 'UPSTREAM_UNAUTHENTICATED',
  402: 'PLAN_UPGRADE_REQUIRED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  408: 'UPSTREAM_TIMEOUT',
  409: 'CONFLICT',
  410: 'NOT_FOUND',
  422: 'UNPROCESSABLE',
  429: 'RATE_LIMITED',
};

/** A token endpoint is asked with the gateway's credentials and nothing of the client's: no code may blame its input. */
const TOKEN_CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  // RFC 6749 §5.2 has 400 for wrong credentials too.
  400: 'UPSTREAM_UNAUTHENTICATED',
  401: 'UPSTREAM_UNAUTHENTICATED',
  403: 'UPSTREAM_UNAUTHENTICATED',
  408: 'UPSTREAM_TIMEOUT',
  429: 'RATE_LIMITED',
};

/** The one way from an upstream failure to its code (docs/errors.md). */
export function codeOfFailure(failure: UpstreamFailure): ErrorCode {
  switch (failure.type) {
    case 'timeout':
      return 'UPSTREAM_TIMEOUT';
    case 'connection':
    case 'circuit-open':
      return 'UPSTREAM_UNAVAILABLE';
    case 'invalid-answer':
      return 'UPSTREAM_INVALID_RESPONSE';
    case 'status':
      return codeOfStatus(failure);
  }
}

function codeOfStatus({ status, code: said, endpoint }: Extract<UpstreamFailure, { type: 'status' }>): ErrorCode {
  if (said !== undefined) return said;
  const code = (endpoint === 'token' ? TOKEN_CODE_BY_STATUS : CODE_BY_STATUS)[status];
  if (code !== undefined) return code;
  if (status >= 500) return 'UPSTREAM_UNAVAILABLE';
  return status >= 400 ? 'UPSTREAM_REJECTED' : 'UPSTREAM_INVALID_RESPONSE';
}

/**
 * Whether a failed write may have been carried out all the same.
 * Never once it was definitively refused (any 4xx, and 503); else from the moment its first byte was sent.
 */
export function mayHaveSucceeded(failure: UpstreamFailure, write: { readonly wasSent: boolean }): boolean {
  if (!write.wasSent || failure.type === 'circuit-open') return false;
  if (failure.type !== 'status') return true;
  return failure.status !== 503 && (failure.status < 400 || failure.status >= 500);
}
