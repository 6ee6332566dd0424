/** How long the last keys are believed while new ones cannot be had. */
const MAX_STALE_MS = 3_600_000;
/** How long a failure is remembered, so that not every token asks a dead issuer again. */
const FAILURE_MS = 5_000;

/** The keys cannot be had. */
export class JwksUnavailableError extends Error {}

/** Fetches one document as `fetch` does. */
export type FetchJwks = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A fetch that outlives outages of the issuer: where it fails, the last good answer serves for an hour, and a failure
 * without one is not repeated for five seconds.
 */
export function createLastGoodFetch(
  options: { readonly fetch?: FetchJwks; readonly now?: () => number } = {},
): FetchJwks {
  // Not the clock of the machine: set back, it would keep a failure, and old keys, for as long.
  const { fetch = globalThis.fetch, now = () => performance.now() } = options;
  let last: { readonly text: string; readonly at: number } | undefined;
  let failure: { readonly error: unknown; readonly at: number } | undefined;

  async function fetchAnew(url: string, init: RequestInit): Promise<Response> {
    try {
      const response = await fetch(url, init);
      if (response.status !== 200) throw new Error(`the JWKS came with HTTP ${response.status}`);
      last = { text: await response.text(), at: now() };
      failure = undefined;
      return new Response(last.text);
    } catch (error) {
      const unavailable = new JwksUnavailableError('the JWKS did not come', { cause: error });
      failure = { error: unavailable, at: now() };
      throw unavailable;
    }
  }

  return async (url, init) => {
    try {
      if (failure && now() - failure.at < FAILURE_MS) throw failure.error;
      return await fetchAnew(url, init);
    } catch (error) {
      if (last && now() - last.at < MAX_STALE_MS) return new Response(last.text);
      throw error;
    }
  };
}
