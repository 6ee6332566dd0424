import { type AuthSettings, authSettings, type authVariables } from './auth-settings.ts';
import { gatewayVariables } from './gateway-variables.ts';
import {
  loadPersistedDocuments,
  type PersistedDocuments,
  type persistedDocumentsVariables,
} from './persisted-documents.ts';
import { isTracingOn, type tracingVariables } from './tracing-variables.ts';
import { ConfigError, type Environment, readVariables, type ValuesOf, type Variable } from './variable.ts';

/** Variables that amount to something else in the settings. */
type Joined =
  | 'host'
  | 'graphiql'
  | 'introspection'
  | keyof typeof authVariables
  | keyof typeof tracingVariables
  | keyof typeof persistedDocumentsVariables;

/** How the gateway was set up, apart from its providers. */
export interface GatewaySettings extends Omit<ValuesOf<typeof gatewayVariables>, Joined> {
  readonly host: string;
  readonly auth: AuthSettings;
  readonly graphiql: boolean;
  readonly introspection: boolean;
  readonly persistedDocuments: PersistedDocuments | null;
  readonly isTracingOn: boolean;
}

/** Reads the gateway's own variables. Throws `ConfigError`. */
export function loadSettings(environment: Environment): GatewaySettings {
  const values = readVariables(environment, gatewayVariables);
  const isProduction = environment.NODE_ENV === 'production';
  const { apiKeys, jwksUrl, jwtIssuer, jwtAudience, auth: mode, persistedDocumentsMode, ...others } = values;
  const auth = authSettings({ apiKeys, jwksUrl, jwtIssuer, jwtAudience, auth: mode });
  const host = values.host ?? '127.0.0.1';
  if (auth.mode === 'loopback' && !isLoopback(host)) {
    throw new ConfigError(
      `HOST holds ${JSON.stringify(host)}; without callers' credentials the gateway answers on loopback only (127.0.0.1, ::1 or localhost). Set GATEWAY_API_KEYS or GATEWAY_JWKS_URL, or GATEWAY_AUTH=none behind another gateway.`,
    );
  }
  if (values.metricsPort === values.port && values.port !== 0) {
    throw new ConfigError(
      `METRICS_PORT holds "${values.port}", which is PORT; it should hold a port of its own, or 0 to have one picked.`,
    );
  }
  return {
    ...others,
    host,
    auth,
    graphiql: values.graphiql ?? !isProduction,
    introspection: values.introspection ?? !isProduction,
    persistedDocuments: loadPersistedDocuments(values.persistedDocuments, persistedDocumentsMode),
    isTracingOn: isTracingOn(values),
  };
}

/** Whether a host name or address means this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The table of `--help`: every variable with its default and meaning. */
export function helpText(providerVariables: readonly Variable<unknown>[]): string {
  const variables: readonly Variable<unknown>[] = [...providerVariables, ...Object.values(gatewayVariables)];
  const width = Math.max(...variables.map(({ name }) => name.length));
  const rows = variables.map(({ name, help, defaultText }) => {
    const suffix = defaultText === undefined ? '' : ` [${defaultText}]`;
    return `  ${name.padEnd(width)}  ${help}${suffix}`;
  });
  return [
    'hookgraph: one GraphQL API over the webhooks of Personio and TruLayer',
    '',
    'Usage: hookgraph [--sandbox] [--help] [--version]',
    '       hookgraph check [--sandbox] [--json]',
    '       hookgraph key new NAME [SCOPE+SCOPE]',
    '       hookgraph schema [--subgraph]',
    '',
    '  --sandbox  the providers are embedded simulators, whatever credentials there are',
    '  --help     this table',
    '  --version  the version of this package',
    '  check      looks at configuration, callers, credentials and providers, and says what to do; exit code 1 where',
    '             something failed, 2 where the command itself is wrong; with --json for scripts',
    '  key new    makes a key for a caller, and its entry of GATEWAY_API_KEYS',
    '  schema     prints the schema for clients and their tools; with --subgraph the one for composers',
    '',
    'Without any provider credential the gateway starts in sandbox mode.',
    '',
    'Environment (a .env file is read where there is one):',
    ...rows,
  ].join('\n');
}
