import { GraphQLError } from 'graphql';
import { HookgraphError, isRetryable, type Problem, UpstreamError, type UpstreamReport } from '../domain/errors.ts';
import { encodeWebhookId } from './global-id.ts';

/**
 * Turns an error of a field into what the client reads (docs/errors.md): the code, what the upstream said, and where in
 * the input the cause lies. `secrets` are removed from every text by value. Null for an error that is none of ours.
 */
export function toClientError(error: GraphQLError, secrets: ReadonlySet<string>): GraphQLError | null {
  const cause = error.originalError;
  if (cause instanceof HookgraphError) {
    const scrub = createScrubber(secrets);
    const { upstream, violations, ...own } = extensionsOf(cause);
    // Codes, names and paths are words of ours: a secret that happens to be one of them must not hide it.
    return withExtensions(error, scrub.text(cause.message), {
      ...own,
      ...(upstream && { upstream: scrub.json(upstream) }),
      ...(violations && {
        violations: violations.map(({ path, message }) => ({ path, message: scrub.text(message) })),
      }),
    });
  }
  return cause == null || cause instanceof GraphQLError ? error : null;
}

/** The same error, in the same place, with another message and other extensions. */
export function withExtensions(
  error: GraphQLError,
  message: string,
  extensions: Readonly<Record<string, unknown>>,
): GraphQLError {
  const { nodes = null, source = null, positions = null, path = null } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}

/** The extensions of an error of ours, before anything secret is removed. */
function extensionsOf(error: HookgraphError) {
  const { code, provider, violations } = error;
  return {
    code,
    ...(provider && { provider }),
    retryable: isRetryable(error),
    ...(error instanceof UpstreamError && { upstream: upstreamExtension(error) }),
    ...(violations.length > 0 && { violations }),
  };
}

function upstreamExtension(error: UpstreamError): UpstreamReport {
  const { status, traceId, timestamp, retryAfter, mayHaveSucceeded, problems } = error.upstream;
  const shown = problems.map((problem) => withWebhookId(error, problem));
  return { status, traceId, timestamp, retryAfter, mayHaveSucceeded, problems: shown };
}

/** A conflict names the other webhook by the provider's id; its global id is what the client can go on with. */
function withWebhookId({ code, provider }: UpstreamError, problem: Problem): Problem {
  const { id } = problem.meta;
  if (code !== 'CONFLICT' || provider === undefined || typeof id !== 'string') return problem;
  return { ...problem, meta: { ...problem.meta, webhookId: encodeWebhookId({ provider, providerId: id }) } };
}

const SCRUBBED = '[redacted]';
/** Userinfo, query and fragment of any URL: a receiver's often hold a key. */
const URL_SECRETS = /(\bhttps?:\/\/)([^\s/?#"'<>@]*@)?([^\s?#"'<>]*)(\?[^\s#"'<>]*)?/gi;

/** Removes secrets from texts, by value, and whatever a URL may hide. */
export function createScrubber(secrets: ReadonlySet<string>) {
  // The longest first: a secret that is part of another one must not leave the rest of it standing.
  const values = [...secrets].flatMap((secret) => [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    // As it stands in a JSON body that the upstream quotes.
    JSON.stringify(secret).slice(1, -1),
  ]);
  values.sort((a, b) => b.length - a.length);

  function text(raw: string): string {
    const withoutSecrets = values.reduce((rest, secret) => rest.replaceAll(secret, SCRUBBED), raw);
    return withoutSecrets.replace(URL_SECRETS, '$1$3');
  }

  function json<T>(value: T): T;
  function json(value: unknown): unknown {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map((item) => json(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [text(key), json(member)]));
  }

  return { text, json };
}
