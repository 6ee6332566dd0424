// `npm run build`: compiles the sources to modules with their types, for those who import hookgraph, and bundles the
// program that people start (docs/performance.md says what that saves). Does nothing where nothing has changed.
import { spawnSync } from 'node:child_process';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { thirdPartyNotices } from './third-party.js';

const ENTRY = 'src/main.ts';
const PROGRAM = 'dist/main.js';
/** Told by the compiler whenever a source has changed, by npm whenever a package has; the compiler leaves the entry out. */
const INPUTS = [
  'dist/.tsbuildinfo',
  'node_modules/.package-lock.json',
  'scripts/build.js',
  'scripts/third-party.js',
  ENTRY,
];

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '--build'], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

if (INPUTS.some((input) => changedAt(input) >= changedAt(PROGRAM))) {
  rmSync('dist/program', { recursive: true, force: true });
  const { output } = await build({
    input: ENTRY,
    platform: 'node',
    // ES modules where a package has both: they are bound at build time, and what nobody uses of them is left out.
    resolve: { mainFields: ['module', 'main'] },
    transform: { target: 'node20.19' },
    // Large, loaded by few, and pruned in the image: they stay packages.
    external: [/^@graphql-yoga\/render-graphiql/, /^@opentelemetry\/(?!api)/],
    output: {
      dir: 'dist',
      entryFileNames: 'main.js',
      // Two levels below the package, as the sources are: src/telemetry/version.ts reads its package.json.
      chunkFileNames: 'program/[name].js',
      comments: false,
      // With a single character beyond Latin-1, V8 keeps a source with two bytes for each.
      charset: 'ascii',
    },
    logLevel: 'warn',
  });
  const moduleIds = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
  writeFileSync('dist/THIRD-PARTY.txt', thirdPartyNotices(moduleIds));
}

/**
 * In ms since 1970; long ago where there is no such file.
 * @param {string} path
 */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
