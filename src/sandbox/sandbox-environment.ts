import type { ProviderName } from '../domain/provider-name.ts';
import type { Sandbox } from './start-sandbox.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The environment variables that point a gateway to a sandbox: an entry a provider, for none may be left to the real API. */
export function sandboxEnvironment({ personio, trulayer }: Sandbox): Variables {
  const variables: Readonly<Record<ProviderName, Variables>> = {
    PERSONIO: {
      PERSONIO_BASE_URL: personio.baseUrl,
      PERSONIO_CLIENT_ID: personio.clientId,
      PERSONIO_CLIENT_SECRET: personio.clientSecret,
      PERSONIO_ACCESS_TOKEN: undefined,
    },
    TRULAYER: { TRULAYER_BASE_URL: trulayer.baseUrl, TRULAYER_API_KEY: trulayer.apiKey },
  };
  return Object.fromEntries(Object.values(variables).flatMap((own) => Object.entries(own)));
}
