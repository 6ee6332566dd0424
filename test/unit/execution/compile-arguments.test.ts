import { buildSchema, execute, type GraphQLError, getOperationAST, getVariableValues, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { compileOperation } from '../../../src/graphql/execution/compile-operation.ts';

const schema = buildSchema(`
  enum Size { SMALL LARGE }
  input Part { text: String = "a text", size: Size, sure: Int! }
  input Whole { id: ID!, part: Part, parts: [Part!], size: Size = LARGE, note: String }
  type Query { echo(whole: Whole, id: ID = "1", sizes: [Size!]): String }
`);

/** Resolves with its arguments, as text; absent ones differ from null. */
const rootField = schema.getQueryType()?.getFields().echo;
if (rootField) rootField.resolve = (_root, args) => JSON.stringify(args);

const DOCUMENTS = [
  'query ($id: ID!) { echo(whole: { id: $id }) }',
  'query ($id: ID!, $note: String) { echo(whole: { id: $id, note: $note }, id: "2") }',
  'query ($id: ID, $size: Size) { echo(whole: { id: "1", size: $size }, id: $id) }',
  'query ($size: Size = SMALL) { echo(whole: { id: 7, size: $size, part: { sure: 1 } }, sizes: [LARGE]) }',
  'query ($text: String, $sure: Int!) { echo(whole: { id: "1", part: { text: $text, sure: $sure } }) }',
  'query ($sure: Int = 3) { echo(whole: { id: "1", parts: [{ sure: 1 }, { sure: $sure }] }) }',
  'query ($size: Size!) { echo(sizes: [$size, SMALL]) }',
  'query ($whole: Whole) { echo(whole: $whole) }',
  'query ($toString: String, $constructor: Size, $valueOf: ID) { echo(whole: { id: "1", note: $toString, size: $constructor }, id: $valueOf) }',
  'query ($part: Part) { echo(whole: { id: "1", part: $part, note: null }) }',
];

const VARIABLES: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { id: 'x', note: 'n', size: 'LARGE', text: 't', sure: 5, whole: { id: 'w' }, part: { sure: 2 } },
  { id: null, note: null, size: null, text: null, sure: null, whole: null, part: null },
  { id: 'x', sure: 1, size: 'SMALL' },
];

describe('arguments with variables in them', () => {
  for (const text of DOCUMENTS) {
    test(`are those of graphql-js: ${text}`, async () => {
      const document = parse(text);
      expect(validate(schema, document)).toEqual([]);
      const operation = getOperationAST(document);
      const compiled = operation && compileOperation({ schema, document, operation });
      if (!compiled) throw new Error('The operation is not compiled.');
      let compared = 0;
      for (const raw of VARIABLES) {
        const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], raw);
        if (!coerced) continue;
        const ours = await compiled.execute({ contextValue: undefined, variableValues: coerced });
        const theirs = await execute({ schema, document, variableValues: raw });
        const told = (errors: readonly GraphQLError[] | undefined) => errors?.map((error) => error.toJSON());
        expect({ data: ours.data, errors: told(ours.errors) }).toEqual({
          data: { ...theirs.data },
          errors: told(theirs.errors),
        });
        compared += 1;
      }
      expect(compared).toBeGreaterThan(0);
    });
  }
});
