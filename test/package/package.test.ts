import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'hookgraph-package-'));
const pkg: { readonly version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
const tarball = join(folder, `hookgraph-${pkg.version}.tgz`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `npm pack --json` tells of what it made. */
interface PackedFiles {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Runs a program as somebody would who has never heard of this repository. */
function run(program: string, ...args: readonly string[]) {
  return runIn(folder, program, ...args);
}

function runIn(cwd: string, program: string, ...args: readonly string[]) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS|VITEST|NODE_ENV)/i.test(name));
  return spawnSync(program, args, { cwd, encoding: 'utf8', env: Object.fromEntries(inherited) });
}

function write(file: string, content: unknown): void {
  writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
}

/** Compiles a file strictly, with the types of its dependencies checked as well. */
function compile(file: string, options: { readonly types: readonly string[] }) {
  const compilerOptions = { module: 'nodenext', target: 'es2023', lib: ['es2023', 'dom'], strict: true, ...options };
  write('tsconfig.json', { compilerOptions, files: [file] });
  return run('node', createRequire(import.meta.url).resolve('typescript/bin/tsc'), '--project', '.');
}

// Without scripts: what is tested here is the build that stands, and other tests read it meanwhile.
beforeAll(() => {
  const { status, stderr } = spawnSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
});

test('a checkout that was never built is built as it is packed', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'hookgraph-checkout-'));
  onTestFinished(() => rmSync(checkout, { recursive: true, force: true }));
  for (const part of ['package.json', 'tsconfig.json', 'scripts', 'src', 'schema']) {
    cpSync(part, join(checkout, part), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
  const { status, stdout, stderr } = runIn(checkout, 'npm', 'pack', '--json');
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  const [{ filename, files }]: [PackedFiles] = JSON.parse(stdout.slice(stdout.indexOf('[\n')));
  expect(filename).toBe(`hookgraph-${pkg.version}.tgz`);
  expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['dist/main.js', 'dist/client/index.d.ts']));
}, 120_000);

describe('the tarball', () => {
  test('is clean for publint', async () => {
    const { messages } = await publint({ strict: true, pack: { tarball: readFileSync(tarball).buffer } });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test('is clean for arethetypeswrong, as ES modules go', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)), {
      excludeEntrypoints: ['schema.graphql'],
    });
    const problems = analysis.types ? analysis.problems : [{ kind: 'no types at all' }];
    // What only resolutions without `exports` see is left out; that a CommonJS file requires an ES module is fine since
    // Node 20.19.
    const seen = problems.filter(
      (problem) =>
        !('resolutionKind' in problem) ||
        problem.resolutionKind === 'bundler' ||
        (problem.resolutionKind === 'node16-esm' && problem.kind !== 'CJSResolvesToESM'),
    );
    expect(seen).toEqual([]);
  });

  test('holds the build, the schema and what is told about it, and no more', () => {
    const { stdout } = run('tar', '-tzf', tarball);
    const files = stdout.split('\n').filter(Boolean);
    expect(files).toEqual(
      expect.arrayContaining([
        'package/dist/main.js',
        'package/dist/index.d.ts',
        'package/dist/THIRD-PARTY.txt',
        'package/LICENSE',
      ]),
    );
    expect(
      files.filter(
        (file) =>
          !/^package\/(dist\/(.+\.(js|d\.ts|js\.map)|THIRD-PARTY\.txt)|schema\/schema\.graphql|[^/]+)$/.test(file),
      ),
    ).toEqual([]);
  });
});

describe('an empty project', () => {
  let isOffline = false;
  beforeAll(() => {
    write('package.json', { name: 'empty', private: true, type: 'module' });
    const { status, stderr } = run('npm', 'install', '--engine-strict', '--prefer-offline', tarball, '@types/node@20');
    isOffline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENOTCACHED/.test(stderr) && !process.env.CI;
    if (status !== 0 && !isOffline) throw new Error(stderr);
  }, 120_000);

  test('has one copy of graphql', ({ skip }) => {
    skip(isOffline, 'the registry cannot be reached');
    const { stdout } = run('npm', 'ls', 'graphql', '--all', '--parseable');
    expect(new Set(stdout.trim().split('\n'))).toEqual(new Set([join(realpathSync(folder), 'node_modules/graphql')]));
  });

  test('runs the command', ({ skip }) => {
    skip(isOffline, 'the registry cannot be reached');
    const { status, stdout } = run('node', 'node_modules/.bin/hookgraph', '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: hookgraph');
    expect(run('node', 'node_modules/.bin/hookgraph', 'schema').stdout).toContain('type Webhook implements Node {');
  });

  test('embeds a gateway, with types', ({ skip }) => {
    skip(isOffline, 'the registry cannot be reached');
    write('embed.ts', EMBED);
    expect(compile('embed.ts', { types: ['node'] })).toMatchObject({ stdout: '', status: 0 });
    expect(run('node', 'embed.js')).toMatchObject({
      stdout: '["PERSONIO","TRULAYER"] NOT_FOUND\n',
      stderr: '',
      status: 0,
    });
  });

  test('compiles typed queries for a browser, without the types of Node', ({ skip }) => {
    skip(isOffline, 'the registry cannot be reached');
    write('query.ts', QUERY);
    expect(compile('query.ts', { types: [] })).toMatchObject({ stdout: '', status: 0 });
  });

  test('requires it from CommonJS too', ({ skip }) => {
    skip(isOffline, 'the registry cannot be reached');
    write(
      'require.cjs',
      "console.log(typeof require('hookgraph').createGateway, typeof require('hookgraph/client').sendOperation);",
    );
    expect(run('node', '--no-warnings', 'require.cjs')).toMatchObject({ stdout: 'function function\n', status: 0 });
  });
});

const EMBED = `
import { createGateway, createLogger, loadSettings, PROVIDERS } from 'hookgraph';
import { toHookgraphError, WebhookProvidersDocument, type WebhookProvidersQuery } from 'hookgraph/client';
import { print } from 'graphql';

const gateway = createGateway({
  settings: loadSettings({}),
  providers: PROVIDERS.map((provider) => provider.configure({ TRULAYER_API_KEY: 'tl_key' })),
  isSandbox: false,
  logger: createLogger({ level: 'error' }),
});
const response = await gateway.fetch(
  new Request('http://localhost/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', host: 'localhost' },
    body: JSON.stringify({ query: print(WebhookProvidersDocument) }),
  }),
);
const { data }: { data: WebhookProvidersQuery } = await response.json();
const error = toHookgraphError({ message: 'Gone.', extensions: { code: 'NOT_FOUND' } });
console.log(JSON.stringify(data.webhookProviders.map(({ name }) => name)), error.code);
await gateway.close();
`;

const QUERY = `
import { sendOperation, WebhookDocument, WebhookProvidersDocument, WebhooksDocument } from 'hookgraph/client';

const { data, errors } = await sendOperation({ url: '/graphql', document: WebhooksDocument, variables: { first: 5 } });
const urls: string[] = data?.webhooks?.edges.flatMap((edge) => (edge ? [edge.node.url] : [])) ?? [];
for (const error of errors) if (error.code === 'RATE_LIMITED') console.log(error.retryAfterSeconds, urls);
// @ts-expect-error: there is no such filter.
await sendOperation({ url: '/graphql', document: WebhooksDocument, variables: { filter: { colour: 'red' } } });
await sendOperation({ url: '/graphql', document: WebhooksDocument });
await sendOperation({ url: '/graphql', document: WebhookProvidersDocument });
// @ts-expect-error: the id is required.
await sendOperation({ url: '/graphql', document: WebhookDocument });
// @ts-expect-error: this operation takes no variables.
await sendOperation({ url: '/graphql', document: WebhookProvidersDocument, variables: { first: 5 } });
`;
