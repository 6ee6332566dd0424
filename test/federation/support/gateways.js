// Composers and gateways as their own documentation sets them up; docs/federation.md shows the same lines.
// JavaScript, so that the types of what may not be installed are not needed to compile the tests.
import { createServer } from 'node:http';
import apolloComposition from '@apollo/composition';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { composeSchemaContract, composeServices } from '@theguild/federation-composition';
import { GraphQLError, parse } from 'graphql';

// Nothing may leave the machine.
process.env.APOLLO_TELEMETRY_DISABLED = 'true';

export const COMPOSERS = {
  '@apollo/composition': composeWithApollo,
  '@theguild/federation-composition': composeWithTheGuild,
};

export const GATEWAYS = { '@apollo/gateway': startApolloGateway, 'Hive Gateway': startHiveGateway };

/** What a contract that leaves out these tags shows to its clients. */
export function contractWithout(tags, subgraph) {
  const { publicSdl, errors } = composeSchemaContract(
    [toService(subgraph)],
    { include: new Set(), exclude: new Set(tags) },
    true,
  );
  if (errors) throw new AggregateError(errors);
  return publicSdl;
}

function composeWithApollo(subgraphs) {
  return outcome(apolloComposition.composeServices(subgraphs.map(toService)));
}

function composeWithTheGuild(subgraphs) {
  return outcome(composeServices(subgraphs.map(toService)));
}

function toService({ name, url, sdl }) {
  return { name, url, typeDefs: parse(sdl) };
}

function outcome({ supergraphSdl, errors = [] }) {
  return {
    supergraph: supergraphSdl,
    errors: errors.map(({ message, extensions }) => ({ code: String(extensions?.code), message })),
  };
}

async function startApolloGateway(supergraph) {
  class HookgraphDataSource extends RemoteGraphQLDataSource {
    willSendRequest({ request, context: { headers } }) {
      if (headers?.authorization) request.http.headers.set('authorization', headers.authorization);
    }

    // A request that is refused as a whole has HTTP 4xx, and its error in the body.
    async errorFromResponse(response) {
      const error = await super.errorFromResponse(response);
      const [refusal] = error.extensions.response.body?.errors ?? [];
      return refusal ? new GraphQLError(refusal.message, { extensions: refusal.extensions }) : error;
    }
  }

  const gateway = new ApolloGateway({
    supergraphSdl: supergraph,
    buildService: ({ url }) => new HookgraphDataSource({ url }),
  });
  const server = new ApolloServer({ gateway, includeStacktraceInErrorResponses: false });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: 0 },
    context: async ({ req: { headers } }) => ({ headers }),
  });
  return { url, close: () => server.stop() };
}

async function startHiveGateway(supergraph) {
  const runtime = createGatewayRuntime({
    supergraph,
    logging: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => {
        const authorization = request.headers.get('authorization');
        return authorization ? { authorization } : {};
      },
    },
  });
  const server = createServer(runtime);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/graphql`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await runtime[Symbol.asyncDispose]();
    },
  };
}
