import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCircuitBreaker } from '../../../src/http/circuit-breaker.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000, toFake: ['Date', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function circuitOf(
  options: { readonly minCalls?: number; readonly failurePercent?: number; readonly openMs?: number } = {},
) {
  const changes: string[] = [];
  const circuit = createCircuitBreaker({
    ...options,
    isFailure: (error) => error instanceof Error && error.message === 'down',
    isFailedResult: (result) => result === 500,
    onChange: (state) => void changes.push(state),
  });
  const end = (result: number | Error) => (result instanceof Error ? Promise.reject(result) : Promise.resolve(result));
  const call = (result: number | Error) => circuit.run(() => end(result)).catch(() => undefined);
  const calls = async (count: number, result: number | Error) => {
    for (let made = 0; made < count; made++) await call(result);
  };
  return { circuit, call, calls, changes };
}

const down = new Error('down');

describe('the circuit', () => {
  it('opens at half of twenty calls, not before', async () => {
    const { circuit, calls, changes } = circuitOf();
    await calls(10, 200);
    await calls(9, down);
    expect(circuit.isOpen()).toBe(false);
    await calls(1, 500);
    expect(circuit.isOpen()).toBe(true);
    expect(changes).toEqual(['open']);
  });

  it('stays closed while fewer than half fail', async () => {
    const { circuit, calls } = circuitOf();
    await calls(60, 200);
    await calls(59, down);
    expect(circuit.isOpen()).toBe(false);
  });

  it('does not count what says nothing about the upstream', async () => {
    const { circuit, calls } = circuitOf();
    await calls(100, new Error('the caller left'));
    await calls(19, down);
    expect(circuit.isOpen()).toBe(false);
  });

  it('forgets failures after ten seconds', async () => {
    const { circuit, calls } = circuitOf();
    await calls(19, down);
    vi.advanceTimersByTime(10_000);
    await calls(1, down);
    expect(circuit.isOpen()).toBe(false);
  });

  it('stays closed where an upstream that is asked now and then has failed twenty times over minutes', async () => {
    const { calls, changes } = circuitOf();
    for (let failed = 0; failed < 30; failed += 1) {
      await calls(1, down);
      vi.advanceTimersByTime(6_000);
    }
    expect(changes).toEqual([]);
  });

  it('opens after a second of nothing but failures, however many successes came before', async () => {
    const { circuit, calls } = circuitOf();
    await calls(10_000, 200);
    await calls(19, down);
    vi.advanceTimersByTime(999);
    await calls(1, down);
    expect(circuit.isOpen()).toBe(false);
    vi.advanceTimersByTime(1);
    await calls(1, down);
    expect(circuit.isOpen()).toBe(true);
  });

  it('takes many failures at once for a restart, and one of long ago for none of them', async () => {
    const { circuit, calls } = circuitOf();
    await calls(1, down);
    await calls(1_000, 200);
    vi.advanceTimersByTime(9_000);
    await calls(64, down);
    expect(circuit.isOpen()).toBe(false);
  });

  it('lets one probe through when its time is over, and closes when that succeeds', async () => {
    const { circuit, call, calls, changes } = circuitOf({ openMs: 5_000 });
    await calls(20, down);
    vi.advanceTimersByTime(4_999);
    expect(circuit.isOpen()).toBe(true);
    vi.advanceTimersByTime(1);
    expect(circuit.isOpen()).toBe(false);
    const probe = call(200);
    expect(circuit.isOpen()).toBe(true);
    await probe;
    expect(circuit.isOpen()).toBe(false);
    expect(changes).toEqual(['open', 'closed']);
    await calls(18, down);
    expect(circuit.isOpen()).toBe(false);
  });

  it('lets its probe through in time although the clock was set back meanwhile', async () => {
    const { circuit, call, calls } = circuitOf({ openMs: 5_000 });
    await calls(20, down);
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(circuit.isOpen()).toBe(true);
    vi.advanceTimersByTime(5_000);
    expect(circuit.isOpen()).toBe(false);
    await call(200);
    expect(circuit.isOpen()).toBe(false);
  });

  it.each([down, 500, new Error('the caller left')])('stays open when the probe ends with %s', async (result) => {
    const { circuit, call, calls } = circuitOf({ openMs: 5_000 });
    await calls(20, down);
    vi.advanceTimersByTime(5_000);
    await call(result);
    expect(circuit.isOpen()).toBe(true);
    vi.advanceTimersByTime(5_000);
    await call(404);
    expect(circuit.isOpen()).toBe(false);
  });

  it('does not listen to calls from before it opened while its probe is under way', async () => {
    const { circuit, call, calls } = circuitOf({ openMs: 5_000 });
    let fail: (error: Error) => void = () => {};
    const late = circuit
      .run(
        () =>
          new Promise((_resolve, reject) => {
            fail = reject;
          }),
      )
      .catch(() => undefined);
    await calls(20, down);
    vi.advanceTimersByTime(5_000);
    let succeed: (result: number) => void = () => {};
    const probe = circuit.run(
      () =>
        new Promise<number>((resolve) => {
          succeed = resolve;
        }),
    );
    fail(down);
    await late;
    succeed(200);
    await probe;
    expect(circuit.isOpen()).toBe(false);
    await call(200);
  });
});
