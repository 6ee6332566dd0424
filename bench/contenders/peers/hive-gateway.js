// Hive Gateway over a supergraph that GraphQL Mesh composes from the upstreams' OpenAPI files: no code, its own schema.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { createPrefixTransform, getComposedSchemaFromConfig } from '@graphql-mesh/compose-cli';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';
import { parse } from 'yaml';
import { listenAndAnnounce } from '../announce.js';

const nothing = () => {};
const silent = {
  debug: nothing,
  info: nothing,
  log: nothing,
  warn: nothing,
  error: console.error,
  child: () => silent,
};

const supergraph = await getComposedSchemaFromConfig(
  {
    subgraphs: [
      subgraph('personio', 'Personio_', process.env.PERSONIO_BASE_URL, process.env.PERSONIO_ACCESS_TOKEN),
      subgraph('trulayer', 'TruLayer_', process.env.TRULAYER_BASE_URL, process.env.TRULAYER_API_KEY),
    ],
    // How one joins two operations of an API in Mesh.
    additionalTypeDefs: /* GraphQL */ `
      extend type Personio_Webhook {
        activity(limit: PositiveInt): Personio_WebhookActivityPage
          @resolveTo(
            sourceName: "personio"
            sourceTypeName: "Query"
            sourceFieldName: "Personio_listWebhookActivity"
            requiredSelectionSet: "{ id }"
            sourceArgs: { id: "{root.id}", limit: "{args.limit}" }
          )
      }
    `,
  },
  silent,
);
const runtime = createGatewayRuntime({ supergraph, logging: false });
listenAndAnnounce(createServer(runtime));

/**
 * @param {string} name of its contract
 * @param {string} prefix of its types, since both APIs have a `Webhook`
 * @param {string | undefined} endpoint
 * @param {string | undefined} token
 */
function subgraph(name, prefix, endpoint, token) {
  return {
    sourceHandler: loadOpenAPISubgraph(name, {
      source: contract(name),
      endpoint,
      ignoreErrorResponses: true,
      operationHeaders: { authorization: `Bearer ${token}` },
    }),
    transforms: [createPrefixTransform({ value: prefix, includeRootOperations: true })],
  };
}

/**
 * The OpenAPI file. Names of events are an open enum there, of which Mesh would make an object for each name.
 * @param {string} name
 */
function contract(name) {
  const file = new URL(`../../../schema/upstream/${name}.openapi.yaml`, import.meta.url);
  const document = parse(readFileSync(file, 'utf8'));
  const { schemas } = document.components;
  for (const open of ['EventName', 'EventType']) if (schemas[open]) schemas[open] = { type: 'string' };
  return document;
}
