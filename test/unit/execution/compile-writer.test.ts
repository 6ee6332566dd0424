import fc from 'fast-check';
import { buildSchema, execute, getOperationAST, isObjectType, parse } from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LastMade } from '../../../src/domain/last-made.ts';
import { compileOperation } from '../../../src/graphql/execution/compile-operation.ts';
import { WrittenJson, writeJson } from '../../../src/graphql/execution/written-json.ts';

const schema = buildSchema(`
  type Query { thing: Thing }
  enum Size { SMALL LARGE }
  type Thing {
    id: ID
    length: Int
    sure: String!
    number: Int
    share: Float
    isSo: Boolean
    size: Size
    texts: [String!]
    numbers: [[Int]!]
    child: Thing
    must: Thing!
    things: [Thing]!
  }
`);

const leaf = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: 'binary' }) },
  fc.constantFrom('LARGE', 'SMALL', '', '\u2028', '\ud800', 'a"b\\c\u0000'),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, undefined, Number.NaN, 2 ** 31, {}, [], new Error('an error as value')),
);

/** Of the right type most of the time: a thing that is wrong everywhere would prove little. */
const mostly = (right: fc.Arbitrary<unknown>) => fc.oneof({ weight: 15, arbitrary: right }, leaf);

function thingOf(depth: number): fc.Arbitrary<object> {
  const below = depth === 0 ? fc.constant(null) : fc.option(thingOf(depth - 1));
  return fc
    .record(
      {
        id: mostly(fc.string()),
        sure: mostly(fc.string({ unit: 'binary' })),
        number: mostly(fc.integer()),
        share: mostly(fc.double({ noNaN: true, noDefaultInfinity: true })),
        isSo: mostly(fc.boolean()),
        size: mostly(fc.constantFrom('SMALL', 'LARGE', null)),
        texts: mostly(fc.array(fc.string(), { maxLength: 3 })),
        numbers: mostly(fc.array(fc.array(fc.integer(), { maxLength: 2 }), { maxLength: 3 })),
        child: mostly(below),
        must: mostly(below),
        things: mostly(fc.array(mostly(below), { maxLength: 3 })),
      },
      { requiredKeys: ['sure', 'things'] },
    )
    .map((members): object => members);
}

const SELECTIONS = [
  '{ sure }',
  '{ id sure number isSo size __typename }',
  '{ t: sure texts numbers child { sure number } things { id sure } }',
  '{ sure must { sure } things { child { size } } }',
  // Left to the executor, with all below it.
  '{ sure share }',
] as const;

async function both(selection: string, value: unknown) {
  const document = parse(`{ thing ${selection} }`);
  const operation = getOperationAST(document);
  const compiled = operation && compileOperation({ schema, document, operation });
  const query = schema.getQueryType()?.getFields().thing;
  if (!compiled || !query) throw new Error('left to graphql-js');
  // With two parameters: what it answers is not known from its object.
  query.resolve = (_root, _args) => value;
  const expected = await execute({ schema, document });
  const recompiled = compileOperation({ schema, document, operation });
  const answered = await recompiled?.execute({ contextValue: undefined, variableValues: {} });
  return { expected: JSON.stringify(expected), answered };
}

describe('what depends on its object alone', () => {
  test('is written byte by byte as graphql-js answers it, whatever the object holds', async () => {
    let asText = 0;
    let withErrors = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SELECTIONS), thingOf(2), async (selection, value) => {
        const { expected, answered } = await both(selection, value);
        expect(writeJson(answered)).toBe(expected);
        if (answered?.data?.thing instanceof WrittenJson) asText += 1;
        if (answered?.errors) withErrors += 1;
      }),
      { numRuns: 1_500, seed: 20_261_127 },
    );
    // Else it would have proved one of the two only.
    expect(asText).toBeGreaterThan(200);
    expect(withErrors).toBeGreaterThan(200);
  });

  test('is written once where the very same object comes again, for each selection anew', async () => {
    let reads = 0;
    const value = {
      lastMade: new LastMade(),
      get sure() {
        reads += 1;
        return 'text';
      },
    };
    const document = parse('{ thing { sure } }');
    const operation = getOperationAST(document);
    const query = schema.getQueryType()?.getFields().thing;
    if (!operation || !query) throw new Error('no operation');
    query.resolve = (_root, _args) => value;
    const compiled = compileOperation({ schema, document, operation });
    const run = async (one: typeof compiled) => writeJson(await one?.execute({ contextValue: 0, variableValues: {} }));
    expect([await run(compiled), await run(compiled)]).toEqual(Array(2).fill('{"data":{"thing":{"sure":"text"}}}'));
    expect(reads).toBe(1);
    const other = compileOperation({ schema, document, operation });
    expect(await run(other)).toBe('{"data":{"thing":{"sure":"text"}}}');
    expect(reads).toBe(2);
  });

  test('is written once beside what has to be executed, which is executed each time', async () => {
    const document = parse('{ thing { sure child { sure } number } }');
    const operation = getOperationAST(document);
    const thing = schema.getType('Thing');
    const query = schema.getQueryType()?.getFields().thing;
    if (!operation || !query || !isObjectType(thing)) throw new Error('no operation');
    let reads = 0;
    let executed = 0;
    const value = {
      lastMade: new LastMade(),
      number: 7,
      get sure() {
        reads += 1;
        return 'text';
      },
    };
    query.resolve = (_root, _args) => value;
    const childField = thing.getFields().child;
    if (!childField) throw new Error('no field');
    childField.resolve = async (_thing, _args) => {
      executed += 1;
      return executed === 1 ? { sure: 'first' } : null;
    };
    onTestFinished(() => {
      delete childField.resolve;
    });
    const compiled = compileOperation({ schema, document, operation });
    const run = async () => writeJson(await compiled?.execute({ contextValue: 0, variableValues: {} }));
    expect(await run()).toBe('{"data":{"thing":{"sure":"text","child":{"sure":"first"},"number":7}}}');
    expect(await run()).toBe('{"data":{"thing":{"sure":"text","child":null,"number":7}}}');
    expect([reads, executed]).toEqual([1, 2]);
  });

  test('is not taken from a value that is no object, beside something that is executed or not', async () => {
    const thing = schema.getType('Thing');
    const childField = isObjectType(thing) ? thing.getFields().child : undefined;
    if (!childField) throw new Error('no field');
    const value = 'a text';
    for (const selection of ['{ length }', '{ length child { sure } }']) {
      const { expected, answered } = await both(selection, value);
      expect(writeJson(answered)).toBe(expected);
    }
    childField.resolve = (_thing, _args) => null;
    onTestFinished(() => {
      delete childField.resolve;
    });
    const { expected, answered } = await both('{ length child { sure } }', value);
    expect(writeJson(answered)).toBe(expected);
  });
});
