import type { WebhookProvider } from './documents/graphql.ts';

/** What is wrong with one argument; `path` is where the client wrote it, e.g. `['input', 'url']`. */
export interface Violation {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** One entry of what the provider said. */
export interface Problem {
  readonly title: string | null;
  readonly detail: string | null;
  readonly type: string | null;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** What the provider answered; `status` is null where no answer came. */
export interface UpstreamReport {
  readonly status: number | null;
  readonly traceId: string | null;
  readonly timestamp: string | null;
  /** Seconds. */
  readonly retryAfter: number | null;
  /** True for a write that may have been carried out although it failed here. */
  readonly mayHaveSucceeded: boolean;
  readonly problems: readonly Problem[];
}

interface ErrorOf<Code extends string> {
  readonly code: Code;
  readonly message: string;
  /** The field that failed; empty where the whole request did. */
  readonly path: readonly (string | number)[];
  /** Whether the same request can be sent again unchanged. */
  readonly isRetryable: boolean;
  /** Names the request in the gateway's log. */
  readonly requestId: string | null;
}

interface OfProvider {
  readonly provider: WebhookProvider;
}

interface OfUpstream extends OfProvider {
  readonly upstream: UpstreamReport;
}

/** What concerns a provider only where the provider refused, and not the gateway itself. */
interface MaybeOfUpstream {
  readonly provider: WebhookProvider | null;
  readonly upstream: UpstreamReport | null;
}

interface WithRetry {
  /** When to try again; null where nobody says. */
  readonly retryAfterSeconds: number | null;
}

interface WithViolations {
  readonly violations: readonly Violation[];
}

/** The request as a whole was refused, or is not GraphQL. */
export type RefusedRequestError = ErrorOf<
  | 'BAD_REQUEST'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'LIMIT_EXCEEDED'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  | 'UNAUTHENTICATED'
>;

/** A fault of the gateway; `retryAfterSeconds` is there where callers' tokens cannot be checked at the moment. */
export type GatewayFaultError = ErrorOf<'INTERNAL_SERVER_ERROR'> & WithRetry;

/** An argument is at fault: `violations` say which, where that can be told. */
export type InputError = ErrorOf<'BAD_USER_INPUT'> & WithViolations & MaybeOfUpstream;

/** The provider refused the input: `violations` say which argument, where that can be told. */
export type RefusedInputError = ErrorOf<'CONFLICT' | 'UNPROCESSABLE'> & WithViolations & OfUpstream;

/** Not allowed: by the provider, or by the gateway where `provider` is null. */
export type ForbiddenError = ErrorOf<'FORBIDDEN'> & MaybeOfUpstream;

/** `provider` is null where an id leads nowhere at all. */
export type NotFoundError = ErrorOf<'NOT_FOUND'> & MaybeOfUpstream;

/** Too many requests: to the provider, or to the gateway where `provider` is null. */
export type RateLimitedError = ErrorOf<'RATE_LIMITED'> & MaybeOfUpstream & WithRetry;

/** The provider failed, refused the gateway, or answered what it must not. */
export type UpstreamFailedError = ErrorOf<
  | 'PLAN_UPGRADE_REQUIRED'
  | 'UPSTREAM_INVALID_RESPONSE'
  | 'UPSTREAM_REJECTED'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAUTHENTICATED'
  | 'UPSTREAM_UNAVAILABLE'
> &
  OfUpstream;

/** The provider cannot be asked for this: not now, not by this gateway, or not at all. */
export type ProviderError = ErrorOf<'OVERLOADED' | 'PROVIDER_NOT_CONFIGURED' | 'UNSUPPORTED_BY_PROVIDER'> & OfProvider;

/** An error that this version of the client does not know, e.g. one of a gateway in front; `extensions` as they came. */
export type UnknownError = ErrorOf<'UNKNOWN'> & { readonly extensions: Readonly<Record<string, unknown>> };

/** An error of hookgraph's, told apart by `code`; docs/errors.md says what to do about each. */
export type HookgraphError =
  | RefusedRequestError
  | GatewayFaultError
  | InputError
  | RefusedInputError
  | ForbiddenError
  | NotFoundError
  | RateLimitedError
  | UpstreamFailedError
  | ProviderError
  | UnknownError;

/** Every code that an error can have here. */
export type HookgraphErrorCode = HookgraphError['code'];

/**
 * Reads the errors out of whatever a client has in its hands: the `errors` of an answer, the answer itself, urql's
 * CombinedError, Apollo's CombinedGraphQLErrors. Empty where there is no GraphQL error in it, e.g. for a lost connection.
 */
export function hookgraphErrors(source: unknown): readonly HookgraphError[] {
  const { graphQLErrors, errors } = members(source);
  const list = [source, graphQLErrors, errors].find(Array.isArray) ?? [];
  return list.map(toHookgraphError);
}

/** Reads one GraphQL error. What lacks something that its code promises is UNKNOWN. */
export function toHookgraphError(error: unknown): HookgraphError {
  const { message, path, extensions: given } = members(error);
  const extensions = members(given);
  const base = {
    message: typeof message === 'string' ? message : 'Unknown error.',
    path: Array.isArray(path) ? path.filter(isPathStep) : [],
    isRetryable: extensions.retryable === true,
    requestId: textOrNull(extensions.requestId),
  };
  const provider = providerOf(extensions.provider);
  const upstream = upstreamOf(extensions.upstream);
  const violations = listOf(extensions.violations).map(toViolation);
  const code = extensions.code;

  switch (code) {
    case 'BAD_REQUEST':
    case 'GRAPHQL_PARSE_FAILED':
    case 'GRAPHQL_VALIDATION_FAILED':
    case 'LIMIT_EXCEEDED':
    case 'PERSISTED_QUERY_NOT_FOUND':
    case 'PERSISTED_QUERY_NOT_SUPPORTED':
    case 'UNAUTHENTICATED':
      return { ...base, code };
    case 'INTERNAL_SERVER_ERROR':
      return { ...base, code, retryAfterSeconds: numberOrNull(extensions.retryAfter) };
    case 'BAD_USER_INPUT':
      return { ...base, code, violations, provider, upstream };
    case 'FORBIDDEN':
    case 'NOT_FOUND':
      return { ...base, code, provider, upstream };
    case 'RATE_LIMITED': {
      const retryAfterSeconds = numberOrNull(extensions.retryAfter) ?? upstream?.retryAfter ?? null;
      return { ...base, code, provider, upstream, retryAfterSeconds };
    }
    case 'CONFLICT':
    case 'UNPROCESSABLE':
      if (provider && upstream) return { ...base, code, violations, provider, upstream };
      break;
    case 'PLAN_UPGRADE_REQUIRED':
    case 'UPSTREAM_INVALID_RESPONSE':
    case 'UPSTREAM_REJECTED':
    case 'UPSTREAM_TIMEOUT':
    case 'UPSTREAM_UNAUTHENTICATED':
    case 'UPSTREAM_UNAVAILABLE':
      if (provider && upstream) return { ...base, code, provider, upstream };
      break;
    case 'OVERLOADED':
    case 'PROVIDER_NOT_CONFIGURED':
    case 'UNSUPPORTED_BY_PROVIDER':
      if (provider) return { ...base, code, provider };
      break;
  }
  return { ...base, code: 'UNKNOWN', extensions };
}

function upstreamOf(value: unknown): UpstreamReport | null {
  if (typeof value !== 'object' || value === null) return null;
  const { status, traceId, timestamp, retryAfter, mayHaveSucceeded, problems } = members(value);
  return {
    status: numberOrNull(status),
    traceId: textOrNull(traceId),
    timestamp: textOrNull(timestamp),
    retryAfter: numberOrNull(retryAfter),
    mayHaveSucceeded: mayHaveSucceeded === true,
    problems: listOf(problems).map(toProblem),
  };
}

function toProblem(value: unknown): Problem {
  const { title, detail, type, meta } = members(value);
  return { title: textOrNull(title), detail: textOrNull(detail), type: textOrNull(type), meta: members(meta) };
}

function toViolation(value: unknown): Violation {
  const { path, message } = members(value);
  return { path: listOf(path).filter(isPathStep), message: textOrNull(message) ?? '' };
}

const PROVIDERS: Readonly<Record<WebhookProvider, true>> = { PERSONIO: true, TRULAYER: true };

function providerOf(value: unknown): WebhookProvider | null {
  const names = Object.keys(PROVIDERS) as WebhookProvider[];
  return names.find((name) => name === value) ?? null;
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  // Not spread: the members of an error class may not be its own.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isPathStep(step: unknown): step is string | number {
  return typeof step === 'string' || typeof step === 'number';
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
