import { getOperationAST, parse } from 'graphql';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadSettings } from '../../src/config/load-config.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { compileOperation } from '../../src/graphql/execution/compile-operation.ts';
import { schema } from '../../src/graphql/schema.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';
import { sandboxEnvironment } from '../../src/sandbox/sandbox-environment.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { CORPUS } from '../support/operation-corpus.ts';
import { createRandom } from './random.ts';
import { randomOperation } from './random-document.ts';

/** `npm run test:fuzz` sends 50,000. */
const COUNT = Number(process.env.FUZZ_DOCUMENTS ?? 300);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121);

// Enough for any of them: what a limit refuses is refused by the ordinary way on both sides, and proves nothing.
const ENVIRONMENT = {
  PORT: '0',
  LIMIT_TOKENS: '100000',
  LIMIT_COST: '100000000',
  LIMIT_ALIASES: '10000',
  LIMIT_DEPTH: '100',
  UPSTREAM_MAX_CALLS: '100000',
  SCAN_MAX_PAGES: '2',
  DRAIN_TIMEOUT_MS: '0',
};

let sandbox: Sandbox;
let gateway: Gateway;
let url: string;
let ids: readonly string[];
const agent = new Agent({ pipelining: 0 });

beforeAll(async () => {
  // What is measured from now on (a window, a health) is the same on both sides only at the same time.
  vi.useFakeTimers({ now: new Date('2026-11-21T12:00:00Z'), toFake: ['Date'] });
  sandbox = await startSandbox({ trulayerRequestsPerMinute: 1_000_000_000 });
  const environment = { ...sandboxEnvironment(sandbox), ...ENVIRONMENT };
  gateway = createGateway({
    settings: loadSettings(environment),
    providers: PROVIDERS.map((provider) => provider.configure(environment)),
    isSandbox: true,
    logger: createLogger({ level: 'silent' }),
    directAfter: 'once',
  });
  url = await gateway.listen();
  const answer = JSON.parse(await ordinarily('{ webhooks { nodes { id } } }'));
  ids = answer.data.webhooks.nodes.map(({ id }: { id: string }) => id);
});
afterAll(async () => {
  await gateway.close();
  await agent.close();
  await sandbox.close();
  vi.useRealTimers();
});

test(`${COUNT} random valid queries are answered directly as graphql-js answers them, byte by byte`, async () => {
  const differences: unknown[] = [];
  let compiled = 0;
  let withErrors = 0;
  for (let seed = SEED; seed < SEED + COUNT; seed++) {
    // A mutation that is sent twice has two answers.
    const { query, variables } = randomOperation(schema, createRandom(seed), ids, { onlyQueries: true });
    const [direct, ordinary] = [await directly(query, variables), await ordinarily(query, variables)];
    if (isCompiled(query)) compiled += 1;
    if (ordinary.startsWith('{"errors"')) withErrors += 1;
    if (comparable(direct) !== comparable(ordinary)) differences.push({ seed, query, variables, direct, ordinary });
  }
  expect(differences.slice(0, 3)).toEqual([]);
  // It is a test of the direct way only if it is taken, and of errors only if there are some.
  expect(compiled).toBeGreaterThan(COUNT / 4);
  expect(withErrors).toBeGreaterThan(COUNT / 10);
}, 3_600_000);

test.each(CORPUS)('$name is answered directly as graphql-js answers it', async ({ query, variables }) => {
  const [direct, ordinary] = [await directly(query, variables), await ordinarily(query, variables)];
  expect(comparable(direct)).toBe(comparable(ordinary));
});

async function directly(query: string, variables?: object): Promise<string> {
  const body = JSON.stringify({ query, variables });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body, dispatcher: agent });
  return response.text();
}

async function ordinarily(query: string, variables?: object): Promise<string> {
  const body = JSON.stringify({ query, variables });
  const headers = { 'content-type': 'application/json', host: 'localhost' };
  const response = await gateway.fetch(new Request('http://localhost/graphql', { method: 'POST', headers, body }));
  return response.text();
}

function isCompiled(query: string): boolean {
  const document = parse(query);
  const operation = getOperationAST(document);
  return operation != null && compileOperation({ schema, document, operation }) !== null;
}

/** Each request, each answer of an upstream and each redelivery has an id of its own. */
function comparable(answer: string): string {
  return answer.replace(/"(requestId|traceId|redeliveryId)":"[\w-]+"/g, '"$1":"an id"');
}
