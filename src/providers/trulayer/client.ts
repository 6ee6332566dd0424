import type { HttpClient } from '../../http/http-client.ts';
import type { HttpAnswer } from '../../http/http-request.ts';
import { createSender, resourcePath, type UpstreamCall } from '../upstream-call.ts';
import type { components } from './openapi.gen.ts';

/** One function for each operation of the contract (schema/upstream/trulayer.openapi.yaml); answers are unchecked. */
export interface TruLayerClient {
  listWebhooks(call: UpstreamCall): Promise<HttpAnswer>;
  createWebhook(body: components['schemas']['CreateWebhookRequest'], call: UpstreamCall): Promise<HttpAnswer>;
  deleteWebhook(id: string, call: UpstreamCall): Promise<void>;
  testWebhook(id: string, call: UpstreamCall): Promise<HttpAnswer>;
}

const WEBHOOKS = '/v1/webhooks';

/** Speaks TruLayer's API. */
export function createTruLayerClient(http: HttpClient): TruLayerClient {
  const send = createSender(http);

  return {
    listWebhooks: (call) =>
      send({ operation: 'listWebhooks', method: 'GET', pathTemplate: WEBHOOKS, path: WEBHOOKS, expects: 'json' }, call),
    createWebhook: (json, call) =>
      send(
        { operation: 'createWebhook', method: 'POST', pathTemplate: WEBHOOKS, path: WEBHOOKS, json, expects: 'json' },
        call,
      ),
    deleteWebhook: async (id, call) => {
      await send(
        { operation: 'deleteWebhook', method: 'DELETE', expects: 'nothing', ...resourcePath(WEBHOOKS, id) },
        call,
      );
    },
    testWebhook: (id, call) =>
      send({ operation: 'testWebhook', method: 'POST', expects: 'json', ...resourcePath(WEBHOOKS, id, '/test') }, call),
  };
}
