// Fails where a generated file is not what its source gives: run `npm run generate` and commit what it writes.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const before = generatedFiles();
const { status } = spawnSync('npm', ['run', '--silent', 'generate'], { stdio: ['ignore', 'ignore', 'inherit'] });
if (status !== 0) process.exit(1);
const after = generatedFiles();
const stale = [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
if (before.size === 0) throw new Error('No generated file was found: the check looks in the wrong place.');
if (stale.length > 0) {
  console.error(`Generated files were stale (they are fresh now; commit them): ${stale.join(', ')}`);
  process.exit(1);
}
console.log(`${before.size} generated files are fresh`);

/** Path → content. */
function generatedFiles() {
  const documents = readdirSync('src/client/documents').map((file) => join('src/client/documents', file));
  const upstream = readdirSync('src/providers', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join('src/providers', name, 'openapi.gen.ts'));
  return new Map(
    ['schema/schema.graphql', 'docs/configuration.md', ...documents, ...upstream].map((file) => [
      file,
      readFileSync(file, 'utf8'),
    ]),
  );
}
