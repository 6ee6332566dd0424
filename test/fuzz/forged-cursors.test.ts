import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numbersOf, openTail } from '../graphql/subscriptions/live-tail.ts';
import { forgeListCursor, forgeLogCursor } from '../support/forged-cursor.ts';
import type { ClientError, TestGateway } from '../support/gateway.ts';
import { listenWithStubs } from '../support/listening-gateway.ts';
import { globalId } from '../support/stub-gateway.ts';
import type { UpstreamRequest } from '../support/stub-upstream.ts';
import { createTailLog } from '../support/tail-log.ts';
import { personioPage, personioWebhooks, trulayerWebhooks } from '../support/upstream-rows.ts';

/** `npm run test:fuzz` sends more. */
const RUNS = Number(process.env.FUZZ_REQUESTS ?? 5_000) / 20;

const SAFE = Number.MAX_SAFE_INTEGER;
const NOW_MS = Date.now();
const YEAR_0_MS = -62_167_219_200_000;
const YEAR_10_000_MS = 253_402_300_800_000;

/** What passes the checks nearly always, so that several members together do often enough. */
function mostly<T>(valid: fc.Arbitrary<T>, spoilt: readonly unknown[] = []) {
  return fc.oneof(
    { weight: 60, arbitrary: valid },
    { weight: 2, arbitrary: fc.constantFrom(null, ...spoilt) },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
}

const wholes = [-1, 0, 0.5, '1', 999_999, 1_000_000, 2 ** 48 - 1, 2 ** 48, SAFE];
const whole = mostly(fc.integer({ min: 1, max: 300 }), wholes);
const ms = mostly(
  fc.oneof(
    fc.integer({ min: NOW_MS - 120_000, max: NOW_MS + 120_000 }),
    fc.constantFrom(NOW_MS + 1_800_000, Date.UTC(2200, 0, 1), YEAR_10_000_MS - 1, NOW_MS - 3e9, YEAR_0_MS),
  ),
  [YEAR_0_MS - 1, YEAR_10_000_MS, -SAFE, SAFE, 9e15, -9e15, 0.5, '0'],
);
const text = mostly(fc.string({ unit: 'binary', maxLength: 40 }), ['', '\ud800', 'cur_1', 7]);
const instant = mostly(fc.record({ ms, ns: whole }));
const slots = mostly(fc.array(mostly(fc.tuple(ms, whole, whole)), { maxLength: 15 }), [Array(500).fill([0, 1, 1])]);
const entry = mostly(fc.record({ at: instant, copies: whole, mark: text }, { requiredKeys: ['at', 'copies'] }));
const tail = mostly(fc.record({ newest: instant, fromMs: ms, slots }));
const place = { cursor: fc.option(text), offset: whole, anchor: fc.option(text), nth: whole };
const logPosition = mostly(fc.oneof(fc.record(place), fc.record({ entry, ...place }), fc.record({ tail, ...place })));
const progress = mostly(fc.oneof(fc.record(place), fc.constant('end')));
const listPosition = mostly(fc.record({ PERSONIO: progress, TRULAYER: progress }, { requiredKeys: [] }), [
  [],
  'end',
  { constructor: 'end' },
  JSON.parse('{ "__proto__": "end" }'),
]);

async function listen() {
  const log = createTailLog();
  const gateway = await listenWithStubs({
    personio: (request: UpstreamRequest) => {
      if (request.url.includes('/activity')) return log.answer(request);
      if (request.url.includes('/events')) return personioPage([]);
      return request.url.includes('/webhooks/') ? { body: personioWebhooks(1)[0] } : personioPage(personioWebhooks(3));
    },
    trulayer: () => ({ body: { webhooks: trulayerWebhooks(2) } }),
    environment: { TAIL_POLL_MS: '2' },
  });
  for (let number = 0; number < 30; number += 1) log.add(NOW_MS - number * 3_000, number);
  return { ...gateway, deliveries: log };
}

/** Takes note of answers: one that has an error is a refusal of the cursor, and the log holds no fault. */
function createVerdicts({ log }: Pick<TestGateway, 'log'>) {
  let refused = 0;
  let answered = 0;
  return {
    take(errors: readonly ClientError[] = []) {
      expect(errors.filter(({ extensions }) => extensions.code !== 'BAD_USER_INPUT')).toEqual([]);
      if (errors.length > 0) refused += 1;
      else answered += 1;
    },
    expectBoth() {
      expect(log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
      // It is a fuzzer only if it reaches what is behind the checks.
      expect(Math.min(refused, answered)).toBeGreaterThan((refused + answered) / 20);
    },
  };
}

const logQuery = (log: 'activity' | 'events') =>
  `query ($id: ID!, $after: String) { webhook(id: $id) { ${log}(first: 5, after: $after) { edges { cursor } } } }`;

describe('whatever a cursor holds that was never given out', { timeout: 1_800_000 }, () => {
  test.each(['activity', 'events'] as const)('`Webhook.%s` refuses it or answers', async (log) => {
    const gateway = await listen();
    const verdicts = createVerdicts(gateway);
    await fc.assert(
      fc.asyncProperty(logPosition, async (position) => {
        const after = forgeLogCursor(log, 'hook-1', position);
        const { errors } = await gateway.query(logQuery(log), { id: globalId('PERSONIO', 'hook-1'), after });
        verdicts.take(errors);
      }),
      { numRuns: RUNS },
    );
    verdicts.expectBoth();
  });

  test('`Query.webhooks` refuses it or answers', async () => {
    const gateway = await listen();
    const verdicts = createVerdicts(gateway);
    await fc.assert(
      fc.asyncProperty(listPosition, async (position) => {
        const { errors } = await gateway.query(
          'query ($after: String) { webhooks(first: 2, after: $after) { edges { cursor } } }',
          { after: forgeListCursor(position) },
        );
        verdicts.take(errors);
      }),
      { numRuns: RUNS },
    );
    verdicts.expectBoth();
  });

  test('a live tail refuses it or follows, and whoever joins gets what comes', async () => {
    const gateway = await listen();
    const verdicts = createVerdicts(gateway);
    let number = 1_000;
    await fc.assert(
      fc.asyncProperty(logPosition, async (position) => {
        number += 1;
        // Another webhook each time, so that it is the forger whom the other joins.
        const id = globalId('PERSONIO', `hook-${number}`);
        const after = forgeLogCursor('activity', `hook-${number}`, position);
        const forger = await openTail(gateway.url, { id, after });
        const other = await openTail(gateway.url, { id });
        gateway.deliveries.add(Date.now(), number);
        expect(numbersOf(await other.received(1))).toEqual([number]);
        const [message] = await forger.received(1);
        verdicts.take(message?.errors);
        forger.leave();
        other.leave();
      }),
      { numRuns: RUNS / 2 },
    );
    verdicts.expectBoth();
  });
});
