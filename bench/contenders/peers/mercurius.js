// Mercurius on Fastify with graphql-jit from the first request on, loaders of one request, and undici.
import DataLoader from 'dataloader';
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { callUpstream } from '../call-upstream.js';
import { resolvers, typeDefs } from './schema.js';

const app = Fastify({ logger: false, keepAliveTimeout: 600_000 });
app.register(mercurius, { schema: typeDefs, resolvers, jit: 1, context: () => ({ upstreams: createUpstreams() }) });
const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ url });

/** @returns {import('./schema.js').Upstreams} */
function createUpstreams() {
  const loader = new DataLoader((/** @type {readonly string[]} */ paths) =>
    Promise.all(paths.map((path) => callUpstream(path).then(parse))),
  );
  return {
    webhook: (id) => loader.load(`/v2/webhooks/${id}`),
    activity: (id, limit) => loader.load(`/v2/webhooks/${id}/activity?limit=${limit}`),
    personioWebhooks: (limit) => loader.load(`/v2/webhooks?limit=${limit}`),
    trulayerWebhooks: () => loader.load('/v1/webhooks'),
    ping: async (id) => parse(await callUpstream(`/v2/webhooks/${id}/ping`, 'POST')),
  };
}

/** @param {Buffer} bytes */
function parse(bytes) {
  return JSON.parse(bytes.toString());
}
