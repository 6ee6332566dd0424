import type { Plugin } from 'graphql-yoga';
import type { AuthSettings, JwtSettings } from '../../config/auth-settings.ts';
import { ANYONE, type Caller } from '../../domain/caller.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { shownBearer } from '../caller/caller-by-key.ts';
import { verifyApiKey } from '../caller/verify-api-key.ts';
import type { VerifyJwt } from '../caller/verify-jwt.ts';
import { errorResponse } from '../error-response.ts';
import { type RateLimit, retryAfterOf } from '../rate-limit.ts';
import type { RequestIds } from '../request-id.ts';

/** Who sent each request. */
export interface Callers {
  of(request: Request): Caller;
}

/**
 * Asks whoever wants GraphQL for a key or a JWT (`Authorization: Bearer …`), where the gateway requires one. Nothing is
 * read, parsed or answered before; whoever has none learns nothing about the schema.
 */
export function useCaller(options: {
  readonly auth: AuthSettings;
  readonly rateLimit: RateLimit | null;
  readonly ids: RequestIds;
  readonly logger: Logger;
}): { readonly plugin: Plugin; readonly callers: Callers } {
  const { auth, rateLimit, ids, logger } = options;
  const known = new WeakMap<Request, Caller>();
  const verify = auth.mode === 'required' ? createVerifier(auth) : async () => ANYONE;

  const plugin: Plugin = {
    // A preflight, which carries no credentials by design, is answered before where CORS is on.
    onRequest: async ({ request, endResponse }) => {
      const requestId = ids.of(request);
      try {
        const caller = await verify(request);
        if (caller) known.set(request, caller);
        else endResponse(await refusal(request, unauthenticated(request, requestId)));
      } catch (error) {
        logger.error({ requestId, err: error }, "callers' tokens cannot be checked: the JWKS did not come");
        endResponse(await refusal(request, uncheckable(request, requestId)));
      }
    },
  };

  async function refusal(request: Request, response: Response): Promise<Response> {
    const waitMs = await rateLimit?.takeUnauthenticated(request);
    return waitMs === undefined ? response : tooMany(request, waitMs, ids.of(request));
  }

  return {
    plugin,
    callers: {
      of: (request) => {
        const caller = known.get(request);
        if (!caller) throw new Error('A request came past the check of its caller.');
        return caller;
      },
    },
  };
}

function createVerifier({ apiKeys, jwt }: Extract<AuthSettings, { mode: 'required' }>) {
  const jwtVerifier = jwt && loadJwtVerifier(jwt);
  return async (request: Request): Promise<Caller | null> => {
    const shown = shownBearer(request.headers.get('authorization'));
    if (shown === undefined) return null;
    const caller = verifyApiKey(apiKeys, shown);
    if (caller || !jwtVerifier || !isJwt(shown)) return caller;
    const verifyJwt = await jwtVerifier;
    return verifyJwt(shown);
  };
}

/** A gateway with API keys only does without the library that checks JWTs. */
async function loadJwtVerifier(settings: JwtSettings): Promise<VerifyJwt> {
  const { createJwtVerifier } = await import('../caller/verify-jwt.ts');
  return createJwtVerifier(settings);
}

function isJwt(text: string): boolean {
  return text.split('.').length === 3;
}

function tooMany(request: Request, waitMs: number, requestId: string): Response {
  const retryAfter = retryAfterOf(waitMs);
  return errorResponse({
    request,
    status: 429,
    code: 'RATE_LIMITED',
    message: `Too many requests without valid credentials; wait ${retryAfter} s.`,
    requestId,
    headers: { 'retry-after': String(retryAfter) },
    extensions: { retryable: true, retryAfter },
  });
}

function unauthenticated(request: Request, requestId: string): Response {
  // A key without «Bearer» may be a good one: that it is not accepted would send its owner to look for another.
  const isMissing = shownBearer(request.headers.get('authorization')) === undefined;
  return errorResponse({
    request,
    status: 401,
    code: 'UNAUTHENTICATED',
    message: isMissing ? 'Show a key: Authorization: Bearer …' : 'The key or token is not accepted.',
    requestId,
    headers: { 'www-authenticate': 'Bearer realm="hookgraph"' },
  });
}

function uncheckable(request: Request, requestId: string): Response {
  return errorResponse({
    request,
    status: 503,
    code: 'INTERNAL_SERVER_ERROR',
    message: 'Tokens cannot be checked at the moment; try again later.',
    requestId,
    headers: { 'retry-after': '5' },
    extensions: { retryable: true, retryAfter: 5 },
  });
}
