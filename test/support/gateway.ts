import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { Agent, fetch, type RequestInit } from 'undici';
import { loadSettings } from '../../src/config/load-config.ts';
import type { Environment } from '../../src/config/variable.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';
import { sandboxEnvironment } from '../../src/sandbox/sandbox-environment.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import type { Tracing } from '../../src/telemetry/tracing.ts';

/** An error as a client reads it. */
export interface ClientError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** A whole answer as a client reads it. */
export interface ClientAnswer<Data> {
  readonly status: number;
  readonly data: Data;
  readonly errors: readonly ClientError[] | undefined;
}

/** The same suites run twice (vitest.config.ts): as they are, and with every request answered directly where it can be. */
const IS_DIRECT = process.env.DIRECT_WAY === 'true';
const oneRequestEach = new Agent({ pipelining: 0 });

/** A gateway under test, asked as a client would ask it. */
export interface TestGateway {
  readonly gateway: Gateway;
  /** What it logged so far, one parsed line an entry. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Sends an operation over `gateway.fetch`, through the whole HTTP layer. */
  query<Data = Record<string, unknown>, Variables = Record<string, unknown>>(
    document: string | TypedDocumentNode<Data, Variables>,
    variables?: Variables,
    init?: { readonly signal?: AbortSignal; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<ClientAnswer<Data>>;
  close(): Promise<void>;
}

/** Makes a gateway whose providers are set up by environment variables, as an operator would. */
export function openGateway(
  environment: Environment,
  {
    isSandbox = false,
    logLevel = 'debug',
    tracing,
  }: {
    readonly isSandbox?: boolean;
    readonly logLevel?: 'debug' | 'info' | 'silent';
    readonly tracing?: Tracing | undefined;
  } = {},
): TestGateway {
  const log: Record<string, unknown>[] = [];
  const logger = createLogger({ level: logLevel, destination: { write: (line) => void log.push(JSON.parse(line)) } });
  const gateway = createGateway({
    settings: loadSettings({ PORT: '0', ...environment }),
    providers: PROVIDERS.map((provider) => provider.configure(environment)),
    isSandbox,
    logger,
    directAfter: IS_DIRECT ? 'once' : 'twice',
    tracing,
  });
  let listening: Promise<string> | undefined;
  const post = async (
    init: Pick<RequestInit, 'method' | 'signal'> & { headers: Record<string, string>; body: string },
  ) => {
    if (!IS_DIRECT) return gateway.fetch(new Request('http://localhost/graphql', init));
    listening ??= gateway.listen();
    return fetch(`${await listening}/graphql`, { ...init, dispatcher: oneRequestEach });
  };
  return {
    gateway,
    log,
    query: async (document, variables, { signal, headers } = {}) => {
      const query = typeof document === 'string' ? document : print(document);
      const response = await post({
        method: 'POST',
        headers: { 'content-type': 'application/json', host: 'localhost', ...headers },
        body: JSON.stringify({ query, variables }),
        ...(signal && { signal }),
      });
      return { status: response.status, ...JSON.parse(await response.text()) };
    },
    close: gateway.close,
  };
}

/** Makes a gateway over a sandbox of its own. */
export async function openSandboxGateway(
  options: { readonly sandbox?: SandboxOptions; readonly environment?: Environment } = {},
): Promise<TestGateway & { readonly sandbox: Sandbox }> {
  const sandbox = await startSandbox(options.sandbox);
  const opened = openGateway({ ...sandboxEnvironment(sandbox), ...options.environment }, { isSandbox: true });
  return {
    ...opened,
    sandbox,
    close: async () => {
      await opened.close();
      await sandbox.close();
    },
  };
}
