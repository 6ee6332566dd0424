import { describe, expect, test } from 'vitest';
import { BadUserInputError, HookgraphError, UpstreamError } from '../../../src/domain/errors.ts';
import { createTailPace } from '../../../src/webhooks/tail/tail-pace.ts';

describe('the pace of a poller', () => {
  test('slows down to a fifth where nothing happens, and is quick again when something does', () => {
    const pace = createTailPace({ pollMs: 100 });
    const idle = Array.from({ length: 12 }, () => pace.afterRead({ hasNews: false, hasMore: false }));
    expect(idle.at(0)).toBe(125);
    expect(idle.at(-1)).toBe(500);
    expect(pace.afterRead({ hasNews: true, hasMore: false })).toBe(100);
    expect(pace.afterRead({ hasNews: true, hasMore: true })).toBe(0);
  });

  test('pauses longer after each failure, at least as long as Retry-After, and gives up on what will not heal', () => {
    const pace = createTailPace({ pollMs: 1_000, random: () => 1 });
    const failure = (code: 'UPSTREAM_UNAVAILABLE' | 'RATE_LIMITED', retryAfter: number | null) =>
      new UpstreamError(code, 'no', {
        provider: 'PERSONIO',
        upstream: { status: 503, traceId: null, timestamp: null, retryAfter, mayHaveSucceeded: false, problems: [] },
      });
    const pauses = Array.from({ length: 8 }, () => pace.afterFailure(failure('UPSTREAM_UNAVAILABLE', null)));
    expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    pace.afterRead({ hasNews: false, hasMore: false });
    expect(pace.afterFailure(failure('RATE_LIMITED', 30))).toBe(32_000);
    // Whoever says a week may have meant something else: a stream does not stand still for longer than an hour.
    expect(pace.afterFailure(failure('RATE_LIMITED', 604_800))).toBe(3_604_000);
    expect(pace.afterFailure(new BadUserInputError('no'))).toBeNull();
    expect(pace.afterFailure(new Error('a fault of ours'))).toBeNull();
  });

  test('gives up on five unfit answers in a row, whatever has failed before or between them', () => {
    const pace = createTailPace({ pollMs: 1_000, random: () => 1 });
    const unfit = new HookgraphError('UPSTREAM_INVALID_RESPONSE', 'no');
    const away = new HookgraphError('UPSTREAM_UNAVAILABLE', 'no');
    const failures = [away, away, away, away, unfit, unfit, unfit, unfit, away, unfit, unfit, unfit, unfit];
    for (const failure of failures) expect(pace.afterFailure(failure)).toBeGreaterThan(0);
    expect(pace.afterFailure(unfit)).toBeNull();
  });

  test('never pauses for less after a failure than where all is well, however slow that is', () => {
    const pace = createTailPace({ pollMs: 120_000, random: () => 1 });
    const cause = new HookgraphError('OVERLOADED', 'no');
    expect(pace.afterFailure(cause)).toBe(120_000);
  });
});
