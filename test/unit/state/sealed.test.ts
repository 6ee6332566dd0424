import { describe, expect, test } from 'vitest';
import { createSeal } from '../../../src/state/sealed.ts';

const seal = createSeal({ secret: 'a client secret', purpose: 'token' });

describe('what was sealed', () => {
  test('opens with the same secret, for the same purpose and about the same', () => {
    const again = createSeal({ secret: 'a client secret', purpose: 'token' });
    expect(again.open(seal.close('papi-é-1', 'key 1'), 'key 1')).toBe('papi-é-1');
  });

  test.each([
    ['another secret', createSeal({ secret: 'b client secret', purpose: 'token' }), 'key 1'],
    ['another purpose', createSeal({ secret: 'a client secret', purpose: 'tail' }), 'key 1'],
    ['about something else', seal, 'key 2'],
  ])('does not open with %s', (_, other, about) => {
    expect(other.open(seal.close('papi', 'key 1'), about)).toBeNull();
  });

  test('does not open when any byte of it has changed', () => {
    const bytes = Buffer.from(seal.close('papi', 'key 1'), 'base64');
    for (let index = 0; index < bytes.length; index += 1) {
      const spoilt = Buffer.from(bytes);
      spoilt[index] = (spoilt[index] ?? 0) ^ 1;
      expect(seal.open(spoilt.toString('base64'), 'key 1')).toBeNull();
    }
  });

  test.each(['', 'junk', '€', 'A'.repeat(37), 'A'.repeat(1_000)])('is not %j', (text) => {
    expect(seal.open(text, 'key 1')).toBeNull();
  });

  test('looks different each time', () => {
    expect(seal.close('papi', 'key 1')).not.toBe(seal.close('papi', 'key 1'));
  });
});
