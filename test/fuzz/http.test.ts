import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bearer, WITH_KEYS, WRITE_KEY } from '../support/callers.ts';
import { openGateway, openSandboxGateway } from '../support/gateway.ts';
import { type FuzzAnswer, sendBytes, spoiltRequest } from './http-fuzz.ts';
import { createRandom } from './random.ts';

/** `npm run test:fuzz` sends 100,000. */
const COUNT = Number(process.env.FUZZ_REQUESTS ?? 5_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121);
const IS_WHOLE = COUNT >= 100_000;
const LANES = 16;

const ENVIRONMENT = {
  GATEWAY_FORWARD_CREDENTIALS: 'true',
  GATEWAY_FORWARD_FALLBACK: 'true',
  GATEWAY_CORS_ORIGINS: 'https://app.example',
};

let sandbox: Awaited<ReturnType<typeof openSandboxGateway>>;
let guarded: ReturnType<typeof openGateway>;
beforeAll(async () => {
  sandbox = await openSandboxGateway({ environment: ENVIRONMENT });
  guarded = openGateway({ ...ENVIRONMENT, ...WITH_KEYS, RATE_LIMIT_UNAUTHENTICATED: '1000000' });
});
afterAll(async () => {
  await guarded.close();
  await sandbox.close();
});

async function fuzz(url: string, count: number): Promise<ReadonlyMap<number | undefined, number>> {
  const port = Number(new URL(url).port);
  const statuses = new Map<number | undefined, number>();
  const faults: unknown[] = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < count; index = next++) {
      const request = spoiltRequest(createRandom(SEED + index));
      const answer: FuzzAnswer = await sendBytes(port, request);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const isFault = answer.isHung || Number(answer.status) >= 500;
      if (isFault)
        faults.push({ seed: SEED + index, ...answer, request: request.bytes.toString('latin1').slice(0, 600) });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  expect(faults.slice(0, 5)).toEqual([]);
  return statuses;
}

test(`${COUNT} spoilt requests get no 5xx, none hangs for a second, and the gateway goes on`, async () => {
  const url = await sandbox.gateway.listen();
  // The first visit loads GraphiQL's 9 MB, which takes as long as the machine is slow.
  await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const statuses = await fuzz(url, COUNT);
  delay.disable();
  // Beside other tests the machine decides; the whole figure is taken alone.
  if (IS_WHOLE) expect(delay.percentile(99) / 1e6).toBeLessThan(50);
  // It is a fuzzer only if it reaches every layer.
  for (const status of [200, 400, 403, 404, 405, 415])
    expect(statuses.get(status) ?? 0, `HTTP ${status}`).toBeGreaterThan(COUNT / 1_000);
  const alive = await fetch(`${url}/graphql?query={__typename}`);
  expect(await alive.json()).toEqual({ data: { __typename: 'Query' } });
  const faults = sandbox.log.filter(({ level }) => Number(level) >= 50);
  expect(faults.slice(0, 5)).toEqual([]);
}, 1_800_000);

test('a gateway that asks for a key answers none of them with data', async () => {
  const url = await guarded.gateway.listen();
  const statuses = await fuzz(url, Math.min(COUNT / 5, 5_000));
  expect(statuses.get(401) ?? 0).toBeGreaterThan(100);
  const alive = await fetch(`${url}/graphql?query={__typename}`, { headers: bearer(WRITE_KEY) });
  expect(alive.status).toBe(200);
}, 600_000);
