import { PROVIDER_NAMES } from '../domain/provider-name.ts';
import { LOG_FORMATS, LOG_LEVELS } from '../telemetry/logger.ts';
import { authVariables } from './auth-settings.ts';
import { corsOriginsVariable } from './cors-origins.ts';
import { forwardedHeader } from './forwarded-header.ts';
import { limitVariables } from './limit-variables.ts';
import { persistedDocumentsVariables } from './persisted-documents.ts';
import { redisUrlVariable } from './redis-url.ts';
import { tracingVariables } from './tracing-variables.ts';
import { booleanVariable, choiceVariable, integerVariable, textVariable, type Variable } from './variable.ts';

const MAX_MS = 3_600_000;

/** What the operator says about the gateway itself; each provider has variables of its own. */
export const gatewayVariables = {
  port: integerVariable({
    name: 'PORT',
    help: 'where the gateway listens; 0 picks a free port',
    default: 4000,
    min: 0,
    max: 65_535,
  }),
  host: { ...textVariable({ name: 'HOST', help: 'the address it binds' }), defaultText: '127.0.0.1' },
  ...authVariables,
  forwardCredentials: booleanVariable({
    name: 'GATEWAY_FORWARD_CREDENTIALS',
    help: `callers may bring a provider's whole Authorization value: ${PROVIDER_NAMES.map(forwardedHeader).join(', ')}`,
    default: false,
  }),
  forwardFallback: booleanVariable({
    name: 'GATEWAY_FORWARD_FALLBACK',
    help: "with forwarding on, a caller that brings none gets the gateway's own credentials",
    default: false,
  }),
  corsOrigins: corsOriginsVariable,
  connectTimeoutMs: integerVariable({
    name: 'CONNECT_TIMEOUT_MS',
    help: 'how long connecting to an upstream may take',
    default: 2_000,
    min: 1,
    max: MAX_MS,
  }),
  upstreamTimeoutMs: integerVariable({
    name: 'UPSTREAM_TIMEOUT_MS',
    help: 'how long one upstream call may take',
    default: 10_000,
    min: 1,
    max: MAX_MS,
  }),
  operationTimeoutMs: integerVariable({
    name: 'OPERATION_TIMEOUT_MS',
    help: 'how long a whole GraphQL operation may take',
    default: 25_000,
    min: 1,
    max: MAX_MS,
  }),
  upstreamMaxConnections: integerVariable({
    name: 'UPSTREAM_MAX_CONNECTIONS',
    help: 'connections to one provider',
    default: 64,
    min: 1,
    max: 10_000,
  }),
  upstreamMaxQueue: integerVariable({
    name: 'UPSTREAM_MAX_QUEUE',
    help: 'calls that may wait for a connection; beyond it OVERLOADED',
    default: 1_000,
    min: 0,
    max: 1_000_000,
  }),
  upstreamMaxBodyBytes: integerVariable({
    name: 'UPSTREAM_MAX_BODY_BYTES',
    help: 'the largest upstream answer, after decompression',
    default: 10_000_000,
    min: 1_000,
    max: 1_000_000_000,
  }),
  upstreamMaxCalls: integerVariable({
    name: 'UPSTREAM_MAX_CALLS',
    help: 'upstream calls that one operation may cause',
    default: 100,
    min: 1,
    max: 1_000_000,
  }),
  scanMaxPages: integerVariable({
    name: 'SCAN_MAX_PAGES',
    help: 'pages of 200 that one scan of a delivery log or of events reads; beyond it isComplete is false',
    default: 50,
    min: 1,
    max: 10_000,
  }),
  tailPollMs: integerVariable({
    name: 'TAIL_POLL_MS',
    help: 'how often the live tail asks a delivery log; up to five times slower while nothing happens',
    default: 2_000,
    min: 1,
    max: MAX_MS,
  }),
  retryMax: integerVariable({ name: 'RETRY_MAX', help: 'retries of one read', default: 2, min: 0, max: 10 }),
  retryBudgetPercent: integerVariable({
    name: 'RETRY_BUDGET_PERCENT',
    help: "retries as a share of the last 10 seconds' calls",
    default: 10,
    min: 0,
    max: 100,
  }),
  retryBudgetFloor: integerVariable({
    name: 'RETRY_BUDGET_FLOOR',
    help: 'retries that are always allowed in 10 seconds',
    default: 10,
    min: 0,
    max: 10_000,
  }),
  circuitMinCalls: integerVariable({
    name: 'CIRCUIT_MIN_CALLS',
    help: 'calls in 10 seconds before the circuit may open',
    default: 20,
    min: 1,
    max: 1_000_000,
  }),
  circuitFailurePercent: integerVariable({
    name: 'CIRCUIT_FAILURE_PERCENT',
    help: 'failed share of them that opens it',
    default: 50,
    min: 1,
    max: 100,
  }),
  circuitOpenMs: integerVariable({
    name: 'CIRCUIT_OPEN_MS',
    help: 'how long it stays open before a probe',
    default: 5_000,
    min: 1,
    max: MAX_MS,
  }),
  ...limitVariables,
  ...persistedDocumentsVariables,
  drainTimeoutMs: integerVariable({
    name: 'DRAIN_TIMEOUT_MS',
    help: 'how long requests under way may take after SIGTERM',
    default: 10_000,
    min: 0,
    max: MAX_MS,
  }),
  drainDelayMs: integerVariable({
    name: 'DRAIN_DELAY_MS',
    help: 'how long of that, half of it at most, the gateway only says that it is not ready, before it stops listening',
    default: 0,
    min: 0,
    max: MAX_MS,
  }),
  redisUrl: redisUrlVariable,
  logLevel: choiceVariable({
    name: 'LOG_LEVEL',
    help: `the least important entries to log, one of ${LOG_LEVELS.join(', ')}`,
    default: 'info',
    choices: LOG_LEVELS,
  }),
  logFormat: {
    ...choiceVariable({
      name: 'LOG_FORMAT',
      help: 'how log lines look',
      default: '',
      choices: ['', ...LOG_FORMATS],
    }),
    defaultText: 'pretty on a terminal, else json',
  },
  metricsPort: optional(
    integerVariable({
      name: 'METRICS_PORT',
      help: 'a port of its own, on loopback, for Prometheus at /metrics; 0 picks a free one',
      default: 0,
      min: 0,
      max: 65_535,
    }),
    'on PORT in loopback mode, else off',
  ),
  ...tracingVariables,
  subgraphNode: booleanVariable({
    name: 'GATEWAY_SUBGRAPH_NODE',
    help: 'whether the subgraph SDL has `node` and `nodes`; false where another subgraph has them too',
    default: true,
  }),
  graphiql: productionSwitch({ name: 'GRAPHIQL', help: 'whether /graphql shows GraphiQL to a browser' }),
  introspection: productionSwitch({ name: 'INTROSPECTION', help: 'whether clients may ask for the schema' }),
} as const;

/** The same variable, whose absence has a meaning of its own, which `defaultText` tells. */
function optional<Value>(variable: Variable<Value>, defaultText: string): Variable<Value | undefined> {
  return { ...variable, defaultText, parse: (text) => (text === undefined ? undefined : variable.parse(text)) };
}

/** On, unless said otherwise or `NODE_ENV` is `production`; undefined leaves that to the reader of the environment. */
function productionSwitch({ name, help }: { readonly name: string; readonly help: string }) {
  return optional(booleanVariable({ name, help, default: true }), 'true; false in NODE_ENV=production');
}
