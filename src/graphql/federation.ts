import { printSchemaWithDirectives } from '@graphql-tools/utils';
import {
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  printSchema,
  valueFromASTUntyped,
} from 'graphql';
import { BadUserInputError, type InputPath } from '../domain/errors.ts';
import type { Webhook, WebhookKey } from '../domain/webhook.ts';
import { MAX_REFERENCES } from '../webhooks/operation-scope.ts';
import { requiring } from './access.ts';
import type { GraphQLContext } from './context.ts';
import { costByLength, UPSTREAM_COST } from './cost.ts';
import { decodeProviderKey, decodeWebhookId } from './global-id.ts';

/** The version of the specification that the subgraph speaks, and what it uses of it. */
export const FEDERATION_LINK = {
  url: 'https://specs.apollo.dev/federation/v2.5',
  import: ['@key', '@shareable', '@tag'],
};

/** What a subgraph shows of the schema. */
export interface SubgraphOptions {
  /** Whether `Query.node` and `Query.nodes` are part of it; two subgraphs that both have them do not compose. */
  readonly hasNode: boolean;
}

/** The schema in plain SDL, which every client's tool reads. */
export function printForClients(schema: GraphQLSchema): string {
  return printSchema(schema);
}

/** The schema with its federation directives, as schema/schema.graphql holds it. */
export function printAnnotated(schema: GraphQLSchema): string {
  return printSchemaWithDirectives(schema);
}

/** The schema as a subgraph shows it to a composer, without `_service` and `_entities`. */
export function printSubgraph(schema: GraphQLSchema, { hasNode }: SubgraphOptions): string {
  const shown = hasNode ? schema : withoutNode(schema);
  // Apollo's composition takes `@oneOf` for unknown unless the subgraph itself defines it.
  return `directive @oneOf on INPUT_OBJECT\n\n${printAnnotated(shown)}`;
}

/**
 * Adds what the Apollo Federation subgraph specification asks of every subgraph: `Query._service` with the SDL, and
 * `Query._entities`, which reads webhooks by either of their keys.
 */
export function withFederation(schema: GraphQLSchema, options: SubgraphOptions): GraphQLSchema {
  const query = queryOf(schema);
  const webhook = schema.getType('Webhook');
  if (!(webhook instanceof GraphQLObjectType)) throw new Error('The schema lacks Webhook.');
  const sdl = printSubgraph(schema, options);

  const anyScalar = new GraphQLScalarType({
    name: '_Any',
    description: 'A reference to an entity: its `__typename` and the fields of one of its keys.',
    parseValue: (value) => value,
    parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
  });
  const entityUnion = new GraphQLUnionType({
    name: '_Entity',
    description: 'Whatever other subgraphs can refer to.',
    types: [webhook],
  });
  const serviceType = new GraphQLObjectType({
    name: '_Service',
    description: 'This subgraph, for composers.',
    fields: { sdl: { type: GraphQLString, description: 'The schema with its federation directives.' } },
  });
  const federatedQuery = new GraphQLObjectType<unknown, GraphQLContext>({
    ...query.toConfig(),
    fields: {
      ...query.toConfig().fields,
      _service: {
        type: new GraphQLNonNull(serviceType),
        description: 'This subgraph, for composers.',
        resolve: requiring('webhooks:read', () => ({ sdl })),
      },
      _entities: {
        type: new GraphQLNonNull(new GraphQLList(entityUnion)),
        description:
          'Entities by reference, for federation gateways: in the same order, null with its error for each that fails.',
        args: {
          representations: {
            type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(anyScalar))),
            description: `References, at most ${MAX_REFERENCES} in one operation.`,
          },
        },
        extensions: { complexity: entitiesCost },
        resolve: requiring('webhooks:read', loadEntities),
      },
    },
  });
  return withQuery(schema, federatedQuery);
}

function withoutNode(schema: GraphQLSchema): GraphQLSchema {
  const { fields, ...query } = queryOf(schema).toConfig();
  const { node: _, nodes: __, ...others } = fields;
  return withQuery(schema, new GraphQLObjectType({ ...query, fields: others }));
}

function queryOf(schema: GraphQLSchema): GraphQLObjectType {
  const query = schema.getQueryType();
  if (!query) throw new Error('The schema lacks Query.');
  return query;
}

/** The same schema, with another type in the place of Query. */
function withQuery(schema: GraphQLSchema, query: GraphQLObjectType): GraphQLSchema {
  const config = schema.toConfig();
  return new GraphQLSchema({ ...config, query, types: config.types.filter(({ name }) => name !== query.name) });
}

const entitiesCost = costByLength('representations', (length) => ({ field: UPSTREAM_COST, multiplier: length }));

function loadEntities(
  _root: unknown,
  { representations }: { readonly representations: readonly unknown[] },
  { webhooks, scope }: GraphQLContext,
): readonly Promise<Webhook>[] {
  scope.countReferences(representations.length);
  // Async, so that one bad reference costs its own place only.
  return representations.map(async (reference, index) =>
    webhooks.load(webhookReference(reference, ['representations', index])),
  );
}

function webhookReference(reference: unknown, path: InputPath): WebhookKey {
  const members: Readonly<Record<string, unknown>> =
    typeof reference === 'object' && reference !== null ? { ...reference } : {};
  if (members.__typename !== 'Webhook') {
    throw new BadUserInputError('The representation is not of an entity of this subgraph.', [...path, '__typename']);
  }
  if (typeof members.id === 'string') return decodeWebhookId(members.id, [...path, 'id']);
  if (typeof members.providerKey === 'string') {
    return decodeProviderKey(members.providerKey, [...path, 'providerKey']);
  }
  throw new BadUserInputError('A representation of Webhook needs id or providerKey.', path);
}
