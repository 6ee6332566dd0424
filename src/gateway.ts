import type { GatewaySettings } from './config/load-config.ts';
import { executableSchema } from './graphql/schema.ts';
import type { ConfiguredProvider } from './providers/provider-definition.ts';
import { type HttpServer, listen } from './server/http-server.ts';
import { listenForMetrics, type MetricsServer } from './server/metrics-server.ts';
import { createYogaServer } from './server/yoga.ts';
import { createSharedState } from './state/create-shared-state.ts';
import { createDriftReporter } from './telemetry/drift-reporter.ts';
import type { Logger } from './telemetry/logger.ts';
import { createMetrics } from './telemetry/metrics.ts';
import type { Tracing } from './telemetry/tracing.ts';
import { createProviderDirectory } from './webhooks/provider-directory.ts';
import { createActivityTails } from './webhooks/tail/activity-tails.ts';
import { createTailRelays } from './webhooks/tail/tail-relays.ts';
import { traceProvider } from './webhooks/trace-provider.ts';

/** A gateway in this process. */
export interface Gateway {
  /** Answers one request without a port, for embedding and tests. */
  fetch(request: Request): Promise<Response>;
  /** Listens where the settings say; answers the address. Rejects with `ConfigError` where that cannot be bound. */
  listen(): Promise<string>;
  /** Where Prometheus finds the metrics of a gateway that listens; undefined where they are off. */
  readonly metricsUrl: string | undefined;
  /** Says that it is not ready, drains the listener, and closes the connections to the upstreams. */
  close(): Promise<void>;
}

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly settings: GatewaySettings;
  readonly providers: readonly ConfiguredProvider[];
  readonly isSandbox: boolean;
  readonly logger: Logger;
  /** After how many times an operation is answered directly; `once` is for tests, which ask most things once only. */
  readonly directAfter?: 'twice' | 'once';
  /** Where traces go; absent: nothing is traced. */
  readonly tracing?: Tracing | undefined;
}

/** Puts a gateway together. Nothing is called upstream before the first request needs it. */
export function createGateway(options: GatewayOptions): Gateway {
  const { settings, providers, isSandbox, logger, tracing, directAfter = 'twice' } = options;
  const hasMetrics = settings.metricsPort !== undefined || settings.auth.mode === 'loopback';
  const metrics = hasMetrics ? createMetrics() : undefined;
  let metricsServer: MetricsServer | undefined;
  let server: HttpServer | undefined;
  let opening: Promise<string> | undefined;
  let isDraining = false;
  let closing: Promise<void> | undefined;
  let closingUpstreams: Promise<unknown> | undefined;

  const reportDrift = createDriftReporter({ logger, count: metrics?.countDrift });
  const { redisUrl } = settings;
  const redisMetrics = redisUrl === undefined ? undefined : metrics?.redis();
  const state = createSharedState({ redisUrl, failures: redisMetrics?.failures, logger });
  redisMetrics?.watch(state.isOfUse);
  const upstreams = providers.map((provider) =>
    provider.create({
      http: {
        timeouts: { connectMs: settings.connectTimeoutMs, attemptMs: settings.upstreamTimeoutMs },
        maxBodyBytes: settings.upstreamMaxBodyBytes,
        maxConnections: settings.upstreamMaxConnections,
        maxQueue: settings.upstreamMaxQueue,
        retry: {
          maxRetries: settings.retryMax,
          budgetPercent: settings.retryBudgetPercent,
          budgetFloor: settings.retryBudgetFloor,
        },
        circuit: {
          minCalls: settings.circuitMinCalls,
          failurePercent: settings.circuitFailurePercent,
          openMs: settings.circuitOpenMs,
        },
        logger,
        observer: metrics?.upstream(provider.name),
      },
      forwarding: { isOn: settings.forwardCredentials, fallsBack: settings.forwardFallback },
      reportDrift,
      shareToken: state.token,
    }),
  );
  const directory = createProviderDirectory(tracing ? upstreams.map(traceProvider) : upstreams);
  const tails = createActivityTails({
    directory,
    pollMs: settings.tailPollMs,
    maxPages: settings.scanMaxPages,
    timeoutMs: settings.operationTimeoutMs,
    maxUpstreamCalls: settings.upstreamMaxCalls,
    openRelay: createTailRelays({ state, providers }),
  });
  metrics?.watchTails(tails.counts);
  const schema = executableSchema({ hasNode: settings.subgraphNode });
  const { yoga, handler } = createYogaServer({
    schema,
    directory,
    tails,
    state,
    settings,
    isSandbox,
    isReady: () => !isDraining,
    logger,
    directAfter,
    metrics,
    tracing,
  });

  function closeUpstreams(): Promise<unknown> {
    closingUpstreams ??= Promise.all(upstreams.map((upstream) => upstream.close()));
    return closingUpstreams;
  }

  async function open(): Promise<string> {
    if (isDraining) throw new Error('A gateway that was closed does not listen.');
    await state.opened;
    server = await listen({
      handler,
      host: settings.host,
      port: settings.port,
      timeoutMs: settings.operationTimeoutMs,
    });
    const { metricsPort: port } = settings;
    if (metrics && port !== undefined) metricsServer = await listenForMetrics({ metrics, port, logger });
    return server.url;
  }

  async function close(): Promise<void> {
    isDraining = true;
    // A port that is just being opened would stay open. Where that fails, whoever listens is told.
    await opening?.catch(() => {});
    const { drainDelayMs: delayMs, drainTimeoutMs: timeoutMs } = settings;
    await server?.drain({ delayMs, timeoutMs, endStreams: tails.close, giveUp: () => void closeUpstreams() });
    tails.close();
    await yoga.dispose();
    await closeUpstreams();
    await state.close();
    await metricsServer?.close();
  }

  return {
    fetch: async (request) => yoga.fetch(request),
    listen: () => {
      opening = open();
      return opening;
    },
    get metricsUrl() {
      return metricsServer?.url ?? (metrics && server && `${server.url}/metrics`);
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
