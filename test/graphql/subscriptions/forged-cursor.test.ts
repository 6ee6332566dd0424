import { describe, expect, test } from 'vitest';
import { LIST_START } from '../../../src/webhooks/page-position.ts';
import { until } from '../../support/fault-upstream.ts';
import { forgeLogCursor, forgeTailCursor } from '../../support/forged-cursor.ts';
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

test('who follows first from the year 2200 on keeps nothing from the others', async () => {
  const log = createTailLog();
  const { gateway, first } = await followFirst(log, { since: new Date(YEAR_2200_MS).toISOString() });
  const other = await openTail(gateway.url);
  log.add(Date.now(), 1);
  log.add(YEAR_2200_MS, 2);
  expect(numbersOf(await other.received(2))).toEqual([1, 2]);
  expect(numbersOf(await first.received(1))).toEqual([2]);
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

describe('a tail is refused a cursor', () => {
  const at = { ms: 0, ns: 0 };
  const tail = { newest: at, fromMs: 0, slots: [] };
  const manySlots = Array.from({ length: 14 }, (_, index) => [index * 5_000, 1, 1]);
  test.each([
    ['behind an entry of no time', { entry: { at: null, copies: 1, mark: 'x' } }],
    ['behind an entry whose time is a number', { entry: { at: 5, copies: 1, mark: 'x' } }],
    ['behind an entry after the year 9999', { entry: { at: { ms: 9e15, ns: 0 }, copies: 1, mark: 'x' } }],
    ['behind an entry with a second of nanoseconds', { entry: { at: { ms: 0, ns: 1e9 }, copies: 1, mark: 'x' } }],
    ['behind an entry whose copies are no number', { entry: { at, copies: {}, mark: 'x' } }],
    ['behind the entry before the first', { entry: { at, copies: 0, mark: 'x' } }],
    ['behind an entry whose mark is no text', { entry: { at, copies: 1, mark: {} } }],
    ['behind an entry without a mark', { entry: { at, copies: 1 } }],
    ['of after the year 9999', { tail: { ...tail, newest: { ms: 9e15, ns: 0 } } }],
    ['of before the year 0', { tail: { ...tail, newest: { ms: -9e15, ns: 0 }, fromMs: -9e15 } }],
    ['that sees further than to the year 0', { tail: { ...tail, fromMs: -9e15 } }],
    ['with half a millisecond', { tail: { ...tail, newest: { ms: 0.5, ns: 0 } } }],
    ['with a count below one', { tail: { ...tail, slots: [[0, 0, 0]] } }],
    ['with a sum below zero', { tail: { ...tail, slots: [[0, 1, -1]] } }],
    ['with a sum that six bytes cannot hold', { tail: { ...tail, slots: [[0, 1, 2 ** 48]] } }],
    ['with a slot of no time', { tail: { ...tail, slots: [[9e15, 1, 1]] } }],
    ['with more slots than a minute has', { tail: { ...tail, slots: manySlots } }],
    ['without a place in the list', { tail, offset: -1 }],
  ])('%s', async (_what, position) => {
    const gateway = await listenWithStubs({ personio: () => ({}) });
    const after = forgeLogCursor('activity', 'hook-1', { ...LIST_START, ...position });
    const refused = await openTail(gateway.url, { after });
    await refused.ended;
    expect(refused.messages).toHaveLength(1);
    expect(refused.messages[0]?.errors?.[0]).toMatchObject({
      message: 'The cursor is damaged; use one exactly as it was given out.',
      extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['after'] }] },
    });
    expect(gateway.personioCalls()).toEqual([]);
    expect(gateway.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});
