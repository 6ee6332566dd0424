import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';

const { version }: { readonly version: string } = JSON.parse(readFileSync('package.json', 'utf8'));

const GUIDES = ['docs/client.md', 'docs/federation.md'];

/** Where each command of the guides is run, unless it is run here. */
const COMMANDS: Readonly<
  Record<string, 'here' | 'test/package/package.test.ts' | 'test/examples/examples.test.ts' | '.ci/run'>
> = {
  'npm pack': 'test/package/package.test.ts',
  [`npm install ../hookgraph/hookgraph-${version}.tgz`]: 'test/package/package.test.ts',
  'node dist/main.js schema > schema.graphql': 'here',
  'npm run build': '.ci/run',
  'npm ci --prefix examples': '.ci/run',
  'mkdir -p examples/dist && node dist/main.js schema > examples/dist/schema.graphql': 'test/examples/examples.test.ts',
  'npm run build --prefix examples': 'test/examples/examples.test.ts',
  'node examples/dist/fetch/list-webhooks.js': 'test/examples/examples.test.ts',
  'node examples/dist/relay/page-webhooks.js': 'test/examples/examples.test.ts',
  'node dist/main.js schema --subgraph > hookgraph.graphql': 'here',
  'GATEWAY_SUBGRAPH_NODE=false node dist/main.js schema --subgraph > hookgraph.graphql': 'here',
};

/** The blocks of a language in a document. */
function blocks(file: string, language: string): readonly string[] {
  const found = readFileSync(file, 'utf8').matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'));
  return Array.from(found, ([, text = '']) => text);
}

/** Without the indentation, which differs between a block and the program that it is taken from. */
function flat(text: string): string {
  return text.replace(/^ +/gm, '');
}

test('every command of the guides is run by a test', () => {
  const commands = GUIDES.flatMap((file) => blocks(file, 'sh')).flatMap((block) => block.trim().split('\n'));
  expect(commands.toSorted()).toEqual(Object.keys(COMMANDS).toSorted());
});

test.each(Object.keys(COMMANDS).filter((command) => COMMANDS[command] === 'here'))('%s prints a schema', (command) => {
  const folder = mkdtempSync(join(tmpdir(), 'hookgraph-guide-'));
  try {
    symlinkSync(resolve('dist'), join(folder, 'dist'));
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [, file = ''] = command.split(' > ');
    const sdl = readFileSync(join(folder, file), 'utf8');
    const isSubgraph = command.includes('--subgraph');
    expect(() => (isSubgraph ? parse(sdl) : buildSchema(sdl))).not.toThrow();
    expect(sdl.includes('@key')).toBe(isSubgraph);
    expect(/^ {2}nodes\($/m.test(sdl)).toBe(!command.includes('GATEWAY_SUBGRAPH_NODE=false'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the schema that docs/client.md points generators to is in the package', () => {
  const { files }: { readonly files: readonly string[] } = JSON.parse(readFileSync('package.json', 'utf8'));
  const [, path] = /`node_modules\/hookgraph\/(.+?)`/.exec(readFileSync('docs/client.md', 'utf8')) ?? [];
  expect(files).toContain(path);
});

test('the configuration of Codegen in docs/client.md gives every scalar a type', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hookgraph-guide-'));
  try {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(resolve('.'), join(folder, 'node_modules/hookgraph'));
    for (const name of ['@graphql-codegen', 'graphql']) {
      symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
    }
    mkdirSync(join(folder, 'src'));
    const query = 'query Mine { webhook(id: "1") { url createdAt events { nodes { payload } } } }';
    writeFileSync(join(folder, 'src/mine.ts'), `import { graphql } from './gql';\ngraphql(\`${query}\`);\n`);
    const configuration = blocks('docs/client.md', 'json').find((text) => text.includes('"preset"')) ?? '';
    writeFileSync(join(folder, 'codegen.json'), configuration);
    const codegen = resolve('node_modules/.bin/graphql-codegen');
    const { status, stdout, stderr } = spawnSync(codegen, [], {
      cwd: folder,
      encoding: 'utf8',
      // In a test it would not say what is wrong.
      env: { ...process.env, NODE_ENV: 'development' },
    });
    if (status !== 0) throw new Error(`${stdout}${stderr}`);
    const types = readFileSync(join(folder, 'src/gql/graphql.ts'), 'utf8');
    expect(types).toMatch(/url: string, createdAt: string \| null, .*payload: Record<string, unknown> \| null/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the programs of docs/client.md are parts of the examples', () => {
  const files = ['fetch', 'apollo', 'urql', 'relay'].flatMap((folder) =>
    readdirSync(`examples/${folder}`)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(`examples/${folder}/${file}`, 'utf8')),
  );
  const programs = blocks('docs/client.md', 'ts');
  expect(programs.length).toBeGreaterThanOrEqual(2);
  expect(programs.filter((program) => !files.some((text) => text.includes(program)))).toEqual([]);
});

test('the programs of docs/federation.md are what the tests under real gateways run', () => {
  const source = flat(readFileSync('test/federation/support/gateways.js', 'utf8'));
  const programs = blocks('docs/federation.md', 'js');
  expect(programs.length).toBe(2);
  expect(programs.filter((program) => !source.includes(flat(program)))).toEqual([]);
});
