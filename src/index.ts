/** What embedders import: a gateway in a process of their own. */
export type { AuthSettings } from './config/auth-settings.ts';
export { type GatewaySettings, loadSettings } from './config/load-config.ts';
export { ConfigError, type Environment } from './config/variable.ts';
export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export type { ConfiguredProvider, ProviderDefinition } from './providers/provider-definition.ts';
export { PROVIDERS } from './providers/registry.ts';
export { createLogger, type Logger } from './telemetry/logger.ts';
export { createTracing, type Tracing } from './telemetry/tracing.ts';
