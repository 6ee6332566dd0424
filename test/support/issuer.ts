import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';

export const ISSUER = 'https://issuer.example/';
export const AUDIENCE = 'hookgraph';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** Claims of a token; undefined leaves one out. */
export interface Claims {
  readonly iss?: string | undefined;
  readonly aud?: string | readonly string[] | undefined;
  readonly exp?: number | undefined;
  readonly nbf?: number;
  readonly sub?: string;
  readonly scope?: unknown;
}

/** An issuer of JWTs, with a JWKS on loopback. */
export interface Issuer {
  /** What a gateway needs to accept its tokens. */
  readonly environment: Readonly<Record<string, string>>;
  /** How often the JWKS was asked for. */
  readonly fetches: () => number;
  /** A token that is good in every respect, apart from `claims` and `header`. */
  token(
    claims?: Claims,
    header?: { readonly kid?: string; readonly key?: KeyPair; readonly alg?: string },
  ): Promise<string>;
  /** Publishes another key in place of the ones before, and signs with it from now on. */
  rotate(kid: string): Promise<void>;
  /** Publishes a key beside the others. */
  publishToo(jwk: JWK): void;
  /** Answers `status` instead of the keys; undefined: the keys again. */
  fail(status: number | undefined): void;
  /** The public key as PEM-like text, which a confused verifier would take for an HMAC secret. */
  readonly publicKey: () => JWK;
}

/** Starts an issuer for the running test. */
export async function startIssuer(): Promise<Issuer> {
  let fetches = 0;
  let failure: number | undefined;
  let key = await generateKeyPair('ES256');
  let kid = 'first';
  let published: JWK = await publish(key, kid);
  const others: JWK[] = [];

  const server = createServer((_request, response) => {
    fetches += 1;
    response.writeHead(failure ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(failure === undefined ? { keys: [published, ...others] } : { error: 'down' }));
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;

  return {
    environment: {
      GATEWAY_JWKS_URL: `http://127.0.0.1:${port}/jwks.json`,
      GATEWAY_JWT_ISSUER: ISSUER,
      GATEWAY_JWT_AUDIENCE: AUDIENCE,
    },
    fetches: () => fetches,
    token: (claims = {}, header = {}) => {
      const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;
      const all = { iss: ISSUER, aud: AUDIENCE, exp: inAnHour, sub: 'ada', scope: 'webhooks:read', ...claims };
      // A claim that is undefined is left out of the JSON.
      return new SignJWT(JSON.parse(JSON.stringify(all)))
        .setProtectedHeader({ alg: header.alg ?? 'ES256', kid: header.kid ?? kid })
        .sign((header.key ?? key).privateKey);
    },
    rotate: async (name) => {
      key = await generateKeyPair('ES256');
      kid = name;
      published = await publish(key, kid);
    },
    publishToo: (jwk) => void others.push(jwk),
    fail: (status) => {
      failure = status;
    },
    publicKey: () => published,
  };
}

async function publish(key: KeyPair, kid: string): Promise<JWK> {
  return { ...(await exportJWK(key.publicKey)), kid, use: 'sig' };
}
