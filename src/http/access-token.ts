import type { CallScope } from '../domain/call-scope.ts';
import { abortSignalOf } from '../domain/call-signal.ts';
import { UpstreamError } from '../domain/errors.ts';
import type { SharedToken, TokenOnLoan } from '../state/shared-token.ts';
import { type Authorization, credentialsHash } from './authorization.ts';
import { createSingleFlight } from './single-flight.ts';

/** How long a token without a usable `expires_in` is kept. */
const UNKNOWN_LIFETIME_MS = 60_000;
/** A token is renewed this long before its end, or a tenth of its life if that is shorter. */
const RENEWAL_MARGIN_MS = 60_000;
/** Whoever could go on with the last token does so once its renewal has taken this long. */
const RENEWAL_PATIENCE_MS = 500;
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 5_000;
/** An upstream that refuses even fresh tokens must not turn each call into a token call. */
const MAX_RENEWALS = 5;
const RENEWALS_WINDOW_MS = 5_000;

interface AccessToken {
  readonly headerValue: string;
  readonly renewAt: number;
  readonly expiresAt: number;
}

/**
 * A source of bearer tokens (RFC 6750 §2.1) by OAuth2 client credentials (RFC 6749 §4.4): fetched on first need, kept
 * until shortly before its end, one fetch however many wait, on however many instances where they share it. A
 * failed fetch is remembered for 1 s, then longer, at most 5 s; a token that is to be renewed, or was refused, serves on
 * where another does not come soon.
 * `fetchToken` makes the call; whatever it throws is what callers get.
 */
export function createAccessTokenSource({
  fetchToken,
  credentialsId,
  shared = null,
  // Not the clock of the machine: set back, it would keep a failure remembered for as long.
  now = () => performance.now(),
}: {
  readonly fetchToken: (
    scope: CallScope,
  ) => Promise<{ readonly accessToken: string; readonly expiresInSeconds: number | undefined }>;
  readonly credentialsId: string;
  /** Where the instances leave it for each other. */
  readonly shared?: SharedToken | null;
  readonly now?: () => number;
}): Authorization {
  const flights = createSingleFlight<string>();
  let token: AccessToken | undefined;
  /** The token that was refused last, until there is another: it may be the best that can be had. */
  let doubted: AccessToken | undefined;
  /** The last ones that were refused: where tokens are shared, an older one may come back. */
  let refused: readonly string[] = [];
  /** Of the fetch under way, or of the last one; by the clock of timers, which a test's `now` is not. */
  let fetchBegunAt = 0;
  let failure: { readonly error: UpstreamError; readonly until: number; readonly backoffMs: number } | undefined;
  let renewals: readonly number[] = [];

  async function fetchAnew(scope: CallScope): Promise<TokenOnLoan> {
    const { accessToken, expiresInSeconds } = await fetchToken(scope);
    const isLifetimeKnown = Number.isFinite(expiresInSeconds) && Number(expiresInSeconds) > 0;
    const lifetimeMs = isLifetimeKnown ? Number(expiresInSeconds) * 1000 : UNKNOWN_LIFETIME_MS;
    const graceMs = Math.min(RENEWAL_MARGIN_MS, lifetimeMs / 10);
    return { headerValue: `Bearer ${accessToken}`, freshMs: lifetimeMs - graceMs, graceMs };
  }

  async function obtain(scope: CallScope): Promise<string> {
    const fetch = () => fetchAnew(scope);
    const isFit = (headerValue: string) => !refused.includes(headerValue);
    try {
      const loan = shared ? await shared.obtain({ isFit, fetch, signal: abortSignalOf(scope.signal) }) : await fetch();
      const renewAt = now() + loan.freshMs;
      token = { headerValue: loan.headerValue, renewAt, expiresAt: renewAt + loan.graceMs };
      doubted = undefined;
      failure = undefined;
      return loan.headerValue;
    } catch (error) {
      // A 401 may speak of what one call asked for: as long as no other can be had, it serves the others as before.
      token ??= doubted;
      // Neither a departure nor a limit of our own says anything about the endpoint.
      if (error instanceof UpstreamError && !scope.signal.aborted) {
        const backoffMs = Math.min(failure ? failure.backoffMs * 2 : FIRST_BACKOFF_MS, MAX_BACKOFF_MS);
        failure = { error, until: now() + backoffMs, backoffMs };
      }
      throw error;
    }
  }

  async function fetchOnce(scope: CallScope): Promise<string> {
    if (failure && now() < failure.until) throw failure.error;
    const call = { group: '', key: '', scope };
    const underWay = flights.join(call);
    if (underWay) return underWay;
    fetchBegunAt = performance.now();
    return flights.lead(call, obtain);
  }

  function currentValue(scope: CallScope): string | Promise<string> {
    return token && now() < token.renewAt ? token.headerValue : renewedValue(scope);
  }

  async function renewedValue(scope: CallScope): Promise<string> {
    const last = token ?? doubted;
    try {
      const renewed = fetchOnce(scope);
      return await (last && now() < last.expiresAt ? orElseSoon(renewed, last.headerValue) : renewed);
    } catch (error) {
      if (token && now() < token.expiresAt && !scope.signal.aborted) return token.headerValue;
      throw error;
    }
  }

  /** Otherwise an endpoint that hangs would hold up every call for as long, though a valid token is there for it. */
  function orElseSoon(renewed: Promise<string>, last: string): Promise<string> {
    const patienceMs = fetchBegunAt + RENEWAL_PATIENCE_MS - performance.now();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, Math.max(0, patienceMs), last);
      renewed.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  return {
    id: credentialsHash('token', credentialsId),
    isCallers: false,
    headerValue: currentValue,
    async renew(rejected, scope) {
      if (token?.headerValue === rejected) {
        // While none can be had, whoever is refused uses up no renewal.
        if (failure && now() < failure.until) throw failure.error;
        renewals = renewals.filter((at) => at > now() - RENEWALS_WINDOW_MS);
        if (renewals.length >= MAX_RENEWALS) return undefined;
        renewals = [...renewals, now()];
        doubted = token;
        token = undefined;
        refused = [...refused, rejected].slice(-MAX_RENEWALS);
      }
      // The endpoint may hand out the same once more: it stands by it, and the refusal may have been a passing one.
      return token ? currentValue(scope) : fetchOnce(scope);
    },
  };
}
