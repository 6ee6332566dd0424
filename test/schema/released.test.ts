import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { expect, test } from 'vitest';

// Its CommonJS build: the ES modules would bring a second graphql into the test.
const { CriticalityLevel, diff }: typeof import('@graphql-inspector/core') = createRequire(import.meta.url)(
  '@graphql-inspector/core',
);

/** The schema in a file; what its federation directives mean is nobody's business here. */
function schemaIn(sdl: string): GraphQLSchema {
  return buildSchema(sdl, { assumeValidSDL: true });
}

/** `Webhook.url` and what happened to it, for each change that can break a client. */
async function breakingChanges(before: string, after: string): Promise<readonly (readonly [string, string])[]> {
  const changes = await diff(schemaIn(before), schemaIn(after));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ path = '', message }) => [path, message]);
}

/** The lines `- Breaking: …` above the first release of a changelog. */
function announced(changelog: string): string {
  const [unreleased = ''] = changelog.split(/^## (?!Unreleased)/m);
  return unreleased
    .split('\n')
    .filter((line) => line.startsWith('- Breaking: '))
    .join('\n');
}

test('no change since the last release breaks a client, unless CHANGELOG.md names it', async () => {
  const changes = await breakingChanges(
    readFileSync('schema/released.graphql', 'utf8'),
    readFileSync('schema/schema.graphql', 'utf8'),
  );
  const allowed = announced(readFileSync('CHANGELOG.md', 'utf8'));
  // Name it in CHANGELOG.md, under Unreleased: "- Breaking: `Webhook.url` …".
  expect(changes.filter(([path]) => !allowed.includes(`\`${path}\``))).toEqual([]);
});

test('a removed field, a stricter argument and a removed enum value are told apart from additions', async () => {
  const before = 'type Query { a(b: Int): E  c: Int } enum E { X Y }';
  const after = 'type Query { a(b: Int!): E  d: Int } enum E { X Z }';
  expect((await breakingChanges(before, after)).map(([path]) => path).toSorted()).toEqual([
    'E.Y',
    'Query.a.b',
    'Query.c',
  ]);
});

test('only a line of the coming release announces a breaking change', () => {
  expect(announced('## Unreleased\n- Breaking: `A.b` goes.\n- `C.d` comes.\n\n## 0.1.0\n- Breaking: `E.f` went.')).toBe(
    '- Breaking: `A.b` goes.',
  );
});
