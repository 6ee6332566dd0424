// The part of our schema that the workloads use (schema/schema.graphql), and resolvers as one writes them by hand: a row is
// mapped once, and its fields are plain properties, which is what the peers are fastest with.
import { connection, fromActivity, fromPersonio, fromTruLayer, providerIdIn } from '../projection.js';

/** @typedef {import('../projection.js').Row} Row */

/**
 * What a peer brings to reach the upstreams in its own way; answers are parsed bodies.
 * @typedef {object} Upstreams
 * @property {(id: string) => Promise<Row>} webhook Personio's
 * @property {(id: string, limit: number) => Promise<Row>} activity
 * @property {(limit: number) => Promise<Row>} personioWebhooks
 * @property {() => Promise<Row>} trulayerWebhooks
 * @property {(id: string) => Promise<Row>} ping
 */

export const typeDefs = /* GraphQL */ `
  enum WebhookProvider { PERSONIO TRULAYER }
  enum WebhookStatus { DISABLED ENABLED }
  enum WebhookDeliveryOutcome { CLIENT_ERROR DELIVERED NO_RESPONSE REDIRECTED SERVER_ERROR UNKNOWN }

  type Query {
    webhook(id: ID!): Webhook
    webhooks(first: Int = 50): WebhookConnection
  }
  type Mutation {
    pingWebhook(input: PingWebhookInput!): PingWebhookPayload
  }
  input PingWebhookInput { id: ID! }
  type PingWebhookPayload {
    webhookId: ID!
    delivery: WebhookTestDelivery!
  }
  type WebhookTestDelivery {
    eventName: String!
    completedAt: String
    isDelivered: Boolean!
    attempts: Int
    statusCode: Int
    outcome: WebhookDeliveryOutcome!
  }
  type Webhook {
    id: ID!
    provider: WebhookProvider!
    providerId: ID!
    url: String!
    description: String
    status: WebhookStatus
    enabledEvents: [String!]
    createdAt: String
    updatedAt: String
    activity(first: Int = 20): WebhookActivityConnection
  }
  type WebhookConnection {
    edges: [WebhookEdge]!
    pageInfo: PageInfo!
  }
  type WebhookEdge { node: Webhook! }
  type WebhookActivityConnection {
    edges: [WebhookActivityEdge]!
    pageInfo: PageInfo!
  }
  type WebhookActivityEdge { node: WebhookActivity! }
  type WebhookActivity {
    completedAt: String!
    eventName: String!
    isDelivered: Boolean!
    attempts: Int
    statusCode: Int
    outcome: WebhookDeliveryOutcome!
    redeliveryId: ID
  }
  type PageInfo {
    hasNextPage: Boolean!
    endCursor: String
  }
`;

/** @typedef {{ readonly upstreams: Upstreams }} Context */

export const resolvers = {
  Query: {
    webhook: async (
      /** @type {unknown} */ _root,
      /** @type {{ id: string }} */ { id },
      /** @type {Context} */ context,
    ) => fromPersonio(await context.upstreams.webhook(providerIdIn(id))),
    webhooks: async (
      /** @type {unknown} */ _root,
      /** @type {{ first: number }} */ { first },
      /** @type {Context} */ { upstreams },
    ) => {
      const [{ _data: personio, _meta }, { webhooks }] = await Promise.all([
        upstreams.personioWebhooks(first),
        upstreams.trulayerWebhooks(),
      ]);
      const ofPersonio = rows(personio).map(fromPersonio);
      const ofTruLayer = rows(webhooks).slice(0, first - ofPersonio.length);
      const hasNextPage = hasNext(_meta) || ofTruLayer.length < rows(webhooks).length;
      return connection([...ofPersonio, ...ofTruLayer.map(fromTruLayer)], hasNextPage);
    },
  },
  Mutation: {
    pingWebhook: async (
      /** @type {unknown} */ _root,
      /** @type {{ input: { id: string } }} */ { input },
      /** @type {Context} */ context,
    ) => {
      const delivery = fromActivity(await context.upstreams.ping(providerIdIn(input.id)));
      return { webhookId: input.id, delivery };
    },
  },
  Webhook: {
    activity: async (
      /** @type {{ providerId: string }} */ { providerId },
      /** @type {{ first: number }} */ { first },
      /** @type {Context} */ context,
    ) => {
      const { _data, _meta } = await context.upstreams.activity(providerId, first);
      return connection(rows(_data).map(fromActivity), hasNext(_meta));
    },
  },
};

/** @param {unknown} value */
function rows(value) {
  return /** @type {readonly Row[]} */ (value);
}

/** @param {unknown} meta */
function hasNext(meta) {
  return /** @type {{ links: { next?: unknown } }} */ (meta).links.next !== undefined;
}
