import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { schemaText } from '../../src/commands/print-schema.ts';
import { schema } from '../../src/graphql/schema.ts';
import { sandboxEnvironment } from '../../src/sandbox/sandbox-environment.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { ComposerName, GatewayName, RunningGateway } from '../federation/support/gateways.js';
import { describeWithGateways } from '../federation/support/installed.ts';
import { type ClientAnswer, type ClientError, openGateway, type TestGateway } from '../support/gateway.ts';
import { createRandom } from './random.ts';
import { randomOperation } from './random-document.ts';

/** `npm run test:fuzz` sends 50,000 to each gateway. */
const COUNT = Number(process.env.FUZZ_DOCUMENTS ?? 300);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121);
const LANES = 8;

const STACKS: readonly (readonly [GatewayName, ComposerName])[] = [
  ['@apollo/gateway', '@apollo/composition'],
  ['Hive Gateway', '@theguild/federation-composition'],
];

// Enough for any of them: what a limit refuses is the same refusal on both sides, and proves nothing.
const ENVIRONMENT = {
  LIMIT_TOKENS: '100000',
  LIMIT_COST: '100000000',
  LIMIT_ALIASES: '10000',
  LIMIT_DEPTH: '100',
  UPSTREAM_MAX_CALLS: '100000',
  SCAN_MAX_PAGES: '2',
  DRAIN_TIMEOUT_MS: '0',
};

describeWithGateways('a federation gateway in front', () => {
  let sandbox: Sandbox;
  let standalone: TestGateway;
  let subgraph: TestGateway;
  let url: string;
  let ids: readonly string[];

  beforeAll(async () => {
    // What is measured from now on (a window, a health) is the same on both sides only at the same time.
    vi.useFakeTimers({ now: new Date('2026-11-21T12:00:00Z'), toFake: ['Date'] });
    sandbox = await startSandbox({ trulayerRequestsPerMinute: 1_000_000_000 });
    // Two of them, so that neither answers from what the other has just read.
    const open = () =>
      openGateway({ ...sandboxEnvironment(sandbox), ...ENVIRONMENT }, { isSandbox: true, logLevel: 'silent' });
    [standalone, subgraph] = [open(), open()];
    url = await subgraph.gateway.listen();
    const { data } = await standalone.query<{ webhooks: { nodes: { id: string }[] } }>('{ webhooks { nodes { id } } }');
    ids = data.webhooks.nodes.map(({ id }) => id);
  });
  afterAll(async () => {
    await standalone.close();
    await subgraph.close();
    await sandbox.close();
    vi.useRealTimers();
  });

  test.each(STACKS)(
    `(%s) answers ${COUNT} random valid queries as the gateway alone does`,
    async (gatewayName, composerName) => {
      const federated = await startFederation(gatewayName, composerName, `${url}/graphql`);
      const differences: unknown[] = [];
      let withData = 0;
      let withErrors = 0;
      for (let first = 0; first < COUNT; first += LANES) {
        const seeds = Array.from({ length: Math.min(LANES, COUNT - first) }, (_, lane) => SEED + first + lane);
        await Promise.all(
          seeds.map(async (seed) => {
            const { query, variables } = randomOperation(schema, createRandom(seed), ids, { onlyQueries: true });
            const [alone, behind] = await Promise.all([
              standalone.query(query, variables),
              ask(federated.url, query, variables),
            ]);
            if (alone.data != null) withData += 1;
            if (alone.errors) withErrors += 1;
            const [expected, actual] = [comparable(alone), comparable(behind)];
            if (JSON.stringify(expected) !== JSON.stringify(actual)) {
              differences.push({ seed, query, variables, expected, actual });
            }
          }),
        );
        vi.setSystemTime(Date.now() + 1_000);
      }
      await federated.close();
      if (COUNT > 1_000) console.info(gatewayName, { compared: COUNT, withData, withErrors });
      expect(differences.slice(0, 3)).toEqual([]);
      // It compares answers only if there are some, of both kinds.
      expect(withData).toBeGreaterThan(COUNT / 2);
      expect(withErrors).toBeGreaterThan(COUNT / 10);
    },
    3_600_000,
  );
});

async function startFederation(
  gatewayName: GatewayName,
  composerName: ComposerName,
  subgraphUrl: string,
): Promise<RunningGateway> {
  const { COMPOSERS, GATEWAYS } = await import('../federation/support/gateways.js');
  const sdl = schemaText({ isSubgraph: true, environment: {} });
  const { supergraph, errors } = COMPOSERS[composerName]([{ name: 'hookgraph', url: subgraphUrl, sdl }]);
  if (supergraph === undefined) throw new Error(JSON.stringify(errors));
  return GATEWAYS[gatewayName](supergraph);
}

/** By a connection of its own: a kept one may be closed for its age just when it is used again. */
async function ask(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Omit<ClientAnswer<unknown>, 'status'>> {
  const outgoing = request(url, { method: 'POST', agent: false, headers: { 'content-type': 'application/json' } });
  outgoing.end(JSON.stringify({ query, variables }));
  const [incoming]: IncomingMessage[] = await once(outgoing, 'response');
  if (!incoming) throw new Error('there is no answer');
  return JSON.parse(await text(incoming));
}

/** An answer without what two askings differ in, and what a federation gateway may change. */
function comparable({ data, errors = [] }: Omit<ClientAnswer<unknown>, 'status'>): unknown {
  // The specification leaves the order of errors open, and a gateway joins those of several places.
  return { data: sorted(data), errors: errors.map(comparableError).sort() };
}

function comparableError({ message, path, extensions }: ClientError): string {
  // `locations` are those of the document that the federation gateway has written; what is its own is its `serviceName`.
  const { requestId: _ofOneRequest, serviceName: _ofTheGateway, ...others } = extensions;
  return JSON.stringify(sorted({ message, path, extensions: others }), (name, value) =>
    // Each answer of an upstream has another.
    name === 'traceId' ? typeof value : value,
  );
}

/** The order of members is the gateway's own where it plans the selection anew; JSON gives it no meaning. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
