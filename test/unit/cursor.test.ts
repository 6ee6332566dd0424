import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadUserInputError } from '../../src/domain/errors.ts';
import { decodeCursor, encodeCursor } from '../../src/webhooks/cursor.ts';

const PATH = ['after'];
const SCOPE = ['activity', 'PERSONIO', 'hook-1'];

describe('a cursor', () => {
  test('gives its position back to the list that it came from', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.jsonValue(), (scope, position) => {
        const written = JSON.parse(JSON.stringify(position));
        expect(decodeCursor(scope, encodeCursor(scope, position), PATH)).toEqual(written);
      }),
    );
  });

  test('is safe in a URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (position) => {
        expect(encodeCursor(SCOPE, position)).toMatch(/^[\w-]+$/);
      }),
    );
  });

  test('is the same for the same place, on every instance', () => {
    expect(encodeCursor(SCOPE, { offset: 1 })).toBe(encodeCursor([...SCOPE], { offset: 1 }));
  });

  test('of another list is refused', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (scope, other) => {
        fc.pre(JSON.stringify(scope) !== JSON.stringify(other));
        expect(() => decodeCursor(other, encodeCursor(scope, 7), PATH)).toThrow(
          'The cursor comes from another list or filter; start again without it.',
        );
      }),
    );
  });

  test('that is damaged in one character is refused', () => {
    const cursor = encodeCursor(SCOPE, { cursor: 'cur_1', offset: 12, anchor: null, nth: 0 });
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. \0é';
    for (const [index, character] of [...cursor].entries()) {
      for (const other of alphabet) {
        if (other === character) continue;
        const damaged = cursor.slice(0, index) + other + cursor.slice(index + 1);
        expect(() => decodeCursor(SCOPE, damaged, PATH), damaged).toThrow(BadUserInputError);
      }
    }
  });

  test('that is cut, prolonged or made up is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5_000 }), (text) => {
        expect(() => decodeCursor(SCOPE, text, PATH)).toThrow(BadUserInputError);
      }),
    );
    const cursor = encodeCursor(SCOPE, 1);
    for (let length = 0; length < cursor.length; length += 1) {
      expect(() => decodeCursor(SCOPE, cursor.slice(0, length), PATH)).toThrow(BadUserInputError);
    }
    for (const longer of [`${cursor}A`, `${cursor}=`, `${cursor}\n`, ` ${cursor}`, cursor + cursor]) {
      expect(() => decodeCursor(SCOPE, longer, PATH)).toThrow(BadUserInputError);
    }
  });

  test('that is longer than any of ours is refused before it is decoded', () => {
    const cursor = encodeCursor(SCOPE, 'x'.repeat(20_000));
    expect(() => decodeCursor(SCOPE, cursor, PATH)).toThrow(
      'The cursor is damaged; use one exactly as it was given out.',
    );
  });

  test('names the argument that it stands in', () => {
    expect.assertions(1);
    try {
      decodeCursor(SCOPE, 'x', ['page', 'after']);
    } catch (error) {
      expect(error).toMatchObject({ code: 'BAD_USER_INPUT', violations: [{ path: ['page', 'after'] }] });
    }
  });
});
