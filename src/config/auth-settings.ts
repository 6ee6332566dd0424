import type { ApiKey } from './api-key.ts';
import { apiKeysVariable } from './api-key.ts';
import { ConfigError, choiceVariable, textVariable, unfitAddress, type ValuesOf, type Variable } from './variable.ts';

/** How callers prove who they are. */
export type AuthSettings =
  /** Nobody is asked: the gateway binds loopback and answers loopback names only. */
  | { readonly mode: 'loopback' }
  /** Nobody is asked: something in front of the gateway does that. */
  | { readonly mode: 'none' }
  | { readonly mode: 'required'; readonly apiKeys: readonly ApiKey[]; readonly jwt: JwtSettings | null };

/** Which JWTs are accepted. */
export interface JwtSettings {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
}

const jwksUrlVariable: Variable<string | undefined> = {
  name: 'GATEWAY_JWKS_URL',
  help: "where the keys of callers' JWTs are; their scopes stand in the claim `scope`",
  parse: (text) => {
    if (text === undefined) return undefined;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return text;
    throw unfitAddress(
      'GATEWAY_JWKS_URL',
      text,
      'an address such as https://issuer.example/.well-known/jwks.json, without credentials',
    );
  },
};

/** What the operator says about callers. */
export const authVariables = {
  apiKeys: apiKeysVariable,
  jwksUrl: jwksUrlVariable,
  jwtIssuer: textVariable({ name: 'GATEWAY_JWT_ISSUER', help: 'the only accepted `iss`; goes with GATEWAY_JWKS_URL' }),
  jwtAudience: textVariable({
    name: 'GATEWAY_JWT_AUDIENCE',
    help: 'the only accepted `aud`; goes with GATEWAY_JWKS_URL',
  }),
  auth: {
    ...choiceVariable({
      name: 'GATEWAY_AUTH',
      help: 'required: callers show a key or a JWT; loopback: none, on this machine only; none: a gateway in front asks for them',
      default: '',
      choices: ['', 'required', 'loopback', 'none'],
    }),
    defaultText: 'required where keys or a JWKS are set, else loopback',
  },
} as const;

/** Joins the variables to one mode. Throws `ConfigError` where they contradict each other. */
export function authSettings(values: ValuesOf<typeof authVariables>): AuthSettings {
  const { apiKeys, auth } = values;
  const jwt = jwtSettings(values);
  const hasCallers = apiKeys.length > 0 || jwt !== null;
  const mode = auth === '' ? (hasCallers ? 'required' : 'loopback') : auth;
  if (mode === 'required') {
    if (!hasCallers)
      throw new ConfigError('GATEWAY_AUTH is required, but there is neither GATEWAY_API_KEYS nor GATEWAY_JWKS_URL.');
    return { mode, apiKeys, jwt };
  }
  if (hasCallers) {
    throw new ConfigError(
      `GATEWAY_AUTH is ${mode}, so GATEWAY_API_KEYS and GATEWAY_JWKS_URL would not be asked for; unset them.`,
    );
  }
  return { mode };
}

function jwtSettings(values: ValuesOf<typeof authVariables>): JwtSettings | null {
  const { jwksUrl, jwtIssuer: issuer, jwtAudience: audience } = values;
  if (jwksUrl === undefined && issuer === undefined && audience === undefined) return null;
  if (jwksUrl === undefined || issuer === undefined || audience === undefined) {
    throw new ConfigError('GATEWAY_JWKS_URL, GATEWAY_JWT_ISSUER and GATEWAY_JWT_AUDIENCE go together; one is missing.');
  }
  return { jwksUrl, issuer, audience };
}
