import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseRetryAfter } from '../../../src/http/retry-after.ts';

describe('Retry-After', () => {
  const now = Date.parse('2026-11-21T10:00:00.500Z');

  it.each([
    ['0', 0],
    ['120', 120],
    [' 7 ', 7],
    ['1000000000', 1_000_000_000],
    ['Sat, 21 Nov 2026 10:00:10 GMT', 10],
    ['Saturday, 21-Nov-26 10:01:00 GMT', 60],
    ['Sat Nov 21 10:02:00 2026', 120],
    ['Fri, 20 Nov 2026 10:00:00 GMT', 0],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['Mon, junk', null],
    ['99999999999', 99_999_999_999],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
    ['', null],
    [undefined, null],
  ])('%j is %j seconds', (header, seconds) => {
    expect(parseRetryAfter(header, now)).toBe(seconds);
  });

  it('is rounded up: a retry never comes too early', () => {
    const soon = Date.parse('2026-11-21T10:00:00.900Z');
    expect(parseRetryAfter('Sat, 21 Nov 2026 10:00:10 GMT', soon)).toBe(10);
  });

  it('is read alike on a machine of another time zone, the format that leaves the zone unsaid too', () => {
    vi.stubEnv('TZ', 'Asia/Tokyo');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(new Date(now).getHours()).toBe(19);
    expect(parseRetryAfter('Sat Nov 21 10:02:00 2026', now)).toBe(120);
  });
});
