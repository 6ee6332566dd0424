import type { ProviderName } from './provider-name.ts';

/** Every code that a client can meet in `extensions.code`, apart from GraphQL's own. docs/errors.md explains each. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'BAD_REQUEST'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'UPSTREAM_UNAUTHENTICATED'
  | 'PLAN_UPGRADE_REQUIRED'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'UNPROCESSABLE'
  | 'RATE_LIMITED'
  | 'LIMIT_EXCEEDED'
  | 'OVERLOADED'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_INVALID_RESPONSE'
  | 'UPSTREAM_REJECTED'
  | 'UNSUPPORTED_BY_PROVIDER'
  | 'PROVIDER_NOT_CONFIGURED'
  | 'INTERNAL_SERVER_ERROR';

/** A place in the client's own input, e.g. `['input', 'url']`. */
export type InputPath = readonly (string | number)[];

/** What is wrong with one argument, and where the client wrote it. */
export interface Violation {
  readonly path: InputPath;
  readonly message: string;
}

/** One entry of an upstream error body, whatever its shape was on the wire. */
export interface Problem {
  readonly title: string | null;
  readonly detail: string | null;
  readonly type: string | null;
  /** Whatever else the provider said, as it wrote it. */
  readonly meta: Readonly<Record<string, unknown>>;
}

/** What an upstream answered, or did not answer, as clients see it under `extensions.upstream`. */
export interface UpstreamReport {
  /** HTTP status; null where there was no answer. */
  readonly status: number | null;
  readonly traceId: string | null;
  readonly timestamp: string | null;
  /** Seconds. */
  readonly retryAfter: number | null;
  /** True for a write that may have been carried out although it failed here. */
  readonly mayHaveSucceeded: boolean;
  readonly problems: readonly Problem[];
}

interface ErrorDetails {
  readonly provider?: ProviderName;
  readonly violations?: readonly Violation[];
  readonly cause?: unknown;
}

/** The base of every error that a client is meant to read; anything else is masked. */
export class HookgraphError extends Error {
  readonly code: ErrorCode;
  readonly provider: ProviderName | undefined;
  readonly violations: readonly Violation[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.provider = details.provider;
    this.violations = details.violations ?? [];
  }
}

/** An argument that cannot be used; `path` is where the client wrote it. */
export class BadUserInputError extends HookgraphError {
  constructor(message: string, path?: InputPath, details: Pick<ErrorDetails, 'provider' | 'cause'> = {}) {
    super('BAD_USER_INPUT', message, { ...details, ...(path && { violations: [{ path, message }] }) });
  }
}

/** The provider's API has no such operation. */
export class UnsupportedByProviderError extends HookgraphError {
  constructor(provider: ProviderName, what: string) {
    super('UNSUPPORTED_BY_PROVIDER', `The API of ${provider} cannot ${what}; see capabilities.`, { provider });
  }
}

/** There are no credentials to call the provider with: neither the gateway's own, nor the caller's. */
export class ProviderNotConfiguredError extends HookgraphError {
  constructor(provider: ProviderName) {
    super('PROVIDER_NOT_CONFIGURED', `This gateway has no credentials for ${provider}.`, { provider });
  }
}

/** The operation asks for more than it may, e.g. upstream calls. */
export class LimitExceededError extends HookgraphError {
  constructor(message: string) {
    super('LIMIT_EXCEEDED', message);
  }
}

/** The gateway's own queue to an upstream is full. */
export class OverloadedError extends HookgraphError {
  constructor(provider: ProviderName) {
    super('OVERLOADED', `Too many calls are waiting for ${provider}; try again later.`, { provider });
  }
}

/** An upstream refused, failed, or answered what it must not. */
export class UpstreamError extends HookgraphError {
  declare readonly provider: ProviderName;
  readonly upstream: UpstreamReport;

  constructor(
    code: ErrorCode,
    message: string,
    details: ErrorDetails & { readonly provider: ProviderName; readonly upstream: UpstreamReport },
  ) {
    super(code, message, details);
    this.upstream = details.upstream;
  }
}

const RETRYABLE_CODES: ReadonlySet<ErrorCode> = new Set([
  'RATE_LIMITED',
  'OVERLOADED',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
]);

/** Whether the same request can be sent again unchanged without the risk of doing something twice. */
export function isRetryable(error: HookgraphError): boolean {
  if (error instanceof UpstreamError && error.upstream.mayHaveSucceeded) return false;
  return RETRYABLE_CODES.has(error.code);
}
