import { describe, expect, test } from 'vitest';
import { BadUserInputError } from '../../src/domain/errors.ts';
import { flattenPayload, payloadKeyPath } from '../../src/providers/personio/test-payload.ts';

/** An object nested `levels` deep around a text. */
function nested(levels: number): Record<string, unknown> {
  return { a: levels === 1 ? 'x' : nested(levels - 1) };
}

function refusalOf(payload: Record<string, unknown>): BadUserInputError {
  try {
    flattenPayload(payload);
  } catch (error) {
    if (error instanceof BadUserInputError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a nested payload', () => {
  test.each([
    [{ person: { id: '456' } }, { 'person.id': '456' }],
    [{ 'person.id': '456' }, { 'person.id': '456' }],
    [{ document: { id: '1', owner: { id: '2' } } }, { 'document.id': '1', 'document.owner.id': '2' }],
    [{ document: { 'owner.id': '2' } }, { 'document.owner.id': '2' }],
    [
      { a: 7, b: 1.5, c: true, d: false, e: 0, f: '' },
      { a: '7', b: '1.5', c: 'true', d: 'false', e: '0', f: '' },
    ],
    [
      { a: { b: '1' }, 'a.c': '2' },
      { 'a.b': '1', 'a.c': '2' },
    ],
    [{}, {}],
  ])('%j is sent as %j', (payload, expected) => {
    expect(flattenPayload(payload)).toEqual(expected);
  });

  test('a key of every object is a key like any other', () => {
    expect(flattenPayload(JSON.parse('{"__proto__": {"x": "1"}, "constructor": "2"}'))).toEqual({
      '__proto__.x': '1',
      constructor: '2',
    });
  });

  test.each([
    ['null', { person: { id: null } }, ['payload', 'person', 'id']],
    ['a list', { person: [1] }, ['payload', 'person']],
    ['an empty key', { '': '1' }, ['payload', '']],
    ['a key that begins with a dot', { a: { '.b': '1' } }, ['payload', 'a', '.b']],
    ['a key with two dots', { 'a..b': '1' }, ['payload', 'a..b']],
    ['an object that holds nothing', { a: { b: {} } }, ['payload', 'a', 'b']],
    ['a value where another key wants an object', { a: { b: '1' }, 'a.b.c': '2' }, ['payload', 'a.b.c']],
    ['an object where another key is a value', { 'a.b.c': '1', a: { b: '2' } }, ['payload', 'a', 'b']],
    ['two keys that mean the same', { 'a.b': '1', a: { b: '2' } }, ['payload', 'a', 'b']],
  ])('with %s is refused at its path', (_what, payload, path) => {
    const { code, violations } = refusalOf(payload);
    expect(code).toBe('BAD_USER_INPUT');
    expect(violations.map((violation) => violation.path)).toEqual([path]);
  });

  test('of ten levels is taken, of eleven refused', () => {
    expect(flattenPayload(nested(10))).toEqual({ 'a.a.a.a.a.a.a.a.a.a': 'x' });
    expect(refusalOf(nested(11)).message).toBe('A payload has at most 10 levels.');
    expect(refusalOf({ 'a.a.a.a.a.a.a.a.a.a.a': 'x' }).message).toBe('A payload has at most 10 levels.');
  });

  test('nested without end is refused, not a stack overflow', () => {
    expect(refusalOf(nested(5_000)).message).toBe('A payload has at most 10 levels.');
  });

  test('of a hundred values is taken, of 101 refused', () => {
    const values = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'x']));
    expect(Object.keys(flattenPayload(values(100)))).toHaveLength(100);
    expect(refusalOf(values(101)).message).toBe('A payload has at most 100 values.');
  });
});

describe('the path of a payload key that is missing', () => {
  test.each([
    [undefined, ['payload', 'person', 'id']],
    [{}, ['payload', 'person', 'id']],
    [{ person: {} }, ['payload', 'person', 'id']],
    [{ 'person.name': 'x' }, ['payload', 'person.id']],
  ])('for %j is %j', (payload, path) => {
    expect(payloadKeyPath(payload, 'person.id')).toEqual(path);
  });
});
