import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openEndingScope } from '../../src/webhooks/operation-scope.ts';

const open = () => openEndingScope({ timeoutMs: 25_000, maxUpstreamCalls: 10, forwardedAuthorization: {} });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('an operation that has its answer', () => {
  test('leaves no timer behind', () => {
    open().end();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('still ends what it has left behind, when its time is over', () => {
    const scope = open();
    const told = vi.fn();
    scope.signal.addEventListener('abort', told);
    scope.end();
    vi.advanceTimersByTime(24_999);
    expect(told).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(told).toHaveBeenCalledOnce();
    expect(scope.signal.reason).toMatchObject({ name: 'TimeoutError' });
  });
});

test('an operation keeps secrets of four characters, and takes no shorter text for one', () => {
  const scope = open();
  for (const text of ['abc', 'abcd', 'abcde']) scope.keepSecret(text);
  expect([...scope.secrets]).toEqual(['abcd', 'abcde']);
  scope.leave();
});

test('an operation whose client leaves ends at once, and leaves no timer behind', () => {
  const scope = open();
  const told = vi.fn();
  scope.signal.addEventListener('abort', told);
  scope.leave();
  expect(told).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});
