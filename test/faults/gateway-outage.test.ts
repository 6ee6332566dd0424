import { describe, expect, test } from 'vitest';
import type { Behave } from '../support/fault-upstream.ts';
import { answer } from '../support/fault-upstream.ts';
import { load, type Sample } from '../support/load.ts';
import { globalId } from '../support/stub-gateway.ts';
import { BOTH, codes, HEALTHY, ID, IS_FULL, openWithFault, type Provider, percentile } from './gateway.ts';

const OUTAGE_MS = IS_FULL ? 60_000 : 6_000;
const CALM_MS = IS_FULL ? 10_000 : 1_000;
const RPS = IS_FULL ? 200 : 50;
const OPEN_MS = IS_FULL ? 5_000 : 500;

const READ = 'query ($id: ID!) { node(id: $id) { ... on Webhook { url } } }';

/** Half of the load asks the one provider, for another webhook each time, and half the other. */
async function halves(
  query: (provider: Provider, index: number) => Promise<readonly unknown[]>,
  provider: Provider,
  durationMs: number,
  until?: () => boolean,
) {
  const other = provider === 'PERSONIO' ? 'TRULAYER' : 'PERSONIO';
  const samples = await load({
    rps: RPS * 2,
    durationMs,
    ...(until && { until }),
    send: async (index) => {
      const asked = index % 2 === 0 ? provider : other;
      return { asked, codes: await query(asked, index) };
    },
  });
  const of = (name: Provider) => samples.filter(({ result }) => result.asked === name);
  return { faulty: of(provider), healthy: of(other) };
}

/** Other tests run at the same time as the short form: only the whole one may ask for the latency of 99 %. */
const PERCENT = IS_FULL ? 99 : 50;

function latencyMs(samples: readonly Sample<unknown>[]): number {
  return percentile(
    samples.map(({ ms }) => ms),
    PERCENT,
  );
}

const down: readonly (readonly [string, Behave])[] = [
  ['answers 503', (socket) => answer(socket, 503)],
  ['resets every connection', (socket) => void socket.resetAndDestroy()],
];

describe.each(BOTH)('%s, R8:', (provider) => {
  // One way is enough for the short form, another one for each.
  test.each(IS_FULL ? down : down.slice(BOTH.indexOf(provider)).slice(0, 1))(
    'while it %s, calls are not multiplied and fail fast, the other is not disturbed, and it comes back',
    async (_how, behave) => {
      let isDown = false;
      const { query, upstreams, log } = await openWithFault(
        provider,
        (...call) => (isDown ? behave : HEALTHY[provider])(...call),
        { CIRCUIT_MIN_CALLS: '20', CIRCUIT_OPEN_MS: String(OPEN_MS), LOG_LEVEL: 'info' },
      );
      const ask = async (asked: Provider, index: number) => {
        const id = asked === 'PERSONIO' ? globalId('PERSONIO', `hook-${index}`) : ID.TRULAYER;
        return codes((await query(READ, { id })).errors);
      };
      const { requests } = upstreams[provider];
      const calm = await halves(ask, provider, CALM_MS);
      expect(calm.faulty.every(({ result }) => result.codes.length === 0)).toBe(true);

      const before = requests.length;
      isDown = true;
      const downAt = Date.now();
      const outage = await halves(ask, provider, OUTAGE_MS);
      const attempts = requests.length - before;
      expect(outage.faulty.length).toBeGreaterThan((RPS * OUTAGE_MS) / 1_000 / 2);
      expect(attempts).toBeLessThanOrEqual(outage.faulty.length * 1.1);
      expect(new Set(outage.faulty.flatMap(({ result }) => result.codes))).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
      expect(outage.healthy.flatMap(({ result }) => result.codes)).toEqual([]);
      const opened = log.find(({ circuit }) => circuit === 'open');
      const openMs = Date.parse(String(opened?.time)) - downAt;
      expect(openMs).toBeLessThan(5_000);
      // Once it is open, only probes are sent.
      const fast = outage.faulty.filter(({ atMs }) => atMs > openMs);
      expect(fast.length).toBeGreaterThan(0);
      const numbers = {
        clientRequests: outage.faulty.length,
        attempts,
        openMs,
        fastFailMs: latencyMs(fast),
        healthyMs: { calm: latencyMs(calm.healthy), outage: latencyMs(outage.healthy) },
      };
      if (IS_FULL) {
        expect(numbers.fastFailMs).toBeLessThan(20);
        // A tenth of so few milliseconds is within the noise of any machine: 5 ms more are forgiven.
        expect(numbers.healthyMs.outage).toBeLessThan(numbers.healthyMs.calm * 1.1 + 5);
      } else {
        expect(numbers.fastFailMs).toBeLessThan(numbers.healthyMs.outage + 20);
      }

      isDown = false;
      let isBack = false;
      const recovery = await halves(
        async (asked, index) => {
          const result = await ask(asked, index);
          if (asked === provider && result.length === 0) isBack = true;
          return result;
        },
        provider,
        OPEN_MS + 5_000,
        () => isBack,
      );
      expect(isBack).toBe(true);
      if (IS_FULL) console.info(provider, numbers, 'recovered after', recovery.faulty.at(-1)?.atMs);
    },
    OUTAGE_MS + 60_000,
  );
});
