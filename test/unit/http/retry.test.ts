import { describe, expect, it } from 'vitest';
import type { UpstreamFailure } from '../../../src/domain/upstream-failure.ts';
import { type FailedAttempt, retryDelayMs } from '../../../src/http/retry.ts';

const status = (code: number): UpstreamFailure => ({ type: 'status', status: code });
const failedRead = (failure: UpstreamFailure, retryAfter: number | null = null): FailedAttempt => ({
  failure,
  isWrite: false,
  wasSent: true,
  retryAfter,
});
const plenty = { retries: 0, maxRetries: 2, remainingMs: 25_000, random: () => 0.5 };

describe('a retry', () => {
  it.each([429, 500, 502, 503, 504])('of a read follows a %i', (code) => {
    expect(retryDelayMs(failedRead(status(code)), plenty)).toBeDefined();
  });

  it.each([400, 401, 402, 403, 404, 408, 409, 410, 422, 501, 505, 301])('of a read never follows a %i', (code) => {
    expect(retryDelayMs(failedRead(status(code)), plenty)).toBeUndefined();
  });

  it('of a read follows a failed connection', () => {
    expect(retryDelayMs(failedRead({ type: 'connection' }), plenty)).toBe(100);
  });

  it.each(['timeout', 'invalid-answer', 'circuit-open'] as const)('never follows %s', (type) => {
    expect(retryDelayMs(failedRead({ type }), plenty)).toBeUndefined();
  });

  it('of a write follows only a connection on which it never left', () => {
    const write = { isWrite: true, retryAfter: null };
    expect(retryDelayMs({ ...write, failure: { type: 'connection' }, wasSent: false }, plenty)).toBe(100);
    expect(retryDelayMs({ ...write, failure: { type: 'connection' }, wasSent: true }, plenty)).toBeUndefined();
    expect(retryDelayMs({ ...write, failure: status(503), wasSent: true }, plenty)).toBeUndefined();
    expect(retryDelayMs({ ...write, failure: status(429), wasSent: true }, plenty)).toBeUndefined();
  });

  it('is made as often as allowed and not once more', () => {
    expect(retryDelayMs(failedRead(status(503)), { ...plenty, retries: 1 })).toBe(200);
    expect(retryDelayMs(failedRead(status(503)), { ...plenty, retries: 2 })).toBeUndefined();
  });

  it('waits a random part of a time that doubles up to two seconds', () => {
    const waits = [0, 1, 2, 3, 4, 9].map((retries) =>
      retryDelayMs(failedRead(status(503)), { ...plenty, maxRetries: 10, retries, random: () => 1 }),
    );
    expect(waits).toEqual([200, 400, 800, 1600, 2000, 2000]);
    expect(retryDelayMs(failedRead(status(503)), { ...plenty, random: () => 0 })).toBe(0);
  });

  it('waits at least a second after a 429 that does not say how long', () => {
    expect(retryDelayMs(failedRead(status(429)), { ...plenty, random: () => 0 })).toBe(1000);
  });

  it('never comes before Retry-After', () => {
    expect(retryDelayMs(failedRead(status(503), 7), { ...plenty, random: () => 0 })).toBe(7000);
    expect(retryDelayMs(failedRead(status(429), 0), { ...plenty, random: () => 0 })).toBe(0);
  });

  it('is not made when the wait does not fit the time that is left', () => {
    expect(retryDelayMs(failedRead(status(429), 25), plenty)).toBeUndefined();
    expect(retryDelayMs(failedRead(status(503)), { ...plenty, remainingMs: 150 })).toBeUndefined();
  });
});
