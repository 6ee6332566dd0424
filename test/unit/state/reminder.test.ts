import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createReminder } from '../../../src/state/redis/reminder.ts';

const { signal } = new AbortController();

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a reminder wakes whoever waits when it rings', async () => {
  const reminder = createReminder(60_000);
  const waiting = reminder.wait(signal);
  reminder.ring();
  await waiting;
  expect(vi.getTimerCount()).toBe(0);
});

test('a reminder that has rung before is not missed, and counts once', async () => {
  const reminder = createReminder(60_000);
  reminder.ring();
  reminder.ring();
  const first = reminder.wait(signal);
  await vi.advanceTimersByTimeAsync(1);
  await first;
  const controller = new AbortController();
  const waiting = reminder.wait(controller.signal);
  await vi.advanceTimersByTimeAsync(1);
  controller.abort('left');
  await expect(waiting).rejects.toBe('left');
});

test('a reminder lets nobody wait longer than its time', async () => {
  const told: string[] = [];
  const waiting = createReminder(60_000)
    .wait(signal)
    .then(() => told.push('woken'));
  await vi.advanceTimersByTimeAsync(59_999);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await waiting;
  expect(told).toEqual(['woken']);
});

test('a reminder lets go of who has left already', async () => {
  await expect(createReminder(60_000).wait(AbortSignal.abort('left'))).rejects.toBe('left');
});
