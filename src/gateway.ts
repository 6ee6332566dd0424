import type { GatewaySettings } from './config/load-config.ts';
import { executableSchema } from './graphql/schema.ts';
import type { ConfiguredProvider } from './providers/provider-definition.ts';
import { type HttpServer, listen } from './server/http-server.ts';
import { createYogaServer } from './server/yoga.ts';
import { createSharedState } from './state/create-shared-state.ts';
import { createCounter } from './telemetry/counter.ts';
import { createDriftReporter } from './telemetry/drift-reporter.ts';
import type { Logger } from './telemetry/logger.ts';
import { createProviderDirectory } from './webhooks/provider-directory.ts';
import { createActivityTails } from './webhooks/tail/activity-tails.ts';
import { createTailRelays } from './webhooks/tail/tail-relays.ts';

/** A gateway in this process. */
export interface Gateway {
  /** Answers one request without a port, for embedding and tests. */
  fetch(request: Request): Promise<Response>;
  /** Listens where the settings say; answers the address. */
  listen(): Promise<string>;
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
}

/** Puts a gateway together. Nothing is called upstream before the first request needs it. */
export function createGateway(options: GatewayOptions): Gateway {
  const { settings, providers, isSandbox, logger, directAfter = 'twice' } = options;
  let server: HttpServer | undefined;
  let isDraining = false;
  let closing: Promise<void> | undefined;
  let closingUpstreams: Promise<unknown> | undefined;

  const driftCounter = createCounter({
    name: 'hookgraph_schema_drift_total',
    help: 'Upstream answers that are not what their contract says.',
  });
  const reportDrift = createDriftReporter({ logger, counter: driftCounter });
  const redisFailures = createCounter({
    name: 'hookgraph_redis_failures_total',
    help: "Uses of Redis that failed, so that this instance's memory took its place.",
  });
  const state = createSharedState({ redisUrl: settings.redisUrl, failures: redisFailures, logger });
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
      },
      forwarding: { isOn: settings.forwardCredentials, fallsBack: settings.forwardFallback },
      reportDrift,
      shareToken: state.token,
    }),
  );
  const directory = createProviderDirectory(upstreams);
  const tails = createActivityTails({
    directory,
    pollMs: settings.tailPollMs,
    maxPages: settings.scanMaxPages,
    timeoutMs: settings.operationTimeoutMs,
    maxUpstreamCalls: settings.upstreamMaxCalls,
    openRelay: createTailRelays({ state, providers }),
  });
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
  });

  function closeUpstreams(): Promise<unknown> {
    closingUpstreams ??= Promise.all(upstreams.map((upstream) => upstream.close()));
    return closingUpstreams;
  }

  async function close(): Promise<void> {
    isDraining = true;
    const { drainDelayMs: delayMs, drainTimeoutMs: timeoutMs } = settings;
    await server?.drain({ delayMs, timeoutMs, endStreams: tails.close, giveUp: () => void closeUpstreams() });
    tails.close();
    await yoga.dispose();
    await closeUpstreams();
    await state.close();
  }

  return {
    fetch: async (request) => yoga.fetch(request),
    listen: async () => {
      await state.opened;
      server = await listen({ handler, host: settings.host, port: settings.port });
      return server.url;
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
