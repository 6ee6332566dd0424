import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CodegenConfig, generate } from '@graphql-codegen/cli';
import { describe, expect, test } from 'vitest';
import { loadSettings } from '../../src/config/load-config.ts';
import { ConfigError } from '../../src/config/variable.ts';
import { jsonRequest, listenWithStubs, type RawAnswer } from '../support/listening-gateway.ts';
import { globalId } from '../support/stub-gateway.ts';

const NAMES = 'query Names { webhookProviders { name } }';
const TWO = 'query A { __typename } query B($with: Boolean = false) { webhookProviders @include(if: $with) { name } }';
const WRONG = 'query Wrong { nothing }';
const PING = 'mutation Ping($id: ID!) { pingWebhook(input: { id: $id }) { webhookId } }';
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const ANSWER = { data: { webhookProviders: [{ name: 'PERSONIO' }, { name: 'TRULAYER' }] } };

function writeManifest(content: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), 'hookgraph-')), 'persisted-documents.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** As older versions of the client preset write it with `persistedDocuments`: SHA-1, or SHA-256 where they are told so. */
const MANIFEST = {
  [sha1(NAMES)]: NAMES,
  [sha256(NAMES)]: NAMES,
  [sha256(TWO)]: TWO,
  [sha256(WRONG)]: WRONG,
  [sha256(PING)]: PING,
};

const open = (mode?: 'required') =>
  listenWithStubs({
    environment: {
      PERSISTED_DOCUMENTS: writeManifest(MANIFEST),
      ...(mode && { PERSISTED_DOCUMENTS_MODE: mode }),
    },
  });
const byHash = (sha256Hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
const outcome = (answer: RawAnswer) => [answer.status, answer.json().errors?.[0]?.extensions.code];

describe.each([undefined, 'required'] as const)('a document of the manifest (mode %s)', (mode) => {
  test.each([
    ['its SHA-256', byHash(sha256(NAMES))],
    ['its SHA-1', byHash(sha1(NAMES))],
    ['a hash that names its algorithm', byHash(`sha256:${sha256(NAMES)}`)],
    ['documentId', { documentId: `sha256:${sha256(NAMES)}` }],
    ['a hash beside an empty query', { query: '', ...byHash(sha256(NAMES)) }],
  ])('is executed by %s', async (_what, body) => {
    const gateway = await open(mode);
    expect((await gateway.send(jsonRequest(body))).json()).toEqual(ANSWER);
  });

  test.each([
    ['its hash', `extensions=${encodeURIComponent(JSON.stringify(byHash(sha256(NAMES)).extensions))}`],
    ['documentId', `documentId=sha256:${sha256(NAMES)}`],
  ])('is executed by GET with %s', async (_what, parameters) => {
    const gateway = await open(mode);
    expect((await gateway.send({ path: `/graphql?${parameters}` })).json()).toEqual(ANSWER);
  });

  test('that writes is 405 by GET with documentId', async () => {
    const gateway = await open(mode);
    const variables = encodeURIComponent(JSON.stringify({ id: globalId('PERSONIO', 'hook-1') }));
    const answer = await gateway.send({ path: `/graphql?documentId=${sha256(PING)}&variables=${variables}` });
    expect(outcome(answer)).toEqual([405, 'BAD_REQUEST']);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test('gets its variables and its operation name', async () => {
    const gateway = await open(mode);
    const answer = await gateway.send(
      jsonRequest({ ...byHash(sha256(TWO)), operationName: 'B', variables: { with: true } }),
    );
    expect(answer.json()).toEqual(ANSWER);
  });

  test('is validated like any other', async () => {
    const gateway = await open(mode);
    const answer = await gateway.send(
      jsonRequest(byHash(sha256(WRONG)), { accept: 'application/graphql-response+json' }),
    );
    expect(outcome(answer)).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  });

  test.each(['unknown', '__proto__', 'constructor', ''])(
    'that is not there, %j, is PERSISTED_QUERY_NOT_FOUND',
    async (hash) => {
      const gateway = await open(mode);
      const answer = await gateway.send(jsonRequest(byHash(hash)));
      expect(outcome(answer)).toEqual([400, 'PERSISTED_QUERY_NOT_FOUND']);
      // urql's persistedExchange goes by this very word, and sends the document itself then.
      expect(answer.json().errors?.[0]?.message).toBe('PersistedQueryNotFound');
    },
  );

  test.each([
    ['a hash that is a number', byHash(7)],
    ['extensions that are a list', { extensions: [] }],
    ['a hash that is null', byHash(null)],
    ['null', null],
    ['a text', 'text'],
    ['a batch', [byHash(sha256(NAMES))]],
    ['nothing', {}],
  ])('%s is BAD_REQUEST', async (_what, body) => {
    const gateway = await open(mode);
    expect(outcome(await gateway.send(jsonRequest(JSON.stringify(body))))).toEqual([400, 'BAD_REQUEST']);
  });
});

describe('a hash where there is no manifest', () => {
  const extensions = encodeURIComponent(JSON.stringify(byHash(sha256(NAMES)).extensions));
  test.each([
    ['by POST', jsonRequest(byHash(sha256(NAMES)))],
    ['by GET', { path: `/graphql?extensions=${extensions}` }],
    ['by GET with documentId', { path: `/graphql?documentId=${sha256(NAMES)}` }],
  ])('%s tells clients to send the document itself from now on', async (_how, request) => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send(request);
    expect(outcome(answer)).toEqual([400, 'PERSISTED_QUERY_NOT_SUPPORTED']);
    expect(answer.json().errors?.[0]?.message).toBe('PersistedQueryNotSupported');
  });

  test('beside the document is of no account', async () => {
    const gateway = await listenWithStubs();
    const answer = await gateway.send(jsonRequest({ query: NAMES, ...byHash(sha256(NAMES)) }));
    expect(answer.json()).toEqual(ANSWER);
  });
});

describe('a manifest that GraphQL Codegen’s client preset writes', () => {
  /** What it puts into the manifest, and, as `__meta__.hash`, into the typed documents. */
  async function writtenByPreset(): Promise<Readonly<Record<string, string>>> {
    const options: CodegenConfig = {
      silent: true,
      schema: 'schema/schema.graphql',
      documents: NAMES,
      generates: { 'gql/': { preset: 'client', presetConfig: { persistedDocuments: true } } },
    };
    const files: readonly { readonly filename: string; readonly content: string }[] = await generate(options, false);
    return JSON.parse(files.find(({ filename }) => filename.endsWith('persisted-documents.json'))?.content ?? '{}');
  }

  test('is executed by the hash in it, with the name of the algorithm and without', async () => {
    const manifest = await writtenByPreset();
    const [hash = ''] = Object.keys(manifest);
    expect(hash).toMatch(/^sha256:[\da-f]{64}$/);
    const gateway = await listenWithStubs({
      environment: { PERSISTED_DOCUMENTS: writeManifest(manifest), PERSISTED_DOCUMENTS_MODE: 'required' },
    });
    for (const named of [hash, hash.replace('sha256:', '')]) {
      for (const body of [byHash(named), { documentId: named }]) {
        expect((await gateway.send(jsonRequest(body))).json()).toEqual(ANSWER);
      }
    }
  });
});

describe('a document of somebody else', () => {
  const bodies = [
    { query: NAMES },
    { query: '{ __schema { types { name } } }' },
    { query: '{ __typename }', ...byHash(sha256(NAMES)) },
    { query: ' ', ...byHash(sha256(NAMES)) },
  ];

  test('is executed in optional mode', async () => {
    const gateway = await open();
    expect((await gateway.send(jsonRequest({ query: '{ __typename }' }))).json()).toEqual({
      data: { __typename: 'Query' },
    });
    const beside = await gateway.send(jsonRequest({ query: '{ __typename }', ...byHash(sha256(NAMES)) }));
    expect(beside.json()).toEqual({ data: { __typename: 'Query' } });
  });

  test.each(bodies)('%j is 403 FORBIDDEN in required mode', async (body) => {
    const gateway = await open('required');
    expect(outcome(await gateway.send(jsonRequest(body)))).toEqual([403, 'FORBIDDEN']);
  });

  test.each([
    ['by GET', { path: `/graphql?query=${encodeURIComponent(NAMES)}` }],
    [
      'by a form',
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-hookgraph-csrf': '1' },
        body: `query=${encodeURIComponent(NAMES)}`,
      },
    ],
    ['by application/graphql', { method: 'POST', headers: { 'content-type': 'application/graphql' }, body: NAMES }],
  ])('%s is 403 FORBIDDEN in required mode', async (_what, request) => {
    const gateway = await open('required');
    expect(outcome(await gateway.send(request))).toEqual([403, 'FORBIDDEN']);
  });
});

describe('a manifest that does not fit stops the start', () => {
  const unfit = 'PERSISTED_DOCUMENTS should name a JSON file that maps hashes to documents; it cannot be read as one.';
  test.each([
    ['is missing', '/nowhere/persisted-documents.json'],
    ['is no JSON', writeManifest('{')],
    ['is a list', writeManifest([NAMES])],
    ['is empty', writeManifest({})],
    ['holds what is no document', writeManifest({ a: 1 })],
  ])('that %s', (_what, path) => {
    expect(() => loadSettings({ PERSISTED_DOCUMENTS: path })).toThrow(new ConfigError(unfit));
  });

  test('that is required and not named', () => {
    expect(() => loadSettings({ PERSISTED_DOCUMENTS_MODE: 'required' })).toThrow(
      new ConfigError('PERSISTED_DOCUMENTS_MODE is required, but PERSISTED_DOCUMENTS is not set.'),
    );
  });
});
