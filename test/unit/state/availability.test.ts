import { expect, onTestFinished, test, vi } from 'vitest';
import { createAvailability } from '../../../src/state/redis/availability.ts';

function watch() {
  const lines: string[] = [];
  let nowMs = 0;
  const write = (fields: object, sentence: string) => void lines.push(`${sentence} ${JSON.stringify(fields)}`);
  const availability = createAvailability({ logger: { warn: write, info: write }, now: () => nowMs });
  return {
    availability,
    lines,
    pass: (ms: number) => {
      nowMs += ms;
      availability.remind();
    },
  };
}

const AWAY = 'Redis does not answer: this instance goes on by itself {"cause":"refused"}';

test('tells once that Redis has gone, and once that it is back', () => {
  const { availability, lines, pass } = watch();
  availability.cameUp();
  for (let each = 0; each < 5; each += 1) availability.wentAway('refused');
  pass(5_000);
  availability.cameUp();
  availability.cameUp();
  expect(lines).toEqual([AWAY, 'Redis answers again {"awayMs":5000}']);
});

test('tells at most once a minute of a Redis that comes and goes, and never of a return from what it has not told', () => {
  const { availability, lines, pass } = watch();
  for (let second = 0; second < 60; second += 2) {
    availability.wentAway('refused');
    pass(1_000);
    availability.cameUp();
    pass(1_000);
  }
  expect(lines).toEqual([AWAY, 'Redis answers again {"awayMs":1000}']);
});

test('tells later of an outage that began too soon after the last one', () => {
  const { availability, lines, pass } = watch();
  availability.wentAway('refused');
  availability.cameUp();
  availability.wentAway('refused');
  pass(30_000);
  expect(lines).toHaveLength(2);
  pass(30_000);
  expect(lines.slice(2)).toEqual([AWAY]);
  availability.cameUp();
  expect(lines.slice(3)).toEqual(['Redis answers again {"awayMs":60000}']);
});

test('is of no use while it refuses something, and for a minute after', () => {
  const { availability, pass } = watch();
  expect(availability.isOfUse()).toBe(false);
  availability.cameUp();
  expect(availability.isOfUse()).toBe(true);
  for (let second = 0; second < 90; second += 1) {
    availability.refused('OOM');
    pass(1_000);
    expect([availability.isUp(), availability.isOfUse()]).toEqual([true, false]);
  }
  pass(59_000);
  expect(availability.isOfUse()).toBe(true);
  availability.wentAway('refused');
  expect(availability.isOfUse()).toBe(false);
});

test('tells of an outage also when the clock of the machine was set back since the last one', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const lines: string[] = [];
  const write = (_fields: object, sentence: string) => void lines.push(sentence);
  const availability = createAvailability({ logger: { warn: write, info: write } });
  availability.wentAway('refused');
  availability.cameUp();
  vi.advanceTimersByTime(61_000);
  vi.setSystemTime(Date.now() - 3_600_000);
  availability.wentAway('refused');
  expect(lines).toHaveLength(3);
});
