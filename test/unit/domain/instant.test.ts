import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareInstants, isInstant, isoOfMs, isTimestamp, parseInstant } from '../../../src/domain/instant.ts';

describe('an instant', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0, 0],
    ['1970-01-01t00:00:00.5z', 500, 0],
    ['1970-01-01T01:00:00+01:00', 0, 0],
    ['1969-12-31T23:30:00-00:30', 0, 0],
    ['1970-01-01T00:00:00.123456789Z', 123, 456_789],
    ['1970-01-01T00:00:00.1234567899Z', 123, 456_789],
    ['1969-12-31T23:59:59.9999Z', -1, 900_000],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000, 0],
    ['2016-12-31T23:59:60Z', 1_483_228_800_000, 0],
    ['2017-01-01T08:59:60+09:00', 1_483_228_800_000, 0],
    ['0050-01-01T00:00:00Z', -60_589_296_000_000, 0],
  ])('is read from %s', (text, ms, ns) => {
    expect(parseInstant(text)).toEqual({ ms, ns });
    expect(isTimestamp(text)).toBe(true);
  });

  test.each([
    '',
    'yesterday',
    '2026-11-20',
    '2026-11-20T12:00:00',
    '2026-11-20 12:00:00Z',
    '2026-11-20T12:00Z',
    '2026-11-20T12:00:00.Z',
    '2026-11-20T12:00:00+0100',
    '2026-11-20T12:00:00+24:00',
    '2026-11-20T12:00:00+01:60',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-11-20T24:00:00Z',
    '2026-11-20T12:60:00Z',
    '2026-11-20T12:00:60Z',
    '9999-12-31T23:59:59-01:00',
    '2026-11-20T12:00:00Z\n',
  ])('is not read from %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
    expect(isTimestamp(text)).toBe(false);
  });

  test('is read from every timestamp, and from nothing else', () => {
    const pair = fc.constantFrom(
      '00',
      '01',
      '02',
      '11',
      '12',
      '13',
      '23',
      '24',
      '28',
      '29',
      '30',
      '31',
      '32',
      '59',
      '60',
      '61',
    );
    const year = fc.constantFrom('0000', '0001', '1900', '2000', '2023', '2024', '9999');
    const fraction = fc.constantFrom('', '.5', '.123', '.123456789', '.');
    const offset = fc.oneof(
      fc.constantFrom('Z', 'z', ''),
      fc.tuple(fc.constantFrom('+', '-'), pair, fc.constant(':'), pair),
    );
    fc.assert(
      fc.property(
        year,
        pair,
        pair,
        pair,
        pair,
        pair,
        fraction,
        offset,
        (year, month, day, hour, minute, second, ...rest) => {
          const text = `${year}-${month}-${day}T${hour}:${minute}:${second}${rest.flat().join('')}`;
          expect(isTimestamp(text)).toBe(parseInstant(text) !== undefined);
        },
      ),
    );
  });

  test.each([1900, 2000, 2023, 2024])('is read of every day of %i, and of no other', (year) => {
    for (let month = 1; month <= 12; month++) {
      for (let day = 0; day <= 32; day++) {
        const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}T12:00:00Z`;
        const doesExist = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
        expect(isTimestamp(text)).toBe(doesExist);
        expect(parseInstant(text)?.ms).toBe(doesExist ? Date.UTC(year, month - 1, day, 12) : undefined);
      }
    }
  });

  test.each([
    [{ ms: 0, ns: 0 }, true],
    [{ ms: -62_167_219_200_000, ns: 0 }, true],
    [{ ms: 253_402_300_799_999, ns: 999_999 }, true],
    [{ ms: -62_167_219_200_001, ns: 0 }, false],
    [{ ms: 253_402_300_800_000, ns: 0 }, false],
    [{ ms: 0.5, ns: 0 }, false],
    [{ ms: '0', ns: 0 }, false],
    [{ ms: 0, ns: -1 }, false],
    [{ ms: 0, ns: 1_000_000 }, false],
    [{ ms: 0 }, false],
    [null, false],
    [0, false],
  ])('is told from what is none: %j: %s', (value, expected) => {
    expect(isInstant(value)).toBe(expected);
  });

  test('is compared beyond the millisecond', () => {
    const at = (text: string) => parseInstant(text) ?? { ms: Number.NaN, ns: 0 };
    expect(compareInstants(at('2026-11-20T12:00:00.0001Z'), at('2026-11-20T13:00:00.000200+01:00'))).toBeLessThan(0);
    expect(compareInstants(at('2026-11-20T12:00:00.1Z'), at('2026-11-20T12:00:00.100000Z'))).toBe(0);
  });

  test('written and read again is the same', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
        (date) => {
          expect(parseInstant(isoOfMs(date.getTime()))).toEqual({ ms: date.getTime(), ns: 0 });
        },
      ),
    );
  });
});
