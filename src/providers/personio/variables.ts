import { baseUrlVariable, ConfigError, patternVariable, secretVariable, type ValuesOf } from '../../config/variable.ts';

// The contract's pattern of both identification headers.
const IDENTIFIER = { pattern: /^[A-Z0-9]+(_[A-Z0-9]+)*$/, expected: 'UPPER_SNAKE_CASE, e.g. MY_APPLICATION' };

/** What the operator says about Personio. */
export const personioVariables = {
  clientId: secretVariable({ name: 'PERSONIO_CLIENT_ID', help: 'OAuth2 client id; goes with PERSONIO_CLIENT_SECRET' }),
  clientSecret: secretVariable({ name: 'PERSONIO_CLIENT_SECRET', help: 'OAuth2 client secret' }),
  accessToken: secretVariable({
    name: 'PERSONIO_ACCESS_TOKEN',
    help: 'a ready access token instead of the client id and secret',
  }),
  appId: patternVariable({ name: 'PERSONIO_APP_ID', help: 'sent as X-Personio-App-ID', ...IDENTIFIER }),
  partnerId: patternVariable({ name: 'PERSONIO_PARTNER_ID', help: 'sent as X-Personio-Partner-ID', ...IDENTIFIER }),
  baseUrl: baseUrlVariable({
    name: 'PERSONIO_BASE_URL',
    help: "where Personio's API answers",
    default: 'https://api.personio.de',
  }),
} as const;

/** The gateway's own credentials for Personio, or null where it has none. */
export type PersonioCredentials =
  | { readonly type: 'client'; readonly clientId: string; readonly clientSecret: string }
  | { readonly type: 'access-token'; readonly accessToken: string }
  | null;

/** Picks the credentials out of the variables. Throws `ConfigError` for half a pair, or for both kinds at once. */
export function personioCredentials(values: ValuesOf<typeof personioVariables>): PersonioCredentials {
  const { clientId, clientSecret, accessToken } = values;
  if (clientId !== undefined && clientSecret === undefined) {
    throw new ConfigError('PERSONIO_CLIENT_ID is set without PERSONIO_CLIENT_SECRET; both are needed.');
  }
  if (clientSecret !== undefined && clientId === undefined) {
    throw new ConfigError('PERSONIO_CLIENT_SECRET is set without PERSONIO_CLIENT_ID; both are needed.');
  }
  if (clientId !== undefined && clientSecret !== undefined) {
    if (accessToken !== undefined) {
      throw new ConfigError('PERSONIO_ACCESS_TOKEN stands beside PERSONIO_CLIENT_ID; set one of the two.');
    }
    return { type: 'client', clientId, clientSecret };
  }
  return accessToken === undefined ? null : { type: 'access-token', accessToken };
}
