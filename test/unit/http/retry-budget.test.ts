import { describe, expect, it } from 'vitest';
import { createRetryBudget } from '../../../src/http/retry-budget.ts';

function takeAll(budget: ReturnType<typeof createRetryBudget>): number {
  let taken = 0;
  while (budget.takeRetry()) taken++;
  return taken;
}

describe('the retry budget', () => {
  it('always allows its floor', () => {
    expect(takeAll(createRetryBudget({ percent: 10, floor: 10 }))).toBe(10);
  });

  it('allows its share of the calls of the last ten seconds', () => {
    const budget = createRetryBudget({ percent: 10, floor: 10, now: () => 1_000_000 });
    for (let call = 0; call < 2_000; call++) budget.countCall();
    expect(takeAll(budget)).toBe(200);
  });

  it('is whole again ten seconds later, and the calls of then no longer count', () => {
    let now = 1_000_000;
    const budget = createRetryBudget({ percent: 10, floor: 3, now: () => now });
    for (let call = 0; call < 100; call++) budget.countCall();
    expect(takeAll(budget)).toBe(10);
    now += 9_000;
    expect(takeAll(budget)).toBe(0);
    now += 1_000;
    expect(takeAll(budget)).toBe(3);
  });

  it('may be nothing', () => {
    expect(takeAll(createRetryBudget({ percent: 0, floor: 0 }))).toBe(0);
  });
});
