import type { ProviderName } from '../domain/provider-name.ts';
import { createDeliverer } from './deliver.ts';
import { type Answer, type ReceivedRequest, startHttpListener } from './http-listener.ts';
import { seedPersonio } from './personio/seeded-webhooks.ts';
import { createPersonioSimulator } from './personio/simulator.ts';
import { createStore as createPersonioStore } from './personio/store.ts';
import { createRandom } from './random.ts';
import type { ReceivedDelivery } from './receiver/received-delivery.ts';
import { startReceiver } from './receiver/receiver.ts';
import { seedTruLayer } from './trulayer/seeded-webhooks.ts';
import { createTruLayerSimulator } from './trulayer/simulator.ts';
import { createStore as createTruLayerStore } from './trulayer/store.ts';

const MAX_RECORDED_REQUESTS = 5000;

/** A request that one of the simulators has answered. */
export interface RecordedRequest {
  readonly provider: ProviderName;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Null where the simulator left without an answer. */
  readonly status: number | null;
}

/** The running sandbox: both upstreams, and a receiver that really gets their deliveries. */
export interface Sandbox {
  readonly personio: { readonly baseUrl: string; readonly clientId: string; readonly clientSecret: string };
  readonly trulayer: { readonly baseUrl: string; readonly apiKey: string };
  /** Its log: a page at `/`, JSON at `/deliveries`; the same here, newest first. */
  readonly receiver: { readonly baseUrl: string; readonly deliveries: readonly ReceivedDelivery[] };
  /** The last 5000 requests that reached the simulators, oldest first. */
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

/** What tests set; a sandbox for people needs none of it. */
export interface SandboxOptions {
  readonly now?: () => number;
  /** The same seed gives the same data, relative to now. */
  readonly seed?: number;
  /** How long both providers wait for the receiver. */
  readonly deliveryTimeoutMs?: number;
  /** How long `slow.receiver.example` takes. */
  readonly slowAnswerMs?: number;
  readonly personioTokenLifetimeSeconds?: number;
  readonly trulayerRequestsPerMinute?: number;
}

/** Starts simulators of both providers and a receiver, each on a free loopback port. Nothing leaves the machine. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const {
    now = Date.now,
    seed = 1,
    deliveryTimeoutMs = 3000,
    slowAnswerMs = 1000,
    personioTokenLifetimeSeconds = 86_400,
    trulayerRequestsPerMinute = 6000,
  } = options;
  const random = createRandom(seed);
  const closing = new AbortController();
  const requests: RecordedRequest[] = [];

  const recorded =
    (provider: RecordedRequest['provider'], answer: (request: ReceivedRequest) => Promise<Answer>) =>
    async (request: ReceivedRequest): Promise<Answer> => {
      const result = await answer(request);
      const { method, path, headers, body } = request;
      const status = typeof result === 'string' ? null : result.status;
      requests.push({ provider, method, path, headers, body: body.toString('utf8'), status });
      if (requests.length > MAX_RECORDED_REQUESTS) requests.shift();
      return result;
    };

  const receiver = await startReceiver({ now, slowAnswerMs });
  const deliver = createDeliverer({
    receiverPort: receiver.port,
    timeoutMs: deliveryTimeoutMs,
    signal: closing.signal,
  });
  const answerPersonio = createPersonioSimulator({
    now,
    random,
    deliver,
    store: createPersonioStore({ now, random, seed: seedPersonio(now(), seed) }),
    signal: closing.signal,
    tokenLifetimeSeconds: personioTokenLifetimeSeconds,
  });
  const answerTruLayer = createTruLayerSimulator({
    now,
    random,
    deliver,
    store: createTruLayerStore(seedTruLayer(now())),
    requestsPerMinute: trulayerRequestsPerMinute,
  });
  const personio = await startHttpListener({ answer: recorded('PERSONIO', answerPersonio) });
  const trulayer = await startHttpListener({ answer: recorded('TRULAYER', answerTruLayer) });

  return {
    personio: { baseUrl: personio.baseUrl, clientId: 'papi-sandbox', clientSecret: 'sandbox-secret' },
    trulayer: { baseUrl: trulayer.baseUrl, apiKey: 'tl_sandbox_owner' },
    receiver: { baseUrl: receiver.baseUrl, deliveries: receiver.deliveries },
    requests,
    close: async () => {
      closing.abort();
      await Promise.all([personio.close(), trulayer.close(), receiver.close()]);
    },
  };
}
