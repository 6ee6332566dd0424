import { GraphQLError } from 'graphql';
import { HookgraphError, isRetryable, type Problem, UpstreamError, type UpstreamReport } from '../domain/errors.ts';
import { encodeWebhookId } from './global-id.ts';
import { withoutUriSecrets, withoutUrlSecrets } from './url-secrets.ts';

/**
 * Turns an error of a field into what the client reads (docs/errors.md): the code, what the upstream said, and where in
 * the input the cause lies; nothing secret is left in its texts. Null for an error that is none of ours.
 */
export function toClientError(error: GraphQLError, scrub: Scrubber): GraphQLError | null {
  const cause = error.originalError;
  if (cause instanceof HookgraphError) {
    const { upstream, violations, ...own } = extensionsOf(cause);
    // Codes, names and paths are words of ours: a secret that happens to be one of them must not hide it.
    return withExtensions(error, scrub.text(cause.message), {
      ...own,
      ...(upstream && { upstream: scrubbed(upstream, scrub) }),
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
  if (code !== 'CONFLICT' || typeof id !== 'string') return problem;
  return { ...problem, meta: { ...problem.meta, webhookId: encodeWebhookId({ provider, providerId: id }) } };
}

/** A type names a page that explains it, with its chapter; every other URL may be a receiver's. */
function scrubbed(upstream: UpstreamReport, scrub: Scrubber): UpstreamReport {
  const problems = upstream.problems.map((problem) => ({
    ...scrub.json(problem),
    type: problem.type === null ? null : scrub.uri(problem.type),
  }));
  return { ...scrub.json({ ...upstream, problems: [] }), problems };
}

const SCRUBBED = '[redacted]';

/** Removes secrets from texts, by value, and whatever a URL may hide. */
export type Scrubber = ReturnType<typeof createScrubber>;

/** Makes one of all secrets. An operation has hundreds of them where webhooks have: one scrubber serves all its errors. */
export function createScrubber(secrets: ReadonlySet<string>) {
  const spellings = [...secrets].flatMap((secret) => [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    // As it stands in a JSON body that the upstream quotes.
    JSON.stringify(secret).slice(1, -1),
  ]);
  // The longest first: a secret that is part of another one must not leave the rest of it standing. Most are spelled alike
  // everywhere.
  const values = [...new Set(spellings)].sort((a, b) => b.length - a.length);

  const withoutValues = (raw: string) => values.reduce((rest, secret) => rest.replaceAll(secret, SCRUBBED), raw);
  const text = (raw: string) => withoutUrlSecrets(withoutValues(raw));
  const uri = (raw: string) => withoutUriSecrets(withoutValues(raw));

  function json<T>(value: T): T;
  function json(value: unknown): unknown {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map((item) => json(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [text(key), json(member)]));
  }

  return { text, uri, json };
}
