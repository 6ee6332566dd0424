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
import type { Telemetry } from './use-telemetry.ts';

/** Who sent each request. */
export interface Callers {
  /** Throws where a request was never asked for its caller: a fault of ours. */
  of(request: Request): Caller;
}

/**
 * Asks whoever wants GraphQL for a key or a JWT (`Authorization: Bearer …`), where the gateway requires one. Nothing is
 * read, parsed or answered before; whoever has none learns nothing about the schema.
 */
export function useCaller(options: {
  readonly auth: AuthSettings;
  readonly rateLimit: RateLimit | null;
  readonly telemetry: Pick<Telemetry, 'refused'> | null;
  readonly ids: RequestIds;
  readonly logger: Logger;
}): { readonly plugin: Plugin; readonly callers: Callers } {
  const { auth, rateLimit, telemetry, ids, logger } = options;
  const known = new WeakMap<Request, Caller>();
  const verify = auth.mode === 'required' ? createVerifier(auth) : async () => ANYONE;

  const plugin: Plugin = {
    // A preflight, which carries no credentials by design, is answered before where CORS is on.
    onRequest: async ({ request, endResponse }) => {
      const caller = await verify(request).catch((error: unknown) => {
        const requestId = ids.of(request);
        logger.error({ requestId, err: error }, "callers' tokens cannot be checked: the JWKS did not come");
        return undefined;
      });
      if (caller) known.set(request, caller);
      else endResponse(await refuse(request, caller === null ? unauthenticated(request) : uncheckable()));
    },
  };

  async function refuse(request: Request, reason: Refusal): Promise<Response> {
    const waitMs = await rateLimit?.takeUnauthenticated(request);
    const refusal = waitMs === undefined ? reason : tooMany(waitMs);
    telemetry?.refused(request, refusal.code);
    return errorResponse({ ...refusal, request, requestId: ids.of(request) });
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

type Refusal = Omit<Parameters<typeof errorResponse>[0], 'request' | 'requestId'>;

function tooMany(waitMs: number): Refusal {
  const retryAfter = retryAfterOf(waitMs);
  return {
    status: 429,
    code: 'RATE_LIMITED',
    message: `Too many requests without valid credentials; wait ${retryAfter} s.`,
    headers: { 'retry-after': String(retryAfter) },
    extensions: { retryable: true, retryAfter },
  };
}

function unauthenticated(request: Request): Refusal {
  // A key without «Bearer» may be a good one: that it is not accepted would send its owner to look for another.
  const isMissing = shownBearer(request.headers.get('authorization')) === undefined;
  return {
    status: 401,
    code: 'UNAUTHENTICATED',
    message: isMissing ? 'Show a key: Authorization: Bearer …' : 'The key or token is not accepted.',
    headers: { 'www-authenticate': 'Bearer realm="hookgraph"' },
  };
}

function uncheckable(): Refusal {
  return {
    status: 503,
    code: 'INTERNAL_SERVER_ERROR',
    message: 'Tokens cannot be checked at the moment; try again later.',
    headers: { 'retry-after': '5' },
    extensions: { retryable: true, retryAfter: 5 },
  };
}
