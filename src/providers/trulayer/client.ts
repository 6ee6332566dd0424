import type { CallScope } from '../../domain/webhook-provider.ts';
import type { Authorization } from '../../http/authorization.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../http/http-client.ts';
import type { components } from './openapi.gen.ts';

/** One function for each operation of the contract (schema/upstream/trulayer.openapi.yaml); answers are unchecked. */
export interface TruLayerClient {
  listWebhooks(call: Call): Promise<HttpAnswer>;
  createWebhook(body: components['schemas']['CreateWebhookRequest'], call: Call): Promise<HttpAnswer>;
  deleteWebhook(id: string, call: Call): Promise<void>;
  testWebhook(id: string, call: Call): Promise<HttpAnswer>;
}

/** With which credentials a call goes out, and on whose behalf. */
export interface Call {
  readonly authorization: Authorization;
  readonly scope: CallScope;
}

const WEBHOOKS = '/v1/webhooks';
const WEBHOOK = '/v1/webhooks/{id}';

/** Speaks TruLayer's API. */
export function createTruLayerClient(http: HttpClient): TruLayerClient {
  const send = (request: Omit<HttpRequest, 'authorization'>, { authorization, scope }: Call): Promise<HttpAnswer> =>
    http.request({ authorization, ...request }, scope);

  return {
    listWebhooks: (call) =>
      send({ operation: 'listWebhooks', method: 'GET', pathTemplate: WEBHOOKS, path: WEBHOOKS, expects: 'json' }, call),
    createWebhook: (json, call) =>
      send(
        { operation: 'createWebhook', method: 'POST', pathTemplate: WEBHOOKS, path: WEBHOOKS, json, expects: 'json' },
        call,
      ),
    deleteWebhook: async (id, call) => {
      await send({ operation: 'deleteWebhook', method: 'DELETE', expects: 'nothing', ...webhookPath(id) }, call);
    },
    testWebhook: (id, call) =>
      send({ operation: 'testWebhook', method: 'POST', expects: 'json', ...webhookPath(id, '/test') }, call),
  };
}

function webhookPath(id: string, rest = ''): Pick<HttpRequest, 'pathTemplate' | 'path'> {
  return { pathTemplate: `${WEBHOOK}${rest}`, path: `${WEBHOOKS}/${encodeURIComponent(id)}${rest}` };
}
