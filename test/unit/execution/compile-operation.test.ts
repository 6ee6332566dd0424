import fc from 'fast-check';
import {
  buildSchema,
  type DocumentNode,
  execute,
  type GraphQLFieldResolver,
  getOperationAST,
  getVariableValues,
  parse,
  validate,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { compileOperation } from '../../../src/graphql/execution/compile-operation.ts';
import { writeJson } from '../../../src/graphql/execution/written-json.ts';

/** More by `npm run test:fuzz`. */
const COUNT = Number(process.env.FUZZ_DOCUMENTS ?? 1_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121);

const schema = buildSchema(`
  type Query { item(id: ID = "1", size: Size): Item, must: Item!, items: [Item], all: [Item!]!, texts: [String!], node: Node }
  type Mutation { first(n: Int!): Item, second(n: Int): Item! }
  interface Node { id: ID! }
  enum Size { SMALL LARGE }
  type Item implements Node {
    id: ID!
    text: String
    sure: String!
    number: Int
    size: Size
    child: Item
    must: Item!
    items: [Item]
    all: [Item!]!
    texts: [String]
    sums: [[Int!]]
    plain: String
    firm: String!
  }
`);

/** Members of their objects, without resolvers: compile-parts.ts writes them beside what has to be executed. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set(['plain', 'firm']);

/** What a field does: answer, answer nothing, fail; at once, or some turns of the event loop later. */
interface Behaviour {
  readonly what: 'value' | 'null' | 'throws' | 'error as value' | 'wrong type';
  readonly turns: number;
}

const behaviours: fc.Arbitrary<Behaviour> = fc.record({
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constant<Behaviour['what']>('value') },
    { weight: 1, arbitrary: fc.constantFrom<Behaviour['what']>('null', 'throws', 'error as value', 'wrong type') },
  ),
  turns: fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }) }),
});

const VALUES: Readonly<Record<string, unknown>> = {
  id: 'an id',
  text: 'a text',
  sure: 'a text',
  number: 7,
  size: 'LARGE',
  texts: ['one', null, 'two'],
  sums: [[1, 2], null, [3]],
};

/** Resolves every field by one of the behaviours: which one is a matter of its place in the answer. */
function behaving(plan: readonly Behaviour[]): GraphQLFieldResolver<unknown, unknown> {
  function behaviourAt(place: string): Behaviour {
    const index = [...place].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 9_973, 7);
    return plan[index % plan.length] ?? { what: 'value', turns: -1 };
  }

  return (_source, args, _context, info) => {
    const place = pathOf(info.path);
    const { what, turns } = behaviourAt(place);
    const item = { args, plain: plainly(behaviourAt(`${place}.plain`)), firm: plainly(behaviourAt(`${place}.firm`)) };
    const outcome = () => {
      if (what === 'throws') throw new Error(`${place} failed`);
      if (what === 'error as value') return new Error(`${place} is an error`);
      if (what === 'null') return null;
      if (what === 'wrong type') return { not: 'that' };
      if (info.fieldName in VALUES) return VALUES[info.fieldName];
      // A null among entries that are waited for would leave graphql-js with rejections that nobody handles.
      if (info.fieldName === 'all') return [{ firm: 'a', ...args }, later(item, 1)];
      return info.fieldName === 'items' ? [{ firm: 'a', ...args }, null, later(item, 1)] : item;
    };
    return turns < 0 ? outcome() : later(null, turns).then(outcome);
  };
}

/** A member of an object that has no resolver. */
function plainly({ what }: Behaviour): unknown {
  if (what === 'value') return 'a plain text';
  if (what === 'wrong type') return { not: 'that' };
  return what === 'null' ? null : new Error('an error as value');
}

function pathOf(path: { readonly prev: unknown; readonly key: string | number } | undefined): string {
  const keys: (string | number)[] = [];
  for (let place: typeof path | undefined = path; place; place = place.prev as typeof path) keys.push(place.key);
  return keys.reverse().join('.');
}

async function later<T>(value: T, turns: number): Promise<T> {
  for (let turn = 0; turn < turns; turn += 1) await undefined;
  return value;
}

let behave: GraphQLFieldResolver<unknown, unknown> = () => null;
for (const type of Object.values(schema.getTypeMap())) {
  if (!('getFields' in type) || type.name.startsWith('__')) continue;
  for (const field of Object.values(type.getFields())) {
    if (!('args' in field) || PLAIN_FIELDS.has(field.name)) continue;
    const resolve: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) =>
      behave(source, args, context, info);
    field.resolve = resolve;
  }
}

/** Selections of some depth, with aliases, fragments, arguments and repeated fields. */
function selectionOf(type: 'Query' | 'Item'): fc.Arbitrary<string> {
  const { query } = fc.letrec<{ item: string; query: string; leaf: string }>((tie) => {
    const leaf = fc.constantFrom(
      'id',
      'text',
      'sure',
      'number',
      'size',
      'texts',
      'sums',
      'plain',
      'firm',
      'p: plain',
      '__typename',
      'x: text',
      't: sure',
      'toJSON: text',
    );
    const nested = fc
      .tuple(fc.constantFrom('child', 'must', 'items', 'all', 'c: child', 'child'), tie('item'))
      .map(([name, selection]) => `${name} ${selection}`);
    const fragment = tie('item').map((selection) => `... on Item ${selection}`);
    const member = fc.oneof({ maxDepth: 3 }, leaf, leaf, nested, fragment, fc.constant('...Named'));
    const item = fc.array(member, { minLength: 1, maxLength: 4 }).map((members) => `{ ${members.join(' ')} }`);
    const root = fc.oneof(
      fc
        .tuple(
          fc.constantFrom(
            'item',
            'a: item(id: $id)',
            'b: item(size: $size)',
            'c: item(id: "2")',
            'toJSON: item',
            'then: item',
            'must',
            'items',
            'all',
          ),
          tie('item'),
        )
        .map(([name, selection]) => `${name} ${selection}`),
      fc.constantFrom('texts', '__typename'),
    );
    return {
      leaf,
      item,
      query: fc.array(root, { minLength: 1, maxLength: 3 }).map((members) => `{ ${members.join(' ')} }`),
    };
  });
  return type === 'Query' ? query : fc.constant('{ id }');
}

async function both(document: DocumentNode, raw: Record<string, unknown>, plan: readonly Behaviour[]) {
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const compiled = compileOperation({ schema, document, operation });
  if (!compiled) throw new Error('left to graphql-js');
  behave = behaving(plan);
  const expected = await execute({ schema, document, variableValues: raw });
  behave = behaving(plan);
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], raw);
  const answered = await compiled.execute({ contextValue: undefined, variableValues: coerced });
  return { expected: JSON.stringify(expected), answered: writeJson(answered) };
}

describe('a compiled operation', () => {
  test('answers byte by byte what graphql-js answers: data, errors, their order and places, and what becomes null', async () => {
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(
        selectionOf('Query'),
        fc.array(behaviours, { minLength: 1, maxLength: 40 }),
        fc.constantFrom({}, { id: '7' }, { size: 'SMALL' }, { id: null, size: null }),
        async (selection, plan, variables) => {
          const document = parse(
            `query ($id: ID, $size: Size) ${selection} fragment Named on Item { named: text sure child { id ...Deep } } fragment Deep on Item { number }`,
          );
          fc.pre(validate(schema, document).every(({ message }) => /never used/.test(message)));
          const { expected, answered } = await both(document, variables, plan);
          if (expected.includes('"errors"')) failed += 1;
          expect(answered).toBe(expected);
        },
      ),
      { numRuns: COUNT, seed: SEED },
    );
    // Else it would have proved the easy part only.
    expect(failed).toBeGreaterThan(300);
  }, 600_000);

  test('of mutations runs them one after the other', async () => {
    const plan: Behaviour[] = [
      { what: 'value', turns: 2 },
      { what: 'throws', turns: 3 },
      { what: 'value', turns: -1 },
    ];
    const document = parse('mutation { a: first(n: 1) { id text } b: second(n: 2) { id } c: first(n: 3) { sure } }');
    const { expected, answered } = await both(document, {}, plan);
    expect(answered).toBe(expected);
  });

  test.each([
    ['@include', 'query ($b: Boolean!) { item { id @include(if: $b) } }'],
    ['@skip on a fragment', '{ item { ... @skip(if: true) { id } } }'],
    ['introspection', '{ __schema { queryType { name } } }'],
    ['an interface', '{ node { id } }'],
    [
      'fragments that make hundreds of fields of it',
      `{ ${Array.from({ length: 60 }, (_, index) => `a${index}: item { ...All }`).join(' ')} } ` +
        'fragment All on Item { id text sure number child { id text sure } }',
    ],
    ['a variable that would be the prototype', 'query ($__proto__: ID) { item(id: $__proto__) { id } }'],
    ['an alias that would be the prototype', '{ item { __proto__: id } }'],
  ])('is left to graphql-js with %s', (_what, text) => {
    const document = parse(text);
    const operation = getOperationAST(document);
    expect(operation && compileOperation({ schema, document, operation })).toBeNull();
  });
});
