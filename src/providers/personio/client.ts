import type { CallScope } from '../../domain/webhook-provider.ts';
import type { Authorization } from '../../http/authorization.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../http/http-client.ts';
import type { components, operations } from './openapi.gen.ts';

type Query<Operation extends keyof operations> = NonNullable<operations[Operation]['parameters']['query']>;
type Schemas = components['schemas'];

/** One function for each operation of the contract (schema/upstream/personio.openapi.yaml); answers are unchecked. */
export interface PersonioClient {
  obtainAccessToken(
    credentials: Pick<Schemas['TokenRequest'], 'client_id' | 'client_secret'>,
    scope: CallScope,
  ): Answer;
  listWebhooks(query: Query<'listWebhooks'>, call: Call): Answer;
  getWebhook(id: string, call: Call): Answer;
  createWebhook(body: Schemas['CreateWebhookRequest'], call: Call): Answer;
  updateWebhook(id: string, body: Schemas['UpdateWebhookRequest'], call: Call): Answer;
  deleteWebhook(id: string, call: Call): Promise<void>;
  pingWebhook(id: string, call: Call): Answer;
  sendWebhookTestEvent(id: string, body: Schemas['SendTestEventRequest'], call: Call): Answer;
  listWebhookActivity(id: string, query: Query<'listWebhookActivity'>, call: Call): Answer;
  listWebhookEvents(id: string, query: Query<'listWebhookEvents'>, call: Call): Answer;
  redeliverWebhookEvents(id: string, body: Schemas['RedeliveryRequest'], call: Call): Answer;
}

/** With which credentials a call goes out, and on whose behalf. */
export interface Call {
  readonly authorization: Authorization;
  readonly scope: CallScope;
}

type Answer = Promise<HttpAnswer>;

const WEBHOOKS = '/v2/webhooks';
const WEBHOOK = '/v2/webhooks/{id}';

/** Speaks Personio's API. */
export function createPersonioClient(http: HttpClient): PersonioClient {
  const send = (request: Omit<HttpRequest, 'authorization'>, { authorization, scope }: Call): Answer =>
    http.request({ authorization, ...request }, scope);

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
      send({ operation: 'getWebhook', method: 'GET', expects: 'json', ...webhookPath(id) }, call),
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
      send({ operation: 'updateWebhook', method: 'PATCH', json, expects: 'json', ...webhookPath(id) }, call),
    deleteWebhook: async (id, call) => {
      await send({ operation: 'deleteWebhook', method: 'DELETE', expects: 'nothing', ...webhookPath(id) }, call);
    },
    pingWebhook: (id, call) =>
      send({ operation: 'pingWebhook', method: 'POST', expects: 'json', ...webhookPath(id, '/ping') }, call),
    sendWebhookTestEvent: (id, json, call) =>
      send(
        {
          operation: 'sendWebhookTestEvent',
          method: 'POST',
          json,
          expects: 'json',
          ...webhookPath(id, '/test-event'),
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
          ...webhookPath(id, '/activity'),
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
          ...webhookPath(id, '/events'),
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
          ...webhookPath(id, '/redelivery'),
        },
        call,
      ),
  };
}

function webhookPath(id: string, rest = ''): Pick<HttpRequest, 'pathTemplate' | 'path'> {
  return { pathTemplate: `${WEBHOOK}${rest}`, path: `${WEBHOOKS}/${encodeURIComponent(id)}${rest}` };
}
