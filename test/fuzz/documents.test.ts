import { parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { openSandboxGateway } from '../support/gateway.ts';
import { createRandom } from './random.ts';
import { faultsOf, randomOperation } from './random-document.ts';

/** `npm run test:fuzz` sends 50,000. */
const COUNT = Number(process.env.FUZZ_DOCUMENTS ?? 400);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121);
const LANES = 8;

let sandbox: Awaited<ReturnType<typeof openSandboxGateway>>;
let ids: readonly string[] = [];
beforeAll(async () => {
  // Enough for any of them: what is looked for here is not a limit.
  const environment = {
    LIMIT_TOKENS: '100000',
    LIMIT_COST: '100000000',
    LIMIT_ALIASES: '10000',
    LIMIT_DEPTH: '100',
    OPERATION_TIMEOUT_MS: '5000',
    SCAN_MAX_PAGES: '2',
  };
  sandbox = await openSandboxGateway({ environment });
  const { data } = await sandbox.query<{ webhooks: { nodes: { id: string; url: string }[] } }>(
    '{ webhooks { nodes { id url } } }',
  );
  // Receivers that are slow on purpose would be all that the time went to.
  ids = data.webhooks.nodes.filter(({ url }) => !/slow|timeout|hang/.test(url)).map(({ id }) => id);
});
afterAll(() => sandbox.close());

test(`${COUNT} random valid operations, mutations among them, are answered as the specification and the schema want it`, async () => {
  const faults: unknown[] = [];
  let next = 0;
  let withData = 0;
  const lane = async () => {
    for (let index = next++; index < COUNT; index = next++) {
      const operation = randomOperation(schema, createRandom(SEED + index), ids);
      const { query, variables } = operation;
      const invalid = validate(schema, parse(query)).map(({ message }) => message);
      const { status, ...answer } = await sandbox.query(query, variables);
      const found = [...invalid, ...(status >= 500 ? [`HTTP ${status}`] : []), ...faultsOf(answer, operation)];
      if (answer.data != null) withData += 1;
      if (found.length > 0) faults.push({ seed: SEED + index, found: found.slice(0, 5), query, variables });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  expect(faults.slice(0, 3)).toEqual([]);
  // It is a test of answers only if there are some.
  expect(withData).toBeGreaterThan(COUNT / 3);
}, 3_600_000);
