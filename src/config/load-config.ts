import { type AuthSettings, authSettings, type authVariables } from './auth-settings.ts';
import { gatewayVariables } from './gateway-variables.ts';
import { isLoopback } from './loopback.ts';
import {
  loadPersistedDocuments,
  type PersistedDocuments,
  type persistedDocumentsVariables,
} from './persisted-documents.ts';
import { isTracingOn, type tracingVariables } from './tracing-variables.ts';
import { ConfigError, type Environment, readVariables, type ValuesOf } from './variable.ts';

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
