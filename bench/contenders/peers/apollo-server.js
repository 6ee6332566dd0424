// Apollo Server as its documentation starts it, with a RESTDataSource for each upstream, made anew for each request.
import { RESTDataSource } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { resolvers, typeDefs } from './schema.js';

class UpstreamApi extends RESTDataSource {
  /**
   * @param {string | undefined} baseURL
   * @param {string | undefined} token
   */
  constructor(baseURL, token) {
    super();
    this.baseURL = baseURL;
    this.token = token;
  }

  /**
   * @param {string} _path
   * @param {import('@apollo/datasource-rest').AugmentedRequest} request
   */
  willSendRequest(_path, request) {
    request.headers.authorization = `Bearer ${this.token}`;
  }
}

class Personio extends UpstreamApi {
  constructor() {
    super(process.env.PERSONIO_BASE_URL, process.env.PERSONIO_ACCESS_TOKEN);
  }
  webhook = (/** @type {string} */ id) => this.get(`/v2/webhooks/${id}`);
  webhooks = (/** @type {number} */ limit) => this.get('/v2/webhooks', { params: { limit: String(limit) } });
  activity = (/** @type {string} */ id, /** @type {number} */ limit) =>
    this.get(`/v2/webhooks/${id}/activity`, { params: { limit: String(limit) } });
  ping = (/** @type {string} */ id) => this.post(`/v2/webhooks/${id}/ping`);
}

class TruLayer extends UpstreamApi {
  constructor() {
    super(process.env.TRULAYER_BASE_URL, process.env.TRULAYER_API_KEY);
  }
  webhooks = () => this.get('/v1/webhooks');
}

const server = new ApolloServer({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: 0 },
  context: async () => ({ upstreams: createUpstreams() }),
});
process.send?.({ url: new URL(url).origin });

/** @returns {import('./schema.js').Upstreams} */
function createUpstreams() {
  const personio = new Personio();
  const trulayer = new TruLayer();
  return {
    webhook: personio.webhook,
    activity: personio.activity,
    personioWebhooks: personio.webhooks,
    trulayerWebhooks: trulayer.webhooks,
    ping: personio.ping,
  };
}
