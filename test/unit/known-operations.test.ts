import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { executableSchema } from '../../src/graphql/schema.ts';
import { createKnownOperations, type KnownOperations } from '../../src/server/direct/known-operations.ts';

const open = () => createKnownOperations(executableSchema({ hasNode: true }), { when: 'twice' });
const lookUp = (number: number, fields = 'url') => `query Q${number} { webhook(id: "${number}") { ${fields} } }`;

function come(known: KnownOperations, text: string, { times = 1, name = undefined as string | undefined } = {}): void {
  for (let time = 0; time < times; time += 1) known.note(text, name, parse(text));
}

test('an operation is known once it has come twice by the same name', () => {
  const known = open();
  const text = `${lookUp(1)} ${lookUp(2)}`;
  come(known, text, { name: 'Q1' });
  come(known, text, { name: 'Q2', times: 2 });
  expect(known.find(text, 'Q1')).toBeUndefined();
  expect(known.find(text, 'Q2')?.compiled.fieldCount).toBe(2);
  come(known, text, { name: 'Q1' });
  expect(known.find(text, 'Q1')?.definition.name?.value).toBe('Q1');
});

test('an operation is not known by a name that its document does not have', () => {
  const known = open();
  come(known, lookUp(1), { name: 'Other', times: 2 });
  expect(known.find(lookUp(1), 'Other')).toBeUndefined();
});

test('what comes once pushes nothing out', () => {
  const known = open();
  come(known, lookUp(0), { times: 2 });
  for (let number = 1; number <= 2_000; number += 1) come(known, lookUp(number));
  expect(known.find(lookUp(0), undefined)).toBeDefined();
});

test('what is kept is bounded by its fields: large operations are fewer', () => {
  const known = open();
  const fields = Array.from({ length: 399 }, (_, index) => `a${index}: url`).join(' ');
  const numbers = Array.from({ length: 40 }, (_, number) => number);
  for (const number of numbers) come(known, lookUp(number, fields), { times: 2 });
  const kept = numbers.filter((number) => known.find(lookUp(number, fields), undefined));
  expect(kept).toEqual(numbers.slice(-25));
});
