import type { StubUpstream, UpstreamReply } from '../../support/stub-upstream.ts';

/** The id in the paths of the OpenAPI file's examples of PATCH. */
export const PATCHED_ID = '2e4324b0-1b0e-11ee-a7f7-e37ffd9b3a44';
/** The id in the paths of the OpenAPI file's examples of ping and test-event. */
export const PINGED_ID = '533e7206-f4a3-11ed-9c8b-436fad0b82d1';

/** Makes a gateway fetch its own tokens at the stub. */
export const OAUTH_ENVIRONMENT = {
  PERSONIO_ACCESS_TOKEN: undefined,
  PERSONIO_CLIENT_ID: 'papi-test-client',
  PERSONIO_CLIENT_SECRET: 'test-client-secret',
};

/** What reached a stub, in order: method, path, and the body byte by byte. */
export function sentTo({ requests }: StubUpstream): readonly (readonly [string, string, string])[] {
  return requests.map(({ method, url, body }) => [method, url, body]);
}

/** Personio's error body with one problem in it. */
export function personioRefusal(
  status: number,
  problem: { readonly title?: string; readonly detail?: string; readonly _meta?: Readonly<Record<string, string>> },
): UpstreamReply {
  const body = { personio_trace_id: 'trace-1', timestamp: '2026-11-21T04:00:00Z', errors: [problem] };
  return { status, body };
}

/** The error body of a delivery authentication that Personio does not know. */
export const UNSUPPORTED_AUTHENTICATION: UpstreamReply = personioRefusal(401, {
  title: 'Invalid authentication',
  detail: 'The authentication type is unsupported.',
});
