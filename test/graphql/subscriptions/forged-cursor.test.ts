import { describe, expect, test } from 'vitest';
import { until } from '../../support/fault-upstream.ts';
import { forgeTailCursor } from '../../support/forged-cursor.ts';
import { listenWithStubs } from '../../support/listening-gateway.ts';
import { createTailLog, type TailLog } from '../../support/tail-log.ts';
import { edgeOf, numbersOf, openTail, upTo } from './live-tail.ts';

const YEAR_2200_MS = Date.UTC(2200, 0, 1);
const YEAR_1_MS = Date.parse('0001-01-01T00:00:00Z');
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A gateway whose log somebody follows already, from a place of its own choice. */
async function followFirst(
  log: TailLog,
  variables: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string>> = {},
) {
  const gateway = await listenWithStubs({
    personio: (request) => log.answer(request),
    environment: { TAIL_POLL_MS: '2', ...environment },
  });
  const first = await openTail(gateway.url, variables);
  // It is the one whose poller the others join.
  await until(() => gateway.personio.requests.length > 3);
  return { gateway, first };
}

describe('who follows first with a cursor', () => {
  test.each([
    ['of the year 2200', () => YEAR_2200_MS],
    ['of in half an hour', () => Date.now() + 30 * MINUTE_MS],
    ['of a moment ago', () => Date.now() - 1_000],
    ['of the year 1', () => YEAR_1_MS],
  ])('%s that it has made up keeps nothing from the others', async (_when, msOf) => {
    const log = createTailLog();
    const { gateway, first } = await followFirst(log, { after: forgeTailCursor('hook-1', msOf()) });
    const other = await openTail(gateway.url);
    log.add(Date.now(), 1);
    expect(numbersOf(await other.received(1))).toEqual([1]);
    expect(numbersOf(await first.received(1))).toEqual([1]);
    first.leave();
    log.add(Date.now(), 2);
    const [, second] = await other.received(2);
    expect(edgeOf(second).node.attempts).toBe(2);
    other.leave();
    // What the others are given to go on with is no further ahead either.
    log.add(Date.now(), 3);
    const again = await openTail(gateway.url, { after: edgeOf(second).cursor });
    log.add(Date.now(), 4);
    expect(numbersOf(await again.received(2))).toEqual([3, 4]);
  });

  test('of the year 2200 keeps nothing from the others of a log that takes many reads', async () => {
    const log = createTailLog();
    const nowMs = Date.now();
    for (const number of upTo(500)) log.add(nowMs - 50_000 + number * 80, number);
    const { gateway, first } = await followFirst(
      log,
      { after: forgeTailCursor('hook-1', YEAR_2200_MS) },
      { SCAN_MAX_PAGES: '1' },
    );
    const other = await openTail(gateway.url);
    for (const number of upTo(520, 501)) log.add(Date.now(), number);
    expect(numbersOf(await other.received(20))).toEqual(upTo(520, 501));
    expect(numbersOf(await first.received(20))).toEqual(upTo(520, 501));
  });

  test('of the year 1 asks no further back than the log is kept', async () => {
    const { gateway } = await followFirst(createTailLog(), { after: forgeTailCursor('hook-1', YEAR_1_MS) });
    for (const { url } of gateway.personio.requests) {
      const fromMs = Date.parse(new URL(url, 'http://upstream').searchParams.get('completed_at.gte') ?? '');
      expect(Date.now() - fromMs).toBeLessThan(31 * DAY_MS);
    }
  });

  test('that counts what was never there loses that by itself alone', async () => {
    const log = createTailLog();
    const nowMs = Date.now();
    const slotMs = nowMs - (nowMs % 5_000);
    log.add(nowMs, 1);
    const { gateway, first } = await followFirst(log, {
      after: forgeTailCursor('hook-1', nowMs, [[slotMs, Number.MAX_SAFE_INTEGER, 7]]),
    });
    const other = await openTail(gateway.url, { since: new Date(nowMs).toISOString() });
    log.add(nowMs, 2);
    expect(numbersOf(await other.received(2))).toEqual([1, 2]);
    expect(numbersOf(await first.received(1))).toEqual([2]);
  });
});

test('who follows first from this moment on lets the others see what appears late', async () => {
  const log = createTailLog();
  const { gateway, first } = await followFirst(log, { since: new Date().toISOString() });
  const other = await openTail(gateway.url);
  log.add(Date.now() - 30_000, 1);
  log.add(Date.now(), 2);
  expect(numbersOf(await other.received(2))).toEqual([1, 2]);
  expect(numbersOf(await first.received(1))).toEqual([2]);
});
