import type { DocumentNode, GraphQLSchema } from 'graphql';
import { createYoga, type YogaInitialContext, type YogaServerInstance } from 'graphql-yoga';
import type { GatewaySettings } from '../config/load-config.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import type { SharedState } from '../state/shared-state.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { openOperationScope } from '../webhooks/operation-scope.ts';
import type { ProviderDirectory } from '../webhooks/provider-directory.ts';
import type { ActivityTails } from '../webhooks/tail/activity-tails.ts';
import { createClientAddresses } from './client-address.ts';
import { createErrorMask } from './client-errors.ts';
import { COST_HEADER } from './cost-limit.ts';
import { directWay } from './direct/direct-way.ts';
import { createKnownOperations } from './direct/known-operations.ts';
import { createReturningDocumentCache } from './document-cache.ts';
import { FORWARDED_HEADERS, forwardedAuthorization } from './forwarded-authorization.ts';
import { operationContexts } from './operation-context.ts';
import { createOperationWatch } from './operation-watch.ts';
import { useAcceptableAnswers } from './plugins/use-acceptable-answers.ts';
import { useCaller } from './plugins/use-caller.ts';
import { useCallerExpiry } from './plugins/use-caller-expiry.ts';
import { useClientAddress } from './plugins/use-client-address.ts';
import { useClientErrors } from './plugins/use-client-errors.ts';
import { useCostLimit } from './plugins/use-cost-limit.ts';
import { CSRF_PROOFS, useCsrfCheck } from './plugins/use-csrf-check.ts';
import { useDocumentLimits } from './plugins/use-document-limits.ts';
import { useEndpoint } from './plugins/use-endpoint.ts';
import { useGraphiQLPage } from './plugins/use-graphiql-page.ts';
import { useGraphqlJs } from './plugins/use-graphql-js.ts';
import { useHealth } from './plugins/use-health.ts';
import { useHostCheck } from './plugins/use-host-check.ts';
import { useIntrospectionSwitch } from './plugins/use-introspection-switch.ts';
import { useKnownOperations } from './plugins/use-known-operations.ts';
import { useLiteralErrors } from './plugins/use-literal-errors.ts';
import { useMalformedRequests } from './plugins/use-malformed-requests.ts';
import { useMetricsPage } from './plugins/use-metrics-page.ts';
import { useNoConnectionHeader } from './plugins/use-no-connection-header.ts';
import { usePersistedDocuments } from './plugins/use-persisted-documents.ts';
import { useRefusalBodies } from './plugins/use-refusal-bodies.ts';
import { useRequestId } from './plugins/use-request-id.ts';
import { useSecurityHeaders } from './plugins/use-security-headers.ts';
import { createTelemetry } from './plugins/use-telemetry.ts';
import { useTokenLimit } from './plugins/use-token-limit.ts';
import { useValidationBound } from './plugins/use-validation-bound.ts';
import { useVariableErrors } from './plugins/use-variable-errors.ts';
import { createRateLimit } from './rate-limit.ts';
import { createRequestIds, REQUEST_ID_HEADER } from './request-id.ts';
import { DOCUMENT_ID } from './requested-document.ts';

const ENDPOINT = '/graphql';

/** Puts the schema behind HTTP: every concern is a plugin, and this is their one list, outermost first. */
export function createYogaServer(options: {
  readonly schema: GraphQLSchema;
  readonly directory: ProviderDirectory;
  readonly tails: ActivityTails;
  readonly state: SharedState;
  readonly settings: GatewaySettings;
  readonly isSandbox: boolean;
  readonly isReady: () => boolean;
  readonly logger: Logger;
  /** After how many times an operation is answered directly (docs/performance.md). */
  readonly directAfter: 'twice' | 'once';
  readonly metrics: Metrics | undefined;
  readonly tracing: Tracing | undefined;
}) {
  const { schema, directory, tails, state, settings, isSandbox, isReady, logger, directAfter, metrics, tracing } =
    options;
  const ids = createRequestIds();
  const watch = createOperationWatch({ metrics: metrics?.operations, tracing, logger, endpoint: ENDPOINT });
  const telemetry = watch && createTelemetry(watch, ids);
  const addresses = createClientAddresses({ trustedProxies: settings.trustProxy });
  // Whoever reaches a gateway on loopback could stop it by simpler means.
  const rateLimit =
    settings.auth.mode === 'loopback'
      ? null
      : createRateLimit({
          costPerMinute: settings.rateLimitCost,
          unauthenticatedPerMinute: settings.rateLimitUnauthenticated,
          addressOf: addresses.of,
          openAccounts: state.accounts,
        });
  // What costs more than a whole minute's account would be told to wait, in vain.
  const maxCost = rateLimit ? Math.min(settings.limitCost, settings.rateLimitCost) : settings.limitCost;
  const { auth } = settings;
  const { plugin: useKnownCallers, callers } = useCaller({ auth, rateLimit, telemetry, ids, logger });

  const known = createKnownOperations(
    schema,
    directAfter === 'twice'
      ? { when: 'twice' }
      : { when: 'once', check: (text, name) => checkedDocument(yoga, text, name) },
  );
  const createContext = operationContexts({ directory, tails, settings, isSandbox });

  const yoga = createYoga<object, GraphQLContext>({
    schema,
    graphqlEndpoint: ENDPOINT,
    context: ({ request }: YogaInitialContext) => {
      const scope = openOperationScope({
        clientSignal: request.signal,
        timeoutMs: settings.operationTimeoutMs,
        maxUpstreamCalls: settings.upstreamMaxCalls,
        forwardedAuthorization: settings.forwardCredentials ? forwardedAuthorization(request.headers) : {},
        span: telemetry?.spanOf(request),
      });
      return createContext({ caller: callers.of(request), scope });
    },
    plugins: [
      useRefusalBodies({ endpoint: ENDPOINT, ids }),
      settings.auth.mode === 'loopback' && useHostCheck(ids),
      useRequestId(ids),
      useNoConnectionHeader(),
      useSecurityHeaders({ isCorsOn: settings.corsOrigins.length > 0 }),
      useHealth({ isReady }),
      metrics !== undefined && settings.metricsPort === undefined && useMetricsPage(metrics),
      settings.graphiql && useGraphiQLPage({ endpoint: ENDPOINT, asksForKey: settings.auth.mode === 'required' }),
      useEndpoint({ endpoint: ENDPOINT }),
      ...(telemetry ? [telemetry.useArrival] : []),
      useClientAddress(addresses),
      useKnownCallers,
      useCsrfCheck(),
      useMalformedRequests(),
      usePersistedDocuments(settings.persistedDocuments),
      useTokenLimit({ maxTokens: settings.limitTokens }),
      useDocumentLimits({ maxAliases: settings.limitAliases, maxDirectives: settings.limitDirectives }),
      useValidationBound(),
      !settings.introspection && useIntrospectionSwitch(),
      useLiteralErrors(),
      useVariableErrors({ hasSuggestions: settings.introspection }),
      useAcceptableAnswers(),
      useCostLimit({ maxCost, maxDepth: settings.limitDepth, rateLimit }),
      useGraphqlJs(),
      useKnownOperations(known),
      useCallerExpiry(),
      useClientErrors({ ids, logger }),
      ...(telemetry ? [telemetry.useOutcome] : []),
    ],
    maskedErrors: { maskError: createErrorMask(logger) },
    maxRequestBodySize: settings.limitBodyBytes,
    // What yoga would do on its own: reflect any origin, accept uploads and batches, show pages of its own.
    cors: settings.corsOrigins.length > 0 ? corsOptions(settings) : false,
    ...(settings.persistedDocuments && { extraParamNames: [DOCUMENT_ID] }),
    parserAndValidationCache: {
      documentCache: createReturningDocumentCache(),
      errorCache: createReturningDocumentCache(),
    },
    multipart: false,
    batching: false,
    landingPage: false,
    graphiql: false,
    // Its own check answers any URL with this end, whatever its Host, and cannot be switched off; no URL ends like this.
    healthCheckEndpoint: '\0',
    logging: {
      debug: () => {},
      info: (...parts) => logger.info(parts.map(String).join(' ')),
      warn: (...parts) => logger.warn(parts.map(String).join(' ')),
      // The error itself is logged where it is masked, with its secrets removed.
      error: () => {},
    },
  });
  return {
    yoga,
    /** What listens: the ordinary request has a way of its own. */
    handler: directWay({
      endpoint: ENDPOINT,
      known,
      createContext,
      watch,
      rateLimit,
      addresses,
      maxCost,
      settings,
      logger,
      ordinaryWay: yoga,
    }),
  };
}

/** Parses and validates a document as the plugins want it; null where it is to be refused. */
function checkedDocument(
  yoga: Pick<YogaServerInstance<object, GraphQLContext>, 'getEnveloped'>,
  text: string,
  operationName: string | null | undefined,
): DocumentNode | null {
  try {
    // Some plugins judge a document by its request; what they say of a broken one is kept, and said again.
    const request = new Request(`http://localhost${ENDPOINT}`, { method: 'POST' });
    const { parse, validate, schema } = yoga.getEnveloped({ request, params: { operationName } });
    const document: DocumentNode = parse(text);
    return validate(schema, document).length === 0 ? document : null;
  } catch {
    return null;
  }
}

/** What Apollo Client and browsers' tracing add by themselves, so that a preflight without them refuses every call. */
const SENT_BY_CLIENTS = ['apollographql-client-name', 'apollographql-client-version', 'traceparent', 'tracestate'];

/**
 * Pages of listed origins may call with a key of their own; cookies mean nothing here. The others get no CORS header at
 * all: left to itself the server would send them the origin `null`, which is that of every sandboxed frame.
 */
function corsOptions({ corsOrigins, forwardCredentials }: GatewaySettings) {
  const forwarded = forwardCredentials ? FORWARDED_HEADERS : [];
  const known = ['authorization', 'content-type', REQUEST_ID_HEADER, COST_HEADER, ...CSRF_PROOFS];
  const allowedHeaders = [...known, ...SENT_BY_CLIENTS, ...forwarded];
  return (request: Request) => {
    const origin = request.headers.get('origin');
    if (origin === null || !corsOrigins.includes(origin)) return false;
    return {
      origin,
      methods: ['GET', 'POST'],
      allowedHeaders,
      exposedHeaders: [REQUEST_ID_HEADER, 'retry-after'],
      credentials: false,
      maxAge: 600,
    };
  };
}
