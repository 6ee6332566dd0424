import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { openStubGateway } from '../support/stub-gateway.ts';
import type { ComposerName, Composition, Subgraph } from './support/gateways.js';
import { describeWithGateways } from './support/installed.ts';
import { type Key, ownersSdl } from './support/owners-subgraph.ts';

const COMPOSER_NAMES: readonly ComposerName[] = ['@apollo/composition', '@theguild/federation-composition'];

/** A subgraph that follows Relay, as ours does. */
const LIBRARY = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  type Query { node(id: ID!): Node nodes(ids: [ID!]!): [Node]! books: BookConnection }
  interface Node { id: ID! }
  type Book implements Node @key(fields: "id") { id: ID! title: String! }
  type BookEdge { cursor: String! node: Book }
  type BookConnection { edges: [BookEdge] pageInfo: PageInfo! }
  type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
`;

/** What `Query._service` of a gateway answers. */
async function ourSdl(environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const { query } = await openStubGateway({ environment });
  const { data } = await query<{ readonly _service: { readonly sdl: string } }>('{ _service { sdl } }');
  return data._service.sdl;
}

async function compose(composer: ComposerName, ours: string, theirs: string): Promise<Composition> {
  const { COMPOSERS } = await import('./support/gateways.js');
  const subgraphs: readonly Subgraph[] = [
    { name: 'hookgraph', url: 'http://127.0.0.1:1/graphql', sdl: ours },
    { name: 'theirs', url: 'http://127.0.0.1:2/graphql', sdl: theirs },
  ];
  return COMPOSERS[composer](subgraphs);
}

describeWithGateways('composition', () => {
  test.each(
    COMPOSER_NAMES.flatMap((composer) =>
      (['id', 'providerKey'] as const).map((key): [ComposerName, Key] => [composer, key]),
    ),
  )('%s joins a subgraph that extends Webhook by %s', async (composer, key) => {
    const { errors, supergraph } = await compose(composer, await ourSdl(), ownersSdl(key));
    expect(errors).toEqual([]);
    expect(supergraph).toMatch(/ownedBy: String!/);
  });

  test.each(COMPOSER_NAMES)('%s keeps our tags and the input that takes exactly one member', async (composer) => {
    const { supergraph } = await compose(composer, await ourSdl(), ownersSdl('id'));
    expect(supergraph).toMatch(/@tag\(name: "webhooks-write"\)/);
    expect(supergraph).toMatch(/input CreateWebhookInput/);
  });

  test('a contract without our tags of mutations is read-only, as the guide says', async () => {
    const { contractWithout } = await import('./support/gateways.js');
    const [, said = ''] =
      /A contract that leaves out (.+?) is read-only/.exec(readFileSync('docs/federation.md', 'utf8')) ?? [];
    const tags = Array.from(said.matchAll(/`([\w-]+)`/g), ([, tag = '']) => tag);
    const schema = buildSchema(contractWithout(tags, { name: 'hookgraph', url: '', sdl: await ourSdl() }));
    expect(schema.getMutationType()).toBeUndefined();
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toContain('webhooks');
  });

  test.each(COMPOSER_NAMES)('%s does not join two subgraphs that both have node', async (composer) => {
    const { errors } = await compose(composer, await ourSdl(), LIBRARY);
    expect(errors.map(({ code }) => code)).toContain('INVALID_FIELD_SHARING');
  });

  test.each(COMPOSER_NAMES)('%s joins them with GATEWAY_SUBGRAPH_NODE=false', async (composer) => {
    const { errors, supergraph } = await compose(composer, await ourSdl({ GATEWAY_SUBGRAPH_NODE: 'false' }), LIBRARY);
    expect(errors).toEqual([]);
    expect(supergraph).toMatch(/type Book implements Node/);
  });
});
