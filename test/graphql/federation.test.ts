import { type GraphQLNamedType, parse, visit } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schemaText } from '../../src/commands/print-schema.ts';
import { globalId, openStubGateway } from '../support/stub-gateway.ts';
import { personioWebhooks } from '../support/upstream-rows.ts';

const personio = () => ({ body: personioWebhooks(1)[0] });

/** What `Query._service` answers. */
async function serviceSdl(environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const { query } = await openStubGateway({ environment });
  const { data, errors } = await query<{ readonly _service: { readonly sdl: string } }>('{ _service { sdl } }');
  expect(errors).toBeUndefined();
  return data._service.sdl;
}

/** `Type.field: @name(argument: "value")` for each use of a directive on a type or a field. */
function directiveUses(sdl: string, name: string): readonly string[] {
  const uses: string[] = [];
  let typeName = '';
  visit(parse(sdl), {
    enter: (node) => {
      if (node.kind === 'ObjectTypeDefinition' || node.kind === 'InputObjectTypeDefinition') typeName = node.name.value;
      if (!('directives' in node) || !('name' in node) || !node.name) return;
      const place = node.name.value === typeName ? typeName : `${typeName}.${node.name.value}`;
      for (const { name: used, arguments: given = [] } of node.directives ?? []) {
        if (used.value !== name) continue;
        const shown = given.map(({ value }) => (value.kind === 'StringValue' ? value.value : value.kind));
        uses.push([place, ...shown].join(' '));
      }
    },
  });
  return uses;
}

/** The names of the fields of Query in an SDL. */
function queryFields(sdl: string): readonly string[] {
  return parse(sdl).definitions.flatMap((definition) =>
    definition.kind === 'ObjectTypeDefinition' && definition.name.value === 'Query'
      ? (definition.fields ?? []).map(({ name }) => name.value)
      : [],
  );
}

// The cases of Apollo's subgraph compatibility suite that a subgraph of one entity can have.
describe('the subgraph SDL', () => {
  test('links federation 2.5 with what it uses of it', async () => {
    expect(await serviceSdl()).toContain(
      'schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable", "@tag"])',
    );
  });

  test('has both keys of Webhook, and no other entity', async () => {
    expect(directiveUses(await serviceSdl(), 'key')).toEqual(['Webhook id', 'Webhook providerKey']);
  });

  test('shares PageInfo only', async () => {
    expect(directiveUses(await serviceSdl(), 'shareable')).toEqual(['PageInfo']);
  });

  test('tags each root field with the scope that it needs', async () => {
    const tags = directiveUses(await serviceSdl(), 'tag');
    expect(tags).toEqual(
      expect.arrayContaining([
        'Query.webhooks webhooks-read',
        'Mutation.pingWebhook webhooks-test',
        'Mutation.updateWebhook webhooks-write',
        'WebhookTestDelivery.responseBody untrusted-text',
      ]),
    );
    const roots = tags.filter((tag) => /^(Query|Mutation)\./.test(tag));
    expect(roots.filter((tag) => !/ webhooks-(read|test|write)$/.test(tag))).toEqual([]);
  });

  test('defines the directive of inputs that take exactly one member, which composers take for unknown', async () => {
    const sdl = await serviceSdl();
    expect(sdl).toContain('directive @oneOf on INPUT_OBJECT');
    expect(directiveUses(sdl, 'oneOf')).toEqual(
      expect.arrayContaining(['CreateWebhookInput', 'WebhookAuthenticationInput']),
    );
  });

  test('holds nothing of the subgraph protocol itself', async () => {
    expect(await serviceSdl()).not.toMatch(/_Service|_Entity|_Any|_service|_entities/);
  });

  test('is what `hookgraph schema --subgraph` prints', async () => {
    expect(schemaText({ isSubgraph: true, environment: {} })).toBe(`${await serviceSdl()}\n`);
  });
});

describe('GATEWAY_SUBGRAPH_NODE=false', () => {
  const environment = { GATEWAY_SUBGRAPH_NODE: 'false' };

  test('leaves node and nodes out of the SDL, and nothing else', async () => {
    const [whole, smaller] = [await serviceSdl(), await serviceSdl(environment)];
    expect(queryFields(smaller)).toEqual(queryFields(whole).filter((name) => name !== 'node' && name !== 'nodes'));
    expect(directiveUses(smaller, 'key')).toEqual(['Webhook id', 'Webhook providerKey']);
  });

  test('leaves them out of what `hookgraph schema --subgraph` prints', async () => {
    expect(schemaText({ isSubgraph: true, environment })).toBe(`${await serviceSdl(environment)}\n`);
  });

  test('answers them all the same: clients of the gateway itself lose nothing', async () => {
    const { query } = await openStubGateway({ personio, environment });
    const { data, errors } = await query(`{ node(id: "${globalId('PERSONIO', 'hook-1')}") { id } }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ node: { id: globalId('PERSONIO', 'hook-1') } });
  });
});

test('introspection shows the subgraph protocol', async () => {
  const { query } = await openStubGateway({});
  const { data, errors } = await query<{ __schema: { types: readonly GraphQLNamedType[] } }>(
    '{ __schema { types { name } } }',
  );
  expect(errors).toBeUndefined();
  const names = data.__schema.types.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['_Any', '_Entity', '_Service', 'Webhook', 'Node', 'PageInfo']));
});
