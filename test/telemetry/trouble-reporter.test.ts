import { expect, test } from 'vitest';
import { createTroubleReporter } from '../../src/telemetry/trouble-reporter.ts';

function reporterAt(time: { ms: number }) {
  const lines: unknown[] = [];
  const reporter = createTroubleReporter({
    logger: {
      warn: (fields: object, sentence?: string) => void lines.push(['warn', fields, sentence]),
      info: (fields: object, sentence?: string) => void lines.push(['info', fields, sentence]),
    },
    begun: { fields: { provider: 'PERSONIO' }, sentence: 'it is broken' },
    over: { fields: { provider: 'PERSONIO' }, sentence: 'it is whole again' },
    now: () => time.ms,
  });
  return { reporter, lines };
}

const BEGUN = ['warn', { provider: 'PERSONIO' }, 'it is broken'];

test('a trouble is told once however often it shows, and how long it lasted', () => {
  const time = { ms: 5 };
  const { reporter, lines } = reporterAt(time);
  reporter.begins();
  time.ms = 200_005;
  reporter.begins();
  expect(lines).toEqual([BEGUN]);
  reporter.ends();
  reporter.ends();
  expect(lines).toEqual([BEGUN, ['info', { provider: 'PERSONIO', lastedMs: 200_000 }, 'it is whole again']]);
});

test('one that comes and goes leaves two lines a minute, and one that has stayed is told once the minute is over', () => {
  const time = { ms: 0 };
  const { reporter, lines } = reporterAt(time);
  for (let second = 0; second < 10; second += 1) {
    time.ms = second * 1_000;
    reporter.begins();
    reporter.ends();
  }
  expect(lines).toHaveLength(2);
  time.ms = 20_000;
  reporter.begins();
  expect(reporter.isOn()).toBe(true);
  expect(lines).toHaveLength(2);
  time.ms = 60_000;
  reporter.begins();
  expect(lines.slice(2)).toEqual([BEGUN]);
  time.ms = 61_000;
  reporter.ends();
  // From when it began, not from when it was told.
  expect(lines.at(-1)).toEqual(['info', { provider: 'PERSONIO', lastedMs: 41_000 }, 'it is whole again']);
});
