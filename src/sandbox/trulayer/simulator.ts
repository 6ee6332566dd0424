import type { Deliver } from '../deliver.ts';
import type { HttpAnswer, ReceivedRequest } from '../http-listener.ts';
import type { Random } from '../random.ts';
import { createRouter } from '../router.ts';
import { answerError, errors, TruLayerError } from './errors.ts';
import { TRULAYER_KEYS, type TruLayerKey } from './keys.ts';
import { createOperations, type Operation } from './operations.ts';
import { createRateLimit } from './rate-limit.ts';
import type { Store } from './store.ts';

interface TruLayerSimulatorOptions {
  readonly now: () => number;
  readonly random: Random;
  readonly store: Store;
  readonly deliver: Deliver;
  readonly requestsPerMinute: number;
}

/** The four webhook operations of TruLayer's v1 API, as its OpenAPI file describes them. */
export function createTruLayerSimulator({ requestsPerMinute, ...options }: TruLayerSimulatorOptions) {
  const countRequest = createRateLimit(options.now, requestsPerMinute);
  const route = createRouter<Operation>(createOperations(options));

  return async (request: ReceivedRequest): Promise<HttpAnswer> => {
    const limit = countRequest();
    try {
      const match = route(request.method, request.path);
      if (match === 'unknown path') throw errors.unknownPath();
      if (match === 'wrong method') throw errors.wrongMethod();
      const key = authorize(request.headers.authorization);
      if (limit.isOver) throw errors.rateLimited(limit.resetSeconds);
      const answer = await match.handler({ request, key, id: match.id });
      return { ...answer, headers: { ...answer.headers, ...limit.headers } };
    } catch (error) {
      const answer = answerError(error instanceof TruLayerError ? error : errors.failure());
      return { ...answer, headers: { ...answer.headers, ...limit.headers } };
    }
  };
}

function authorize(authorization: string | undefined): TruLayerKey {
  const name = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const key = Object.hasOwn(TRULAYER_KEYS, name) ? TRULAYER_KEYS[name] : undefined;
  if (key === undefined) throw errors.missingCredential();
  if (key.refusal === 'revoked') throw errors.keyRevoked();
  if (key.refusal === 'throttled') throw errors.rateLimited(30);
  if (key.refusal === 'plan') throw errors.planUpgradeRequired();
  if (key.refusal === 'scope') throw errors.scopeForbidden();
  if (key.refusal === 'failure') throw errors.failure();
  return key;
}
