import type { CallScope } from '../../domain/call-scope.ts';
import type { HttpClient } from '../../http/http-client.ts';
import type { HttpAnswer } from '../../http/http-request.ts';
import { createSender, resourcePath, type UpstreamCall } from '../upstream-call.ts';
import type { components, operations } from './openapi.gen.ts';

/** What an operation can be asked for. */
export type Query<Operation extends keyof operations> = NonNullable<operations[Operation]['parameters']['query']>;
type Schemas = components['schemas'];

/** One function for each operation of the contract (schema/upstream/personio.openapi.yaml); answers are unchecked. */
export interface PersonioClient {
  obtainAccessToken(
    credentials: Pick<Schemas['TokenRequest'], 'client_id' | 'client_secret'>,
    scope: CallScope,
  ): Answer;
  listWebhooks(query: Query<'listWebhooks'>, call: UpstreamCall): Answer;
  getWebhook(id: string, call: UpstreamCall): Answer;
  createWebhook(body: Schemas['CreateWebhookRequest'], call: UpstreamCall): Answer;
  updateWebhook(id: string, body: Schemas['UpdateWebhookRequest'], call: UpstreamCall): Answer;
  deleteWebhook(id: string, call: UpstreamCall): Promise<void>;
  pingWebhook(id: string, call: UpstreamCall): Answer;
  sendWebhookTestEvent(id: string, body: Schemas['SendTestEventRequest'], call: UpstreamCall): Answer;
  listWebhookActivity(id: string, query: Query<'listWebhookActivity'>, call: UpstreamCall): Answer;
  listWebhookEvents(id: string, query: Query<'listWebhookEvents'>, call: UpstreamCall): Answer;
  redeliverWebhookEvents(id: string, body: Schemas['RedeliveryRequest'], call: UpstreamCall): Answer;
}

type Answer = Promise<HttpAnswer>;

const WEBHOOKS = '/v2/webhooks';

/** Speaks Personio's API. */
export function createPersonioClient(http: HttpClient): PersonioClient {
  const send = createSender(http);

  return {
    obtainAccessToken: (credentials, scope) => {
      const pathTemplate = '/v2/auth/token';
      const form = { grant_type: 'client_credentials', ...credentials };
      return http.request(
        {
          operation: 'obtainAccessToken',
          method: 'POST',
          pathTemplate,
          path: pathTemplate,
          form,
          expects: 'json',
          endpoint: 'token',
        },
        scope,
      );
    },
    listWebhooks: (query, call) =>
      send(
        {
          operation: 'listWebhooks',
          method: 'GET',
          pathTemplate: WEBHOOKS,
          path: WEBHOOKS,
          query: { ...query },
          expects: 'json',
        },
        call,
      ),
    getWebhook: (id, call) =>
      send({ operation: 'getWebhook', method: 'GET', expects: 'json', ...resourcePath(WEBHOOKS, id) }, call),
    createWebhook: (json, call) =>
      send(
        {
          operation: 'createWebhook',
          method: 'POST',
          pathTemplate: WEBHOOKS,
          path: WEBHOOKS,
          json,
          expects: 'json',
        },
        call,
      ),
    updateWebhook: (id, json, call) =>
      send({ operation: 'updateWebhook', method: 'PATCH', json, expects: 'json', ...resourcePath(WEBHOOKS, id) }, call),
    deleteWebhook: async (id, call) => {
      await send(
        { operation: 'deleteWebhook', method: 'DELETE', expects: 'nothing', ...resourcePath(WEBHOOKS, id) },
        call,
      );
    },
    pingWebhook: (id, call) =>
      send({ operation: 'pingWebhook', method: 'POST', expects: 'json', ...resourcePath(WEBHOOKS, id, '/ping') }, call),
    sendWebhookTestEvent: (id, json, call) =>
      send(
        {
          operation: 'sendWebhookTestEvent',
          method: 'POST',
          json,
          expects: 'json',
          ...resourcePath(WEBHOOKS, id, '/test-event'),
        },
        call,
      ),
    listWebhookActivity: (id, query, call) =>
      send(
        {
          operation: 'listWebhookActivity',
          method: 'GET',
          query: { ...query },
          expects: 'json',
          ...resourcePath(WEBHOOKS, id, '/activity'),
        },
        call,
      ),
    listWebhookEvents: (id, query, call) =>
      send(
        {
          operation: 'listWebhookEvents',
          method: 'GET',
          query: { ...query },
          expects: 'json',
          ...resourcePath(WEBHOOKS, id, '/events'),
        },
        call,
      ),
    redeliverWebhookEvents: (id, json, call) =>
      send(
        {
          operation: 'redeliverWebhookEvents',
          method: 'POST',
          json,
          // Which success code it answers, and whether with a body, is not documented.
          expects: 'json-or-nothing',
          ...resourcePath(WEBHOOKS, id, '/redelivery'),
        },
        call,
      ),
  };
}
