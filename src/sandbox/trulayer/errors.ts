import type { HttpAnswer } from '../http-listener.ts';

interface ErrorBody {
  readonly error: string;
  readonly code?: string;
  readonly required_plan?: string;
}

/** A documented refusal; the simulator answers with it. */
export class TruLayerError extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: ErrorBody, headers: Readonly<Record<string, string>> = {}) {
    super(`${status} ${body.error}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** Why a receiver's URL is refused, in the vendor's words. */
export type UrlErrorKey = 'webhook.url.not_https' | 'webhook.url.private_ip' | 'webhook.url.unresolvable';

/** Bodies as the OpenAPI file's examples have them. */
export const errors = {
  badRequest: (error: string) => new TruLayerError(400, { error }),
  missingCredential: () => new TruLayerError(401, { error: 'missing or invalid credentials' }),
  keyRevoked: () => new TruLayerError(401, { error: 'API key revoked', code: 'key_revoked' }),
  planUpgradeRequired: () =>
    new TruLayerError(402, {
      error: 'Webhooks need a higher plan',
      code: 'plan_upgrade_required',
      required_plan: 'pro',
    }),
  insufficientRole: () => new TruLayerError(403, { error: 'insufficient role' }),
  scopeForbidden: () =>
    new TruLayerError(403, { error: 'key scope does not allow this call', code: 'scope_forbidden' }),
  webhookNotFound: () => new TruLayerError(404, { error: 'Webhook not found.' }),
  unknownPath: () => new TruLayerError(404, { error: 'not found' }),
  wrongMethod: () => new TruLayerError(405, { error: 'method not allowed' }),
  badUrl: (key: UrlErrorKey) => new TruLayerError(422, { error: key }),
  rateLimited: (retryAfterSeconds: number) =>
    new TruLayerError(429, { error: 'rate limit exceeded' }, { 'retry-after': String(retryAfterSeconds) }),
  failure: () => new TruLayerError(500, { error: 'internal server error' }),
};

/** The error body of every endpoint (contract: ErrorResponse). */
export function answerError({ status, body, headers }: TruLayerError): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
