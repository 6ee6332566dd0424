import type { Deliver } from '../deliver.ts';
import type { HttpAnswer, ReceivedRequest } from '../http-listener.ts';
import type { Random } from '../random.ts';
import { createRouter } from '../router.ts';
import { READ_SCOPE, WRITE_SCOPE } from './clients.ts';
import { pingWebhook, sendTestEvent } from './delivering.ts';
import { answerProblem, PersonioProblem, problems } from './problems.ts';
import { getWebhook, listActivity, listEvents, listWebhooks } from './reading.ts';
import { createRedelivery } from './redelivery.ts';
import { FOREIGN_WEBHOOK_ID } from './seeded-webhooks.ts';
import type { Store, StoredWebhook } from './store.ts';
import { createTokenEndpoint } from './token-endpoint.ts';
import { createWebhook, deleteWebhook, updateWebhook } from './writing.ts';

interface PersonioSimulatorOptions {
  readonly now: () => number;
  readonly random: Random;
  readonly store: Store;
  readonly deliver: Deliver;
  /** Ends the redeliveries that are under way. */
  readonly signal: AbortSignal;
  readonly tokenLifetimeSeconds: number;
}

interface Call {
  readonly request: ReceivedRequest;
  readonly query: URLSearchParams;
  readonly id: string;
}

interface Operation {
  readonly scope: typeof READ_SCOPE | typeof WRITE_SCOPE | 'none';
  run(call: Call): HttpAnswer | Promise<HttpAnswer>;
}

/** The webhook operations and the token endpoint of Personio's v2 API, as its OpenAPI file describes them. */
export function createPersonioSimulator(options: PersonioSimulatorOptions) {
  const { now, random, store, tokenLifetimeSeconds } = options;
  const tokens = createTokenEndpoint({ now, random, tokenLifetimeSeconds });

  const redeliver = createRedelivery(options);

  const findWebhook = (id: string): StoredWebhook => {
    if (id === FOREIGN_WEBHOOK_ID) throw problems.accessDenied();
    const webhook = store.find(id);
    if (webhook === undefined) throw problems.webhookNotFound();
    return webhook;
  };

  const route = createRouter<Operation>({
    'POST /v2/auth/token': { scope: 'none', run: ({ request }) => tokens.issue(request) },
    'POST /v2/auth/revoke': { scope: 'none', run: ({ request }) => tokens.revoke(request) },
    'GET /v2/webhooks': { scope: READ_SCOPE, run: ({ query }) => listWebhooks(store, query) },
    'GET /v2/webhooks/:id': { scope: READ_SCOPE, run: ({ id }) => getWebhook(findWebhook(id)) },
    'GET /v2/webhooks/:id/activity': {
      scope: READ_SCOPE,
      run: ({ id, query }) => listActivity(findWebhook(id), query, now()),
    },
    'GET /v2/webhooks/:id/events': {
      scope: READ_SCOPE,
      run: ({ id, query }) => listEvents(findWebhook(id), query, now()),
    },
    'POST /v2/webhooks': { scope: WRITE_SCOPE, run: ({ request }) => createWebhook(store, request) },
    'PATCH /v2/webhooks/:id': {
      scope: WRITE_SCOPE,
      run: ({ id, request }) => updateWebhook(store, findWebhook(id), request),
    },
    'DELETE /v2/webhooks/:id': { scope: WRITE_SCOPE, run: ({ id }) => deleteWebhook(store, findWebhook(id)) },
    'POST /v2/webhooks/:id/ping': { scope: WRITE_SCOPE, run: ({ id }) => pingWebhook(findWebhook(id), options) },
    'POST /v2/webhooks/:id/test-event': {
      scope: WRITE_SCOPE,
      run: ({ id, request }) => sendTestEvent(findWebhook(id), request, options),
    },
    'POST /v2/webhooks/:id/redelivery': {
      scope: WRITE_SCOPE,
      run: ({ id, request }) => redeliver(findWebhook(id), request),
    },
  });

  /** Credentials first, then the scope, then the webhook, then what is asked of it. */
  function authorize(request: ReceivedRequest, scope: Operation['scope']): void {
    if (scope === 'none') return;
    const grant = tokens.grantOf(request.headers.authorization);
    const answer = grant?.client.webhooksAnswer;
    if (grant === undefined || answer === 401) throw problems.unauthorized();
    if (answer === 429) throw problems.tooManyRequests(30);
    if (answer !== undefined) throw problems.failure(answer);
    if (!grant.scopes.has(scope)) throw problems.accessDenied();
  }

  return async (request: ReceivedRequest): Promise<HttpAnswer> => {
    try {
      const match = route(request.method, request.path);
      if (match === 'unknown path') throw problems.unknownPath();
      if (match === 'wrong method') throw problems.wrongMethod();
      authorize(request, match.handler.scope);
      return await match.handler.run({ request, query: match.query, id: match.id });
    } catch (error) {
      const problem = error instanceof PersonioProblem ? error : problems.failure(500);
      return answerProblem(problem, now(), random.uuid());
    }
  };
}
