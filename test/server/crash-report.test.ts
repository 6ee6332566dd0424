import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { build, runGateway } from '../support/executable.ts';

/** Every secret of these tests holds this word, and nothing else does. */
const CANARY = /canary/i;

const ENVIRONMENT = {
  PERSONIO_CLIENT_ID: 'papi-canary-client-id',
  PERSONIO_CLIENT_SECRET: 'papi-canary/client+secret',
  TRULAYER_API_KEY: 'tl_canary_key',
  // Nothing answers there: the gateway goes on by itself.
  REDIS_URL: 'redis://default:canary%2Fredis+password@127.0.0.1:1/0',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20canary%2Bcollector,x-tenant=1',
  NODE_ENV: 'development',
  LOG_LEVEL: 'trace',
};

beforeAll(build, 120_000);

/** What a gateway writes that is ended by a fault in its own process. */
async function lastWordsOf(fault: string): Promise<string> {
  // A file, since the frames of the stack would show the source of anything else.
  const folder = mkdtempSync(join(tmpdir(), 'hookgraph-fault-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const preload = join(folder, 'fault.mjs');
  writeFileSync(preload, `process.on('SIGUSR2', () => { ${fault} });`);
  const { child, ended, written } = await runGateway({ ...ENVIRONMENT, NODE_OPTIONS: `--import=${preload}` });
  child.kill('SIGUSR2');
  expect(await ended).toBe(1);
  return written();
}

describe('what a gateway writes when an error ends it holds no secret, and says what kind of error it was', () => {
  test.each([
    [
      'credentials of the environment, as they are, in a URL and in JSON',
      'const { PERSONIO_CLIENT_SECRET: a, TRULAYER_API_KEY: b } = process.env; throw new RangeError([a, encodeURIComponent(a), JSON.stringify({ b }), b].join(" "));',
      'RangeError: ',
    ],
    [
      "Redis' address, and its password as it is",
      'const { REDIS_URL: a } = process.env; throw new RangeError([a, decodeURIComponent(new URL(a).password)].join(" "));',
      'RangeError: ',
    ],
    [
      "the collector's headers, as they are and as they are sent",
      'const { OTEL_EXPORTER_OTLP_HEADERS: a } = process.env; throw new RangeError([a, decodeURIComponent(a), "canary+collector"].join(" "));',
      'RangeError: ',
    ],
    ['a body that is no JSON', 'JSON.parse("canary-receiver-token")', 'SyntaxError: Unexpected token'],
    ['a body that breaks off', `JSON.parse('{"token": "canary-receiver-token')`, 'SyntaxError: Unterminated string'],
    ['an argument that Node refuses', 'Buffer.alloc("canary-token")', 'TypeError: The "…"'],
    ['a URL with credentials', 'throw new Error("https://canary:canary@example.com/?key=canary")', 'Error: '],
    ['an error with members', 'throw Object.assign(new Error("it broke"), { token: "canary" })', 'Error: it broke'],
    ['an error with a cause', 'throw new Error("it broke", { cause: new Error("canary") })', 'Error: it broke'],
    ['a text that is thrown', 'throw "canary"', 'a string that was thrown'],
    ['an object that is thrown', 'throw { token: "canary" }', 'an object that was thrown'],
    [
      'an object that a promise rejects with',
      'void Promise.reject({ token: "canary" })',
      'UnhandledPromiseRejection: ',
    ],
    ['a text that a promise rejects with', 'void Promise.reject("canary")', 'UnhandledPromiseRejection: '],
  ])('%s', async (_what, fault, kind) => {
    const written = await lastWordsOf(fault);
    expect(written).toContain('stopping: an error that nobody caught');
    expect(written.replaceAll('\\"', '"')).toContain(kind);
    expect(written).not.toMatch(CANARY);
  });
});
