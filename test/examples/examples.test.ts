import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { PingWebhookDocument, SendTestEventDocument } from '../../src/client/index.ts';
import { schemaText } from '../../src/commands/print-schema.ts';
import { openCuttableWay } from '../support/cuttable-way.ts';
import { refusedBaseUrl } from '../support/fault-upstream.ts';
import { openSandboxGateway } from '../support/gateway.ts';
import { globalId } from '../support/stub-gateway.ts';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const PEOPLE_SYNC = globalId('PERSONIO', '533e7206-f4a3-11ed-9c8b-436fad0b82d1');

interface Outcome {
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly complaints: string;
}

if (existsSync(`${examples}/node_modules`)) {
  describe('the examples', defineTests);
} else if (process.env.CI) {
  test('the examples', () => {
    throw new Error('examples/node_modules is missing: npm ci --prefix examples');
  });
} else {
  test.skip('the examples (not installed; do: npm ci --prefix examples)');
}

function defineTests(): void {
  let url = '';
  let close = async () => {};

  beforeAll(async () => {
    mkdirSync(`${examples}/dist`, { recursive: true });
    writeFileSync(`${examples}/dist/schema.graphql`, schemaText({ isSubgraph: false, environment: {} }));
    const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'build'], {
      cwd: examples,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`The examples do not compile:\n${stdout}${stderr}`);
    const opened = await openSandboxGateway();
    url = await opened.gateway.listen();
    close = opened.close;
  }, 120_000);
  afterAll(() => close());

  const run = (...args: readonly string[]): Promise<Outcome> => runAgainst(url, args);

  function startAgainst(url: string, args: readonly string[]) {
    const child = spawn(process.execPath, args, {
      cwd: `${examples}/dist`,
      env: { ...process.env, HOOKGRAPH_URL: `${url}/graphql` },
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (output.stdout += chunk));
    child.stderr.on('data', (chunk) => (output.stderr += chunk));
    return { child, lines: () => output.stdout.split('\n').filter(Boolean), complaints: () => output.stderr };
  }

  function runAgainst(url: string, args: readonly string[]): Promise<Outcome> {
    const { child, lines, complaints } = startAgainst(url, args);
    return new Promise((resolve) =>
      child.on('close', (status) => resolve({ status, lines: lines(), complaints: complaints() })),
    );
  }

  test('list with plain fetch', async () => {
    const { status, lines, complaints } = await run('fetch/list-webhooks.js');
    expect(complaints).toBe('');
    expect(status).toBe(0);
    expect(lines[0]).toBe('PERSONIO ENABLED https://ok.receiver.example/hr-sync/people');
    expect(lines.some((line) => line.startsWith('TRULAYER '))).toBe(true);
  });

  test('read a log with plain fetch', async () => {
    const badges = globalId('PERSONIO', 'f4111196-3c5a-4f0e-8a51-5000500050c3');
    const { lines, complaints } = await run('fetch/latest-failures.js', badges);
    expect(complaints).toBe('');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^[\w.]+: SERVER_ERROR$/);
  });

  test('ping with Apollo Client', async () => {
    const { lines, complaints } = await run('apollo/ping-webhook.js', PEOPLE_SYNC);
    expect(complaints).toBe('');
    expect(lines).toEqual(['DELIVERED 200']);
  });

  test('tell with Apollo Client what is wrong with an argument', async () => {
    const { status, lines, complaints } = await run('apollo/ping-webhook.js', 'no-id-at-all');
    expect(status).toBe(1);
    expect(lines).toEqual([]);
    expect(complaints).toBe('input.id: This is not the global id of a webhook; take it from the field `id`.\n');
  });

  test('switch with urql', async () => {
    expect((await run('urql/switch-webhook.js', PEOPLE_SYNC, 'off')).lines).toEqual([
      'DISABLED https://ok.receiver.example/hr-sync/people',
    ]);
    expect((await run('urql/switch-webhook.js', PEOPLE_SYNC, 'on')).lines).toEqual([
      'ENABLED https://ok.receiver.example/hr-sync/people',
    ]);
  });

  test('tell with urql why nothing was switched', async () => {
    const id = globalId('TRULAYER', '018f1234-5678-7abc-def0-000000000001');
    const { status, complaints } = await run('urql/switch-webhook.js', id, 'off');
    expect(complaints).toMatch(/^UNSUPPORTED_BY_PROVIDER: /);
    expect(status).toBe(1);
  });

  test.each([[[]], [[PEOPLE_SYNC]], [[PEOPLE_SYNC, 'offf']]])(
    'switch nothing where a word is missing or unknown: %j',
    async (args) => {
      expect(await run('urql/switch-webhook.js', ...args)).toEqual({
        status: 2,
        lines: [],
        complaints: 'usage: switch-webhook.js ID on|off\n',
      });
      expect((await run('fetch/list-webhooks.js')).lines[0]).toBe(
        'PERSONIO ENABLED https://ok.receiver.example/hr-sync/people',
      );
    },
  );

  test.each([
    ['fetch/list-webhooks.js'],
    ['fetch/latest-failures.js', PEOPLE_SYNC],
    ['apollo/ping-webhook.js', PEOPLE_SYNC],
    ['urql/switch-webhook.js', PEOPLE_SYNC, 'on'],
    ['relay/page-webhooks.js'],
  ])('%s says that the gateway cannot be reached, and fails', async (...args) => {
    const { status, lines, complaints } = await runAgainst(await refusedBaseUrl(), args);
    expect(lines).toEqual([]);
    expect(complaints).toContain('ECONNREFUSED');
    expect(status).toBe(1);
  });

  test.each(['fetch/list-webhooks.js', 'relay/page-webhooks.js'])(
    '%s tells of a provider that is down, beside the webhooks of the other one',
    async (program) => {
      const { gateway, close } = await openSandboxGateway({
        environment: { TRULAYER_BASE_URL: await refusedBaseUrl(), RETRY_MAX: '0' },
      });
      onTestFinished(close);
      const { status, lines, complaints } = await runAgainst(await gateway.listen(), [program]);
      expect(lines.length).toBeGreaterThan(10);
      expect(complaints).toMatch(/^UPSTREAM_UNAVAILABLE: /);
      expect(status).toBe(1);
    },
  );

  test.each([
    ['fetch', 'errors'],
    ['Apollo Client', 'hookgraphErrors(error)'],
    ['urql', 'hookgraphErrors(error)'],
  ])('the call that the guide shows for %s hands over the errors beside the webhooks', async (client, itsErrors) => {
    const { gateway, close } = await openSandboxGateway({
      environment: { TRULAYER_BASE_URL: await refusedBaseUrl(), RETRY_MAX: '0' },
    });
    onTestFinished(close);
    const row = readFileSync('docs/client.md', 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`| [${client}]`));
    const [, call = ''] = /`(.+?)`/.exec(row ?? '') ?? [];
    writeFileSync(`${examples}/dist/guide.js`, programAround(client, call, itsErrors));
    const { status, lines, complaints } = await runAgainst(await gateway.listen(), ['guide.js']);
    expect({ status, complaints }).toEqual({ status: 0, complaints: '' });
    expect(lines).toEqual(['true', 'UPSTREAM_UNAVAILABLE']);
  });

  test('watch with Apollo Client, and go on where the connection was lost', async () => {
    const { gateway, query, close } = await openSandboxGateway({ environment: { TAIL_POLL_MS: '20' } });
    onTestFinished(close);
    const way = await openCuttableWay(await gateway.listen());
    const { child, lines, complaints } = startAgainst(way.url, ['apollo/watch-webhook.js', PEOPLE_SYNC]);
    onTestFinished(() => void child.kill());
    const poll = { timeout: 30_000 };
    await expect.poll(way.answered, poll).toBe(1);
    await query(PingWebhookDocument, { input: { id: PEOPLE_SYNC } });
    await expect.poll(lines, poll).toEqual(['ping: DELIVERED']);

    way.cut();
    const input = { webhookId: PEOPLE_SYNC, eventName: 'person.updated', payload: { person: { id: '1' } } };
    await query(SendTestEventDocument, { input });
    await expect.poll(way.answered, poll).toBe(2);
    await query(PingWebhookDocument, { input: { id: PEOPLE_SYNC } });
    await expect.poll(lines, poll).toEqual(['ping: DELIVERED', 'person.updated: DELIVERED', 'ping: DELIVERED']);
    expect(complaints()).toBe('');
  });

  test('watch nothing with Apollo Client where the gateway refuses, and say why', async () => {
    const { status, lines, complaints } = await run(
      'apollo/watch-webhook.js',
      globalId('TRULAYER', '018f1234-5678-7abc-def0-123456789abc'),
    );
    expect(complaints).toMatch(/^UNSUPPORTED_BY_PROVIDER: /);
    expect({ status, lines }).toEqual({ status: 1, lines: [] });
  });

  test('compile with Relay as the guide configures it, every scalar with a type', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hookgraph-relay-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(fileURLToPath(new URL('../..', import.meta.url)), join(folder, 'node_modules/hookgraph'));
    mkdirSync(join(folder, 'src'));
    const query = 'query mineQuery { webhook(id: "1") { url createdAt events { nodes { payload } } } }';
    writeFileSync(join(folder, 'src/mine.ts'), `graphql\`${query}\`;\n`);
    const guide = readFileSync('docs/client.md', 'utf8');
    const [, configuration = ''] = /```json\n([^`]*"customScalarTypes"[^`]*)```/.exec(guide) ?? [];
    writeFileSync(join(folder, 'relay.config.json'), configuration);
    const compiler = `${examples}/node_modules/.bin/relay-compiler`;
    const { status, stdout, stderr } = spawnSync(compiler, [], { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${stdout}${stderr}`);
    const types = readFileSync(join(folder, 'src/__generated__/mineQuery.graphql.ts'), 'utf8');
    expect(types).toContain('readonly payload: { readonly [name: string]: unknown } | null');
    expect(types).toContain('readonly url: string;');
    expect(types).not.toContain(': any');
  });

  test('page with Relay', async () => {
    const { lines, complaints } = await run('relay/page-webhooks.js');
    expect(complaints).toBe('');
    expect(lines.length).toBeGreaterThan(10);
    expect(new Set(lines).size).toBeGreaterThan(10);
    expect(lines[0]).toBe('https://ok.receiver.example/hr-sync/people');
  });
}

/** A program that lists webhooks by a call out of a guide, and tells whether it got some, and which errors. */
function programAround(client: string, call: string, itsErrors: string): string {
  const clients: Readonly<Record<string, string>> = {
    fetch: '',
    'Apollo Client': `import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
      const client = new ApolloClient({ link: new HttpLink({ uri: url }), cache: new InMemoryCache() });`,
    urql: `import { Client, fetchExchange } from '@urql/core';
      const client = new Client({ url, exchanges: [fetchExchange], preferGetMethod: false });`,
  };
  return `
    import { hookgraphErrors, sendOperation, WebhooksDocument as document } from 'hookgraph/client';
    const url = process.env.HOOKGRAPH_URL;
    const variables = { first: 5 };
    ${clients[client]}
    const { data, error, errors } = await ${call};
    console.log(data.webhooks.edges.some((edge) => edge !== null));
    for (const { code } of ${itsErrors}) console.log(code);
  `;
}
