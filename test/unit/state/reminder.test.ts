import { expect, test } from 'vitest';
import { createReminder } from '../../../src/state/redis/reminder.ts';

const { signal } = new AbortController();

test('a reminder wakes whoever waits when it rings', async () => {
  const reminder = createReminder(60_000);
  const waiting = reminder.wait(signal);
  reminder.ring();
  await waiting;
});

test('a reminder that has rung before is not missed, and counts once', async () => {
  const reminder = createReminder(60_000);
  reminder.ring();
  reminder.ring();
  await reminder.wait(signal);
  const controller = new AbortController();
  const waiting = reminder.wait(controller.signal);
  controller.abort('left');
  await expect(waiting).rejects.toBe('left');
});

test('a reminder lets nobody wait for ever', async () => {
  await createReminder(1).wait(signal);
});

test('a reminder lets go of who has left already', async () => {
  await expect(createReminder(60_000).wait(AbortSignal.abort('left'))).rejects.toBe('left');
});
