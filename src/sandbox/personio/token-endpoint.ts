import type { components } from '../../providers/personio/openapi.gen.ts';
import type { HttpAnswer, ReceivedRequest } from '../http-listener.ts';
import type { Random } from '../random.ts';
import { PERSONIO_CLIENTS, type PersonioClient } from './clients.ts';
import { createTokenLimit } from './token-limit.ts';

type TokenError = components['schemas']['TokenError'];

const CATALOGUE = 'https://developer.personio.de/reference/errors#credentials.oauth2';

interface Grant {
  readonly token: string;
  readonly client: PersonioClient;
  readonly scopes: ReadonlySet<string>;
  readonly expiresAtMs: number;
}

interface TokenEndpointOptions {
  readonly now: () => number;
  readonly random: Random;
  readonly tokenLifetimeSeconds: number;
}

/** POST /v2/auth/token and /v2/auth/revoke, and what a bearer token stands for. */
export function createTokenEndpoint({ now, random, tokenLifetimeSeconds }: TokenEndpointOptions) {
  const grants = new Map<string, Grant>();
  const isOverLimit = createTokenLimit(now);

  const rejected = (error: NonNullable<TokenError['error']>, description: string, rest: TokenError): HttpAnswer => ({
    status: 400,
    headers: problemJson,
    body: JSON.stringify({
      timestamp: new Date(now()).toISOString(),
      trace_id: random.uuid(),
      error,
      error_description: description,
      ...rest,
    }),
  });

  const readForm = (request: ReceivedRequest, required: readonly string[]): URLSearchParams | HttpAnswer => {
    const [mediaType = ''] = (request.headers['content-type'] ?? '').split(';');
    if (mediaType.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
      return rejected('invalid_request', 'Wrong request content type', {
        type: `${CATALOGUE}.invalid_request.invalid_request_content_type`,
      });
    }
    const form = new URLSearchParams(request.body.toString('utf8'));
    const missing = required.filter((name) => !form.get(name));
    if (missing.length === 0) return form;
    return rejected('invalid_request', 'Missing or invalid required parameters', {
      error_uri: `${CATALOGUE}.invalid_request.required_parameters_missing`,
      meta: { missing_parameters: missing },
    });
  };

  const refuse = (error: 'invalid_client' | 'unauthorized_client' | 'invalid_grant'): HttpAnswer =>
    rejected(error, tokenErrorTexts[error], { error_uri: `${CATALOGUE}.${error}` });

  function issue(request: ReceivedRequest): HttpAnswer {
    if (isOverLimit()) return { status: 429, headers: { ...problemJson, 'retry-after': '1' }, body: '{}' };
    const form = readForm(request, ['grant_type', 'client_id', 'client_secret']);
    if (!(form instanceof URLSearchParams)) return form;

    const grantType = form.get('grant_type') ?? '';
    if (grantType !== 'client_credentials') {
      return rejected('unsupported_grant_type', 'Grant type not supported', {
        error_uri: `${CATALOGUE}.unsupported_grant_type`,
        meta: { grant_type: grantType },
      });
    }
    const clientId = form.get('client_id') ?? '';
    const client = Object.hasOwn(PERSONIO_CLIENTS, clientId) ? PERSONIO_CLIENTS[clientId] : undefined;
    if (client === undefined) return refuse('invalid_client');
    // The OpenAPI file's example with a wrong secret is named after this error, whatever its description says.
    if (!client.secrets.includes(form.get('client_secret') ?? '')) return refuse('unauthorized_client');
    if (client.tokenError !== undefined) return refuse(client.tokenError);

    const asked = (form.get('scope') ?? '').split(' ').filter(Boolean);
    if (asked.some((scope) => !client.scopes.includes(scope))) {
      return rejected('invalid_scope', 'One of the requested scopes is invalid.', {
        error_uri: `${CATALOGUE}.invalid_scope`,
      });
    }
    const scopes = client.scopes.filter((scope) => asked.length === 0 || asked.includes(scope));
    return handOut(clientId, client, scopes);
  }

  /** The same token for the same asker as long as it lives, with the time that is left. */
  function handOut(clientId: string, client: PersonioClient, scopes: readonly string[]): HttpAnswer {
    const key = [clientId, ...scopes].join(' ');
    const known = grants.get(key);
    const grant =
      known !== undefined && remainingSeconds(known) > 0
        ? known
        : {
            token: `papi-${random.uuid()}`,
            client,
            scopes: new Set(scopes),
            expiresAtMs: now() + tokenLifetimeSeconds * 1000,
          };
    grants.set(key, grant);
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        access_token: grant.token,
        expires_in: remainingSeconds(grant),
        token_type: 'Bearer',
        scope: scopes.join(' '),
      }),
    };
  }

  /** RFC 7009 §2.2: a token that nobody knows is revoked already. */
  function revoke(request: ReceivedRequest): HttpAnswer {
    const form = readForm(request, ['token']);
    if (!(form instanceof URLSearchParams)) return form;
    for (const [key, grant] of grants) if (grant.token === form.get('token')) grants.delete(key);
    return { status: 200 };
  }

  /** What the Authorization header stands for; undefined where it is missing, unknown or over. */
  function grantOf(authorization: string | undefined): Grant | undefined {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    const grant = [...grants.values()].find((one) => one.token === token);
    return grant !== undefined && remainingSeconds(grant) > 0 ? grant : undefined;
  }

  const remainingSeconds = ({ expiresAtMs }: Grant): number => Math.floor((expiresAtMs - now()) / 1000);

  return { issue, revoke, grantOf };
}

const problemJson = { 'content-type': 'application/problem+json' };

const tokenErrorTexts = {
  invalid_client: 'Client authentication failed',
  unauthorized_client: 'Grant type not allowed for this client',
  invalid_grant: 'Error in the authorization flow',
};
