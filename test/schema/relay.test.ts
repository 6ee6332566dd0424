import { type GraphQLField, type GraphQLObjectType, getNamedType, isInterfaceType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { publicSchema } from '../../src/graphql/schema.ts';

// https://relay.dev/graphql/connections.htm, and https://graphql.org/learn/global-object-identification/

const objectTypes = Object.values(publicSchema.getTypeMap()).filter(isObjectType);
const connections = objectTypes.filter(({ name }) => name.endsWith('Connection'));
const edges = objectTypes.filter(({ name }) => name.endsWith('Edge'));

function typeOf(type: GraphQLObjectType, field: string): string {
  return String(type.getFields()[field]?.type);
}

test('a connection has edges and a page info', () => {
  expect(connections.length).toBeGreaterThanOrEqual(3);
  for (const connection of connections) {
    expect(typeOf(connection, 'edges')).toBe(`[${connection.name.replace(/Connection$/, 'Edge')}]!`);
    expect(typeOf(connection, 'pageInfo')).toBe('PageInfo!');
  }
});

test('an edge has a cursor, and a node that is no list', () => {
  expect(edges.length).toBe(connections.length);
  for (const edge of edges) {
    expect(typeOf(edge, 'cursor')).toBe('String!');
    expect(typeOf(edge, 'node')).toMatch(/^\w+!?$/);
  }
});

test('a page info is as Relay reads it', () => {
  const pageInfo = objectTypes.filter(({ name }) => name === 'PageInfo');
  const fields = pageInfo.flatMap((type) =>
    Object.values(type.getFields()).map(({ name }) => [name, typeOf(type, name)]),
  );
  expect(Object.fromEntries(fields)).toEqual({
    hasNextPage: 'Boolean!',
    hasPreviousPage: 'Boolean!',
    startCursor: 'String',
    endCursor: 'String',
  });
});

test('a field that gives a connection takes first and after', () => {
  const fields: readonly GraphQLField<unknown, unknown>[] = objectTypes.flatMap((type) =>
    Object.values(type.getFields()),
  );
  const paged = fields.filter(({ type }) => getNamedType(type).name.endsWith('Connection'));
  expect(paged.length).toBeGreaterThanOrEqual(3);
  for (const { args } of paged) {
    const types = Object.fromEntries(args.map(({ name, type }) => [name, String(type)]));
    expect(types).toMatchObject({ first: 'Int', after: 'String' });
  }
});

test('node takes a global id, and what it gives has one', () => {
  const node = publicSchema.getQueryType()?.getFields().node;
  expect(node?.args.map(({ name, type }) => [name, String(type)])).toEqual([['id', 'ID!']]);
  expect(isInterfaceType(node?.type) && String(node.type.getFields().id?.type)).toBe('ID!');
});
