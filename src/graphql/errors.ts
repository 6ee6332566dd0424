import { GraphQLError } from 'graphql';
import { HookgraphError, isRetryable, type Problem, UpstreamError, type UpstreamReport } from '../domain/errors.ts';
import { encodeWebhookId } from './global-id.ts';
import type { Scrubber } from './scrubber.ts';

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
  const { nodes, source, positions, locations, path = null } = error;
  // Where it stands is known. Given its nodes, the library would look for it again, from the document's first line on.
  return Object.assign(new GraphQLError(message, { path, extensions }), { nodes, source, positions, locations });
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
