import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TimeRange } from '../../../src/domain/time-range.ts';
import { keptFromMsOf, resolveTimeWindow } from '../../../src/domain/time-window.ts';
import { NOW_MS, refusal } from './sample-log.ts';

const DAY_MS = 86_400_000;
const KEPT_FROM = '2026-10-22T12:00:00.000Z';

function resolve(range?: TimeRange, retentionDays: number | null = 30) {
  return resolveTimeWindow(range, { nowMs: NOW_MS, retentionDays, path: ['window'] });
}

describe('a time window', () => {
  test('without a range is the last 24 hours', () => {
    expect(resolve()).toEqual({
      from: '2026-11-20T12:00:00.000Z',
      to: '2026-11-21T12:00:00.000Z',
      fromMs: NOW_MS - DAY_MS,
      toMs: NOW_MS,
    });
  });

  test('with gte alone ends now, and keeps the text of the client', () => {
    expect(resolve({ gte: '2026-11-21T10:00:00+01:00' })).toMatchObject({
      from: '2026-11-21T10:00:00+01:00',
      fromMs: Date.parse('2026-11-21T09:00:00Z'),
      to: '2026-11-21T12:00:00.000Z',
    });
  });

  test('with lte alone begins with what the provider keeps', () => {
    expect(resolve({ lte: '2026-11-01T00:00:00Z' })).toMatchObject({ from: KEPT_FROM, to: '2026-11-01T00:00:00Z' });
  });

  test('with lte alone is 24 hours where it is unknown what the provider keeps', () => {
    expect(resolve({ lte: '2026-11-01T00:00:00Z' }, null).from).toBe('2026-10-31T00:00:00.000Z');
  });

  test('keeps both texts of the client', () => {
    const range = { gte: '2026-11-20T00:00:00.0001Z', lte: '2026-11-20T00:00:00.0002Z' };
    expect(resolve(range)).toMatchObject({ from: range.gte, to: range.lte });
  });

  test('is cut to what the provider keeps', () => {
    expect(resolve({ gte: '2026-01-01T00:00:00Z' })).toMatchObject({ from: KEPT_FROM, to: '2026-11-21T12:00:00.000Z' });
    expect(resolve(undefined, 0.5).from).toBe('2026-11-21T00:00:00.000Z');
  });

  test('is not cut where it is unknown what the provider keeps', () => {
    expect(resolve({ gte: '2001-01-01T00:00:00Z' }, null).from).toBe('2001-01-01T00:00:00Z');
  });

  test('that begins exactly with what the provider keeps has the text of the client', () => {
    expect(resolve({ gte: '2026-10-22T12:00:00Z' }).from).toBe('2026-10-22T12:00:00Z');
  });

  test('that lies wholly before what the provider keeps is its first moment', () => {
    const first = { from: KEPT_FROM, to: KEPT_FROM };
    expect(resolve({ gte: '2026-01-01T00:00:00Z', lte: '2026-01-02T00:00:00Z' })).toMatchObject(first);
    expect(resolve({ lte: '2026-01-02T00:00:00Z' })).toMatchObject(first);
  });

  test('that begins in the future without an end is that one moment', () => {
    const gte = '2026-11-21T12:00:05Z';
    expect(resolve({ gte })).toMatchObject({ from: gte, to: gte, fromMs: NOW_MS + 5000, toMs: NOW_MS + 5000 });
  });

  test('may end in the future', () => {
    expect(resolve({ gte: '2026-11-21T12:00:00Z', lte: '2027-01-01T00:00:00Z' }).to).toBe('2027-01-01T00:00:00Z');
  });

  test.each([
    [{ gte: '2026-11-20T12:00:00.001Z', lte: '2026-11-20T12:00:00Z' }, ['window', 'gte']],
    [{ gte: '2026-11-20T12:00:00.0002Z', lte: '2026-11-20T12:00:00.0001Z' }, ['window', 'gte']],
    [{ gte: '2026-11-20T12:00:00Z', lte: '2026-11-20T12:30:00+01:00' }, ['window', 'gte']],
    [{ gte: '2020-01-02T00:00:00Z', lte: '2020-01-01T00:00:00Z' }, ['window', 'gte']],
    [{ gte: 'soon' }, ['window', 'gte']],
    [{ lte: '2026-02-30T00:00:00Z' }, ['window', 'lte']],
    [{}, ['window']],
  ])('is refused for %j', (range, path) => {
    expect(refusal(() => resolve(range))).toEqual({ code: 'BAD_USER_INPUT', paths: [path] });
  });

  test('never begins after its end nor before what the provider keeps, and its texts say its times', () => {
    const end = fc.option(
      fc.integer({ min: -60, max: 5 }).map((days) => new Date(NOW_MS + days * DAY_MS).toISOString()),
      { nil: undefined },
    );
    fc.assert(
      fc.property(end, end, fc.option(fc.integer({ min: 1, max: 40 })), (gte, lte, retentionDays) => {
        fc.pre(gte !== undefined || lte !== undefined);
        fc.pre(gte === undefined || lte === undefined || gte <= lte);
        const range = { ...(gte !== undefined && { gte }), ...(lte !== undefined && { lte }) };
        const window = resolve(range, retentionDays);
        expect(window.fromMs).toBeLessThanOrEqual(window.toMs);
        expect(window.fromMs).toBeGreaterThanOrEqual(keptFromMsOf({ nowMs: NOW_MS, retentionDays }) ?? -Infinity);
        expect([Date.parse(window.from), Date.parse(window.to)]).toEqual([window.fromMs, window.toMs]);
        // A window asked for again is the same window.
        expect(resolve({ gte: window.from, lte: window.to }, retentionDays)).toEqual(window);
      }),
    );
  });
});
