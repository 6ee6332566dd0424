import type { Sandbox } from './start-sandbox.ts';

/** The environment variables that point a gateway to a sandbox: one line a provider. */
export function sandboxEnvironment({ personio, trulayer }: Sandbox): Readonly<Record<string, string | undefined>> {
  return {
    PERSONIO_BASE_URL: personio.baseUrl,
    PERSONIO_CLIENT_ID: personio.clientId,
    PERSONIO_CLIENT_SECRET: personio.clientSecret,
    PERSONIO_ACCESS_TOKEN: undefined,
    TRULAYER_BASE_URL: trulayer.baseUrl,
    TRULAYER_API_KEY: trulayer.apiKey,
  };
}
