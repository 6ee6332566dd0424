import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build, runCommand, startExecutable } from '../support/executable.ts';
import { freePort } from '../support/free-port.ts';
import { createGate } from '../support/gate.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

beforeAll(build, 120_000);

const emptyFolder = () => mkdtempSync(join(tmpdir(), 'hookgraph-'));

/** Starts it, until the last test has ended: those of this file run at the same time. */
function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = startExecutable(args, environment);
  children.add(child);
  return child;
}

/** Waits until it says where it listens: in words unless `LOG_FORMAT` is json. */
async function running(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = start(args, { PORT: '0', ...environment });
  const ready = createGate();
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
    if (/hookgraph is running(?:[\s\S]*\n\n|"\}\n)$/.test(out)) ready.open();
  });
  await Promise.race([ready.opened, once(child, 'close').then(() => Promise.reject(new Error(`it ended: ${out}`)))]);
  return { child, output: () => out, url: /http:\/\/[\w.:[\]]+(?=\/graphql)/.exec(out)?.[0] ?? '', banner: out };
}

describe.concurrent('--help', () => {
  test('prints every variable with its default, and ends', async () => {
    const { exitCode, out, err } = await runCommand(['--help']);
    expect([exitCode, err]).toEqual([0, '']);
    for (const [name, shown] of [
      ['PORT', '4000'],
      ['HOST', '127.0.0.1'],
      ['PERSONIO_CLIENT_ID', ''],
      ['PERSONIO_CLIENT_SECRET', ''],
      ['PERSONIO_ACCESS_TOKEN', ''],
      ['PERSONIO_APP_ID', ''],
      ['PERSONIO_PARTNER_ID', ''],
      ['PERSONIO_BASE_URL', 'https://api.personio.de'],
      ['TRULAYER_API_KEY', ''],
      ['TRULAYER_BASE_URL', 'https://api.trulayer.ai'],
      ['CONNECT_TIMEOUT_MS', '2000'],
      ['UPSTREAM_TIMEOUT_MS', '10000'],
      ['OPERATION_TIMEOUT_MS', '25000'],
      ['UPSTREAM_MAX_CONNECTIONS', '64'],
      ['UPSTREAM_MAX_QUEUE', '1000'],
      ['UPSTREAM_MAX_BODY_BYTES', '10000000'],
      ['UPSTREAM_MAX_CALLS', '100'],
      ['RETRY_MAX', '2'],
      ['RETRY_BUDGET_PERCENT', '10'],
      ['RETRY_BUDGET_FLOOR', '10'],
      ['CIRCUIT_MIN_CALLS', '20'],
      ['CIRCUIT_FAILURE_PERCENT', '50'],
      ['CIRCUIT_OPEN_MS', '5000'],
      ['DRAIN_TIMEOUT_MS', '10000'],
      ['DRAIN_DELAY_MS', '0'],
      ['LOG_LEVEL', 'info'],
      ['LOG_FORMAT', 'pretty on a terminal, else json'],
      ['GRAPHIQL', 'true; false in NODE_ENV=production'],
      ['INTROSPECTION', 'true; false in NODE_ENV=production'],
    ]) {
      const line = out.split('\n').find((candidate) => candidate.trimStart().startsWith(`${name} `));
      expect(line, name).toBeDefined();
      if (shown !== '') expect(line).toMatch(new RegExp(`\\[${shown?.replaceAll('.', '\\.')}\\]$`));
    }
    expect(out).toContain(' one of trace, debug, info, warn, error, fatal, silent [info]\n');
  });

  test('comes before any check of the environment', async () => {
    expect((await runCommand(['--help'], { PORT: 'abc' })).exitCode).toBe(0);
  });
});

describe.concurrent('.env', () => {
  test('is read where it is a file', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, '.env'), 'PORT=abc\n');
    const { exitCode, err } = await runCommand([], {}, folder);
    expect([exitCode, err]).toEqual([
      1,
      'hookgraph: PORT holds "abc"; it should hold a whole number from 0 to 65535.\n',
    ]);
  });

  test('is passed over where it is a folder', async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, '.env'));
    const { exitCode, out, err } = await runCommand(['schema'], {}, folder);
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toContain('type Query');
  });
});

describe.concurrent('a reader of its output that has gone', () => {
  test.each([
    [['--help'], 0],
    [['schema'], 0],
    [['check'], 0],
    [['check', '--json'], 1],
  ])('is no fault of %j, which ends with its own exit code', async (args, exitCode) => {
    const child = start(args, exitCode === 0 ? {} : { PORT: 'abc' });
    child.stdout.destroy();
    const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect([code, err]).toEqual([exitCode, '']);
  });

  test('does not end a gateway that starts', async () => {
    const port = await freePort();
    const child = start([], { PORT: String(port) });
    child.stdout.destroy();
    const ended = Promise.all([text(child.stderr), once(child, 'close')]);
    await answers(`http://127.0.0.1:${port}/health`, child);
    // It writes where it listens before it answers anything; a gateway that this has ended takes a signal for the second.
    child.kill('SIGTERM');
    const [err, [code]] = await ended;
    expect([code, err]).toEqual([0, '']);
  });
});

/** Waits until something answers there, or the child has ended. */
async function answers(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const isThere = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
  }
  throw new Error(`it ended with ${child.exitCode}`);
}

describe.concurrent('--version', () => {
  test('prints the version of the package, and ends', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(await runCommand(['--version'], { PORT: 'abc' })).toEqual({ exitCode: 0, out: `${version}\n`, err: '' });
  });
});

const KEY_USAGE =
  'usage: hookgraph key new NAME [SCOPE+SCOPE], with a name of letters, digits, _, . and -, and scopes out of webhooks:read, webhooks:test, webhooks:write (webhooks:read where none is said).';

describe.concurrent('arguments that do not fit are one line that says how it goes', () => {
  test.each([
    [['--sandbocks'], "Unknown option '--sandbocks'; see hookgraph --help."],
    [['-x'], "Unknown option '-x'; see hookgraph --help."],
    [['--sandbox=yes'], "Option '--sandbox' does not take an argument; see hookgraph --help."],
    [['nonsense'], 'there is no command "nonsense"; see hookgraph --help.'],
    [['key'], KEY_USAGE],
    [['key', 'old', 'me'], KEY_USAGE],
    [['schema', 'new'], 'usage: hookgraph schema [--subgraph]'],
    [['--json'], '--json belongs to hookgraph check; see hookgraph --help.'],
    [['--subgraph'], '--subgraph belongs to hookgraph schema; see hookgraph --help.'],
  ])('%j', async (args, line) => {
    expect(await runCommand(args)).toEqual({ exitCode: 1, out: '', err: `hookgraph: ${line}\n` });
  });
});

describe.concurrent('a setting that does not fit stops the start with one line', () => {
  test.each([
    [{ PORT: 'abc' }, 'PORT holds "abc"; it should hold a whole number from 0 to 65535.'],
    [
      { REDIS_URL: 'redis://:100%hunter2@127.0.0.1:6399' },
      'REDIS_URL holds "redis://…@127.0.0.1:6399"; it should hold an address whose user and password are percent-encoded: %25 stands for a % in them.',
    ],
    [{ PERSONIO_CLIENT_ID: 'papi-x' }, 'PERSONIO_CLIENT_ID is set without PERSONIO_CLIENT_SECRET; both are needed.'],
    [
      { TRULAYER_BASE_URL: 'https://user:hunter2@api.trulayer.ai', TRULAYER_API_KEY: 'tl_x' },
      'TRULAYER_BASE_URL holds "https://…@api.trulayer.ai/"; it should hold an address such as https://api.trulayer.ai, without credentials or query.',
    ],
  ])('%j', async (environment, line) => {
    const { exitCode, out, err } = await runCommand([], environment);
    expect([exitCode, out, err]).toEqual([1, '', `hookgraph: ${line}\n`]);
    expect(err).not.toContain('hunter2');
  });

  test('HOST=0.0.0.0, which is not loopback', async () => {
    const { exitCode, err } = await runCommand([], { HOST: '0.0.0.0' });
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^hookgraph: HOST holds ".+\n$/);
    expect(err.split('\n')).toHaveLength(2);
  });

  test('a secret with a line break, without showing it', async () => {
    const { exitCode, err } = await runCommand([], { TRULAYER_API_KEY: 'tl_hunter2\r\nx-evil: 1' });
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^hookgraph: TRULAYER_API_KEY .+\n$/);
    expect(err).not.toContain('hunter2');
  });

  test('no credentials in production', async () => {
    const { exitCode, err } = await runCommand([], { NODE_ENV: 'production', PORT: '0' });
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^hookgraph: No provider has credentials.+--sandbox.*\n$/);
  });

  test('a port that is taken', async () => {
    const { url } = await running([]);
    const { port } = new URL(url);
    const refused = (variable: string) => ({
      exitCode: 1,
      out: '',
      err: `hookgraph: ${variable} holds "${port}", which is taken at 127.0.0.1; it should hold a free port, or 0 to have one picked.\n`,
    });
    const both = await Promise.all([runCommand([], { PORT: port }), runCommand([], { PORT: '0', METRICS_PORT: port })]);
    expect(both).toEqual([refused('PORT'), refused('METRICS_PORT')]);
  }, 60_000);

  test('an address that the machine does not have', async () => {
    // RFC 5737: for documentation, and no machine's.
    const { exitCode, err } = await runCommand([], { HOST: '192.0.2.1', GATEWAY_AUTH: 'none' });
    expect(exitCode).toBe(1);
    expect(err).toBe(
      'hookgraph: HOST holds "192.0.2.1", which is no address of this machine; it should hold one of its own.\n',
    );
  });
});

describe.concurrent('running', () => {
  test('without credentials it is the sandbox, says so, and answers', async () => {
    const { url, banner } = await running([]);
    expect(banner).toMatch(/GraphQL +http:\/\/127\.0\.0\.1:\d+\/graphql/);
    expect(banner).toMatch(/PERSONIO +simulated at http:\/\/127\.0\.0\.1:\d+/);
    expect(banner).toMatch(/TRULAYER +simulated at http:\/\/127\.0\.0\.1:\d+/);
    expect(banner).toContain('nothing leaves this machine');
    expect(banner).not.toContain('Warning');
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: '{ webhookProviders { name isSandbox isConfigured } webhooks(first: 1) { nodes { url } } }',
      }),
    });
    expect(await response.json()).toEqual({
      data: {
        webhookProviders: [
          { name: 'PERSONIO', isSandbox: true, isConfigured: true },
          { name: 'TRULAYER', isSandbox: true, isConfigured: true },
        ],
        webhooks: { nodes: [{ url: 'https://ok.receiver.example/hr-sync/people' }] },
      },
    });
  });

  test('with credentials it is the real thing, and never shows them', async () => {
    const { url, banner } = await running([], { TRULAYER_API_KEY: 'tl_hunter2', PERSONIO_CLIENTID: 'papi-hunter2' });
    expect(banner).toMatch(/PERSONIO +not configured/);
    expect(banner).toContain(
      'Warning: PERSONIO_CLIENTID is set, but hookgraph has no such variable. Call it PERSONIO_CLIENT_ID, or unset it.',
    );
    expect(banner).toMatch(/TRULAYER +real, at https:\/\/api\.trulayer\.ai/);
    expect(banner).not.toContain('hunter2');
    expect(banner).not.toContain('simulat');
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  test.each([
    ['real credentials', { TRULAYER_API_KEY: 'tl_hunter2' }],
    ['half of some', { PERSONIO_CLIENT_ID: 'papi-hunter2' }],
  ])('--sandbox ignores %s, and says so', async (_what, credentials) => {
    const { banner } = await running(['--sandbox'], credentials);
    expect(banner).toMatch(/TRULAYER +simulated/);
    expect(banner).toContain('the real credentials in the environment are not used');
  });

  test('--sandbox is allowed in production, where GraphiQL and introspection are off', async () => {
    const { url } = await running(['--sandbox'], { NODE_ENV: 'production' });
    const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
    expect(page.status).toBeGreaterThanOrEqual(400);
    const schema = await fetch(`${url}/graphql?query={__schema{types{name}}}`);
    expect((await schema.json()).data).toBeUndefined();
  });

  test.each([
    ['json', /^\{"level":30,.*"msg":"stopping: requests under way may end"\}$/m],
    ['pretty', /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: stopping: requests under way may end$/m],
  ])('LOG_FORMAT=%s writes its log so', async (format, line) => {
    const { child, output } = await running([], { LOG_FORMAT: format });
    child.kill('SIGTERM');
    await once(child, 'close');
    expect(output()).toMatch(line);
  });

  test.each([
    ['LOG_FORMAT=json', { LOG_FORMAT: 'json' }],
    ['that and a level that leaves out most', { LOG_FORMAT: 'json', LOG_LEVEL: 'error' }],
  ])('with %s its first line is one of the log, with all that a person would read', async (_what, environment) => {
    const { banner } = await running([], { TRULAYER_API_KEY: 'tl_hunter2', ...environment });
    const { time: _, ...line } = JSON.parse(banner);
    expect(line).toEqual({
      level: 30,
      graphql: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/),
      hasGraphiql: true,
      providers: { PERSONIO: { state: 'not configured' }, TRULAYER: { state: 'real', at: 'https://api.trulayer.ai' } },
      metrics: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/),
      isSandbox: false,
      msg: 'hookgraph is running',
    });
  });

  test('that line tells of a sandbox, and of credentials that it does not use', async () => {
    const { banner } = await running(['--sandbox'], {
      TRULAYER_API_KEY: 'tl_hunter2',
      GRAPHIQL: 'false',
      LOG_FORMAT: 'json',
    });
    const simulated = { state: 'simulated', at: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) };
    expect(JSON.parse(banner)).toMatchObject({
      hasGraphiql: false,
      providers: { PERSONIO: simulated, TRULAYER: simulated },
      isSandbox: true,
      deliveries: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      ignoresCredentials: true,
    });
    expect(banner).not.toContain('hunter2');
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with exit code 0', async (signal) => {
    const { child } = await running([]);
    child.kill(signal);
    const [exitCode] = await once(child, 'close');
    expect(exitCode).toBe(0);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with exit code 0 also while it starts', async (signal) => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const child = start([], { PORT: '0', REDIS_URL: `redis://127.0.0.1:${port}` });
    // It waits for this Redis, which says nothing, before it listens.
    await once(silent, 'connection');
    child.kill(signal);
    const [exitCode] = await once(child, 'close');
    silent.close();
    expect(exitCode).toBe(0);
  });

  test('a signal in the very step in which it begins to listen is not lost', async () => {
    // Before Node's event loop turns again: what arrives while a busy machine still compiles the schema waits as long.
    const signalled = `
      import { Server } from 'node:net';
      const { listen } = Server.prototype;
      Server.prototype.listen = function (...args) {
        Server.prototype.listen = listen;
        process.kill(process.pid, 'SIGTERM');
        return this.listen(...args);
      };`;
    const child = start([], {
      PORT: '0',
      TRULAYER_API_KEY: 'tl_key',
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(signalled)}`,
    });
    const [exitCode] = await once(child, 'close');
    expect(exitCode).toBe(0);
  });

  test.each(['localhost', '::1'])('listens on %s', async (host) => {
    const { url } = await running([], { HOST: host });
    expect((await fetch(`${url}/ready`)).status).toBe(200);
  });
});
