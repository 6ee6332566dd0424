import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type ConstDirectiveNode,
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLInterfaceType,
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLSchema,
  isIntrospectionType,
  isSpecifiedScalarType,
  parse,
  print,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { printAnnotated } from '../src/graphql/federation.ts';
import { publicSchema, schema } from '../src/graphql/schema.ts';

const FEDERATION = `
  scalar FieldSet
  directive @key(fields: String!) repeatable on OBJECT
  directive @shareable on OBJECT
  directive @link(url: String!, import: [String!]) repeatable on SCHEMA
`;

/** The parts of the contract that are not built yet; a part that is built has to leave the list. */
const NOT_YET: ReadonlySet<string> = new Set<string>([]);

const contract = withoutMarks(readFileSync(new URL('support/contract.graphql', import.meta.url), 'utf8'));
const printed = readFileSync(new URL('../schema/schema.graphql', import.meta.url), 'utf8');

/** The composers know these; graphql-js has to be told. */
function withoutMarks(sdl: string): GraphQLSchema {
  const declared = /directive @key/.test(sdl) ? sdl : FEDERATION + sdl;
  return buildSchema(declared, { assumeValidSDL: true });
}

/** Every promise that a schema makes, one line each: `Query.node(id): ID!`. */
function promisesOf(from: GraphQLSchema): ReadonlyMap<string, string> {
  const promises = new Map<string, string>();
  for (const type of ownTypesOf(from)) {
    promises.set(type.name, kindOf(type));
    for (const directive of directivesOf(type)) promises.set(`${type.name} ${directive}`, '');
    if (type instanceof GraphQLEnumType)
      for (const { name } of type.getValues()) promises.set(`${type.name}.${name}`, '');
    if (type instanceof GraphQLInputObjectType) {
      for (const { name, type: fieldType, astNode, defaultValue } of Object.values(type.getFields())) {
        promises.set(`${type.name}.${name}`, `${fieldType}${defaultOf(astNode?.defaultValue, defaultValue)}`);
      }
    }
    if (type instanceof GraphQLObjectType || type instanceof GraphQLInterfaceType) {
      for (const parent of type.getInterfaces()) promises.set(`${type.name} implements ${parent.name}`, '');
      for (const field of Object.values(type.getFields())) {
        promises.set(`${type.name}.${field.name}`, String(field.type));
        for (const { name, type: argumentType, astNode, defaultValue } of field.args) {
          const text = `${argumentType}${defaultOf(astNode?.defaultValue, defaultValue)}`;
          promises.set(`${type.name}.${field.name}(${name})`, text);
        }
      }
    }
  }
  return promises;
}

function ownTypesOf(from: GraphQLSchema): readonly GraphQLNamedType[] {
  return Object.values(from.getTypeMap()).filter(
    (type) =>
      !isIntrospectionType(type) &&
      !isSpecifiedScalarType(type) &&
      !/^(FieldSet|_|federation__|link__)/.test(type.name),
  );
}

function kindOf(type: GraphQLNamedType): string {
  return type.constructor.name;
}

function directivesOf({ astNode }: GraphQLNamedType): readonly string[] {
  const directives: readonly ConstDirectiveNode[] = astNode?.directives ?? [];
  return directives.filter(({ name }) => name.value !== 'specifiedBy').map((directive) => print(directive));
}

function defaultOf(node: Parameters<typeof print>[0] | undefined, value: unknown): string {
  return node && value !== undefined ? ` = ${print(node)}` : '';
}

/** What an SDL says, whatever its order: each definition with its sorted lines. */
function sortedLines(sdl: string): readonly string[] {
  return parse(sdl)
    .definitions.map((definition) => print(definition).split('\n').sort().join('\n'))
    .sort();
}

describe('the printed schema', () => {
  const ours = promisesOf(withoutMarks(printed));

  test.each([...promisesOf(contract)].filter(([what]) => !NOT_YET.has(what)))('promises %s %s', (what, promise) => {
    expect(ours.get(what)).toBe(promise);
  });

  test('promises nothing that is still said to be missing', () => {
    expect([...NOT_YET].filter((what) => ours.has(what))).toEqual([]);
  });

  test('links what it uses of the federation specification', () => {
    expect(printed).toMatch(
      /@link\(\s*url: "https:\/\/specs\.apollo\.dev\/federation\/v2\.5",?\s*import: \["@key", "@shareable", "@tag"\]\s*\)/,
    );
  });

  test('is fresh', () => {
    expect(sortedLines(printed)).toEqual(sortedLines(printAnnotated(publicSchema)));
  });
});

describe('every element is described', () => {
  const elements = ownTypesOf(schema).flatMap((type): readonly (readonly [string, string | null | undefined])[] => {
    const own = [[type.name, type.description]] as const;
    if (type instanceof GraphQLEnumType) {
      return [
        ...own,
        ...type.getValues().map(({ name, description }) => [`${type.name}.${name}`, description] as const),
      ];
    }
    if (type instanceof GraphQLInputObjectType) {
      const fields = Object.values(type.getFields());
      return [...own, ...fields.map(({ name, description }) => [`${type.name}.${name}`, description] as const)];
    }
    if (!(type instanceof GraphQLObjectType || type instanceof GraphQLInterfaceType)) return own;
    const fields = Object.values(type.getFields()).flatMap(({ name, description, args }) => [
      [`${type.name}.${name}`, description] as const,
      ...args.map((argument) => [`${type.name}.${name}(${argument.name})`, argument.description] as const),
    ]);
    return [...own, ...fields];
  });

  test('for a reader in GraphiQL', () => {
    expect(elements.length).toBeGreaterThan(100);
    expect(elements.filter(([, description]) => !description?.trim()).map(([name]) => name)).toEqual([]);
  });
});

describe('a resolver that takes its object alone', () => {
  /** By name: `Webhook.capabilities`. */
  const resolvers = new Map(
    ownTypesOf(schema)
      .filter((type) => type instanceof GraphQLObjectType && type !== schema.getSubscriptionType())
      .flatMap((type) =>
        (type instanceof GraphQLObjectType ? Object.values(type.getFields()) : []).map(
          (field) => [`${type.name}.${field.name}`, field.resolve] as const,
        ),
      )
      .filter(([, resolve]) => resolve?.length === 1),
  );

  test('asks neither the clock nor chance, and waits for nothing: its answer is kept over many requests', () => {
    expect(resolvers.size).toBeGreaterThan(20);
    const asking = [...resolvers].filter(([, resolve]) =>
      /\b(async|await|Date|performance|random|nowMs|process)\b/.test(String(resolve)),
    );
    expect(asking.map(([name]) => name)).toEqual([]);
  });

  test('has no arguments, which would be lost', () => {
    const withArguments = [...resolvers.keys()].filter((name) => {
      const [type = '', field = ''] = name.split('.');
      const owner = schema.getType(type);
      return owner instanceof GraphQLObjectType && (owner.getFields()[field]?.args.length ?? 0) > 0;
    });
    expect(withArguments).toEqual([]);
  });
});

test('a cost that depends on an argument says on which, so that it can be kept', () => {
  const unsaid = ownTypesOf(schema)
    .filter((type) => type instanceof GraphQLObjectType)
    .flatMap((type) => Object.values(type.getFields()))
    .filter(({ extensions }) => typeof extensions.complexity === 'function' && !('decidedBy' in extensions.complexity));
  expect(unsaid.map(({ name }) => name)).toEqual([]);
});
