import { describe, expect, test } from 'vitest';
import { helpText } from '../../src/config/help-text.ts';
import { loadSettings } from '../../src/config/load-config.ts';
import { isLoopback } from '../../src/config/loopback.ts';
import {
  baseUrlVariable,
  ConfigError,
  integerVariable,
  readVariables,
  secretVariable,
} from '../../src/config/variable.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';

describe('the settings', () => {
  test('have the defaults of the contract', () => {
    expect(loadSettings({})).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      connectTimeoutMs: 2_000,
      upstreamTimeoutMs: 10_000,
      operationTimeoutMs: 25_000,
      upstreamMaxConnections: 64,
      upstreamMaxQueue: 1_000,
      upstreamMaxBodyBytes: 10_000_000,
      upstreamMaxCalls: 100,
      retryMax: 2,
      retryBudgetPercent: 10,
      retryBudgetFloor: 10,
      circuitMinCalls: 20,
      circuitFailurePercent: 50,
      circuitOpenMs: 5_000,
      drainTimeoutMs: 10_000,
      drainDelayMs: 0,
      logLevel: 'info',
      graphiql: true,
      introspection: true,
    });
  });

  test.each([
    [{}, true],
    [{ NODE_ENV: 'development' }, true],
    [{ NODE_ENV: 'production' }, false],
    [{ NODE_ENV: 'production', GRAPHIQL: 'true', INTROSPECTION: 'true' }, true],
    [{ GRAPHIQL: 'false', INTROSPECTION: 'false' }, false],
  ])('with %j GraphiQL and introspection are %s', (environment, expected) => {
    const { graphiql, introspection } = loadSettings(environment);
    expect([graphiql, introspection]).toEqual([expected, expected]);
  });

  test('an empty or blank variable is an unset one', () => {
    expect(loadSettings({ PORT: '', LOG_LEVEL: '  ', HOST: '' })).toMatchObject({
      port: 4000,
      logLevel: 'info',
      host: '127.0.0.1',
    });
  });

  test.each(['abc', '-1', '1.5', '65536', '0x10', '1e3', '+1', '４'])('PORT=%s does not fit', (PORT) => {
    expect(() => loadSettings({ PORT })).toThrow(
      new ConfigError(`PORT holds ${JSON.stringify(PORT)}; it should hold a whole number from 0 to 65535.`),
    );
  });
});

test.each([
  [{ RETRY_MAX: '-1' }, 'RETRY_MAX holds "-1"; it should hold a whole number from 0 to 10.'],
  [
    { LOG_LEVEL: 'loud' },
    'LOG_LEVEL holds "loud"; it should hold trace or debug or info or warn or error or fatal or silent.',
  ],
  [{ LOG_FORMAT: 'xml' }, 'LOG_FORMAT holds "xml"; it should hold json or pretty.'],
  [{ GATEWAY_AUTH: 'maybe' }, 'GATEWAY_AUTH holds "maybe"; it should hold required or loopback or none.'],
  [{ GRAPHIQL: 'yes' }, 'GRAPHIQL holds "yes"; it should hold true or false.'],
  [{ HOST: '::' }, 'HOST holds "::"'],
  [{ HOST: '192.168.0.1' }, 'HOST holds "192.168.0.1"'],
  [{ HOST: 'example.com' }, 'HOST holds "example.com"'],
])('%j does not fit', (environment, message) => {
  expect(() => loadSettings(environment)).toThrow(message);
});

test.each([
  '*',
  'null',
  'app.example',
  'https://app.example/',
  'https://App.example',
  'https://app.example:443',
  'https://*.app.example',
])('GATEWAY_CORS_ORIGINS=%s is no origin that a page could have', (origin) => {
  expect(() => loadSettings({ GATEWAY_CORS_ORIGINS: `https://app.example, ${origin}` })).toThrow(
    new ConfigError(
      `GATEWAY_CORS_ORIGINS holds "${origin}"; each entry should be an origin such as https://app.example.com.`,
    ),
  );
});

test.each([
  ['https://user:hunter2@app.example', 'https://…@app.example/'],
  ['user@hunter2', '…'],
])('what is no origin shows no credentials: GATEWAY_CORS_ORIGINS=%s', (origin, shown) => {
  expect(() => loadSettings({ GATEWAY_CORS_ORIGINS: origin })).toThrow(
    new ConfigError(
      `GATEWAY_CORS_ORIGINS holds "${shown}"; each entry should be an origin such as https://app.example.com.`,
    ),
  );
});

test('METRICS_PORT is a port of its own', () => {
  expect(() => loadSettings({ PORT: '4340', METRICS_PORT: '4340' })).toThrow(
    new ConfigError(
      'METRICS_PORT holds "4340", which is PORT; it should hold a port of its own, or 0 to have one picked.',
    ),
  );
  expect(loadSettings({ PORT: '0', METRICS_PORT: '0' })).toMatchObject({ port: 0, metricsPort: 0 });
});

describe('REDIS_URL', () => {
  test.each([
    'redis://redis.example',
    'redis://127.0.0.1:6379',
    'redis://[::1]:6379/',
    'rediss://hookgraph:p%40ss@redis.example:6380/2',
  ])('may be %s', (REDIS_URL) => {
    expect(loadSettings({ REDIS_URL }).redisUrl).toBe(REDIS_URL);
  });

  test.each([
    ['hunter2', 'no readable address'],
    ['hunter2:6379', 'no readable address'],
    ['http://:hunter2@redis.example', '"http://…@redis.example/"'],
    ['redis://', 'no readable address'],
    ['redis:///hunter2', 'no readable address'],
    ['redis://:hunter2@redis.example/name', '"redis://…@redis.example/…"'],
    ['redis://:hunter2@redis.example/0?enableOfflineQueue=true', '"redis://…@redis.example/…?…"'],
    ['redis://:hunter2@redis.example/0#x', '"redis://…@redis.example/…#…"'],
    ['redis://:hunter2@redis.example:99999', 'no readable address'],
    // A password with a slash or a question mark: its beginning looks like a port.
    ['redis://user:2/hunter2@redis.example', 'no readable address'],
    ['https://user:2?hunter2@redis.example', 'no readable address'],
  ])('is not %s, of which only what is no secret is shown', (REDIS_URL, shown) => {
    expect(() => loadSettings({ REDIS_URL })).toThrow(
      new ConfigError(
        `REDIS_URL holds ${shown}; it should hold an address such as redis://user:password@redis.example:6379/0, or rediss:// for TLS, without a query.`,
      ),
    );
  });
});

test.each([
  'redis://:100%hunter2@redis.example',
  'redis://100%hunter2:x@redis.example',
  'rediss://:hunter2%@redis.example',
])('REDIS_URL is not %s, whose % encodes nothing', (REDIS_URL) => {
  const { protocol } = new URL(REDIS_URL);
  expect(() => loadSettings({ REDIS_URL })).toThrow(
    new ConfigError(
      `REDIS_URL holds "${protocol}//…@redis.example"; it should hold an address whose user and password are percent-encoded: %25 stands for a % in them.`,
    ),
  );
});

describe('a loopback name', () => {
  test.each(['localhost', '127.0.0.1', '127.1.2.3', '::1'])('is %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  test.each(['', '0.0.0.0', '::', 'localhost.evil.com', '127.0.0.1.evil', '127.0.0', '128.0.0.1', 'evil127.0.0.1'])(
    'is not %j',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});

describe('a variable', () => {
  test('that holds a secret is never quoted', () => {
    const variables = { key: secretVariable({ name: 'KEY', help: '' }) };
    for (const KEY of ['hunter2 x', 'hunter2\nx', 'hunter2\u00e9', 'hunter2\0']) {
      expect(() => readVariables({ KEY }, variables)).toThrow(/^KEY (?!.*hunter2)/);
    }
    expect(readVariables({ KEY: ' tl_x ' }, variables)).toEqual({ key: 'tl_x' });
  });

  test('that holds a number keeps to its bounds', () => {
    const variables = { count: integerVariable({ name: 'COUNT', help: '', default: 5, min: 1, max: 9 }) };
    expect(readVariables({}, variables)).toEqual({ count: 5 });
    expect(readVariables({ COUNT: '1' }, variables)).toEqual({ count: 1 });
    expect(readVariables({ COUNT: '9' }, variables)).toEqual({ count: 9 });
    for (const COUNT of ['0', '10']) expect(() => readVariables({ COUNT }, variables)).toThrow('from 1 to 9');
  });

  test('quotes no more than sixty characters', () => {
    const variables = { count: integerVariable({ name: 'COUNT', help: '', default: 5, min: 1, max: 9 }) };
    expect(() => readVariables({ COUNT: 'x'.repeat(1_000) }, variables)).toThrow(
      `COUNT holds "${'x'.repeat(60)}…"; it`,
    );
  });

  const baseUrl = { baseUrl: baseUrlVariable({ name: 'URL', help: '', default: 'https://api.example.com' }) };
  test.each([
    [undefined, 'https://api.example.com'],
    ['https://eu.example.com', 'https://eu.example.com'],
    ['https://eu.example.com/', 'https://eu.example.com'],
    ['http://127.0.0.1:8080/base//', 'http://127.0.0.1:8080/base'],
  ])('that holds the address %s is read as %s', (URL, expected) => {
    expect(readVariables({ URL }, baseUrl)).toEqual({ baseUrl: expected });
  });

  test.each([
    ['api.example.com', 'no readable address'],
    ['ftp://x', '"ftp://x/"'],
    ['https://u:p@x', '"https://…@x/"'],
    ['https://x?a=b', '"https://x/?…"'],
    ['https://x#y', '"https://x/#…"'],
    ['file:///etc', 'no readable address'],
    ['javascript:1', 'no readable address'],
  ])('does not hold the address %s, and is told what it holds', (URL, shown) => {
    expect(() => readVariables({ URL }, baseUrl)).toThrow(
      new ConfigError(
        `URL holds ${shown}; it should hold an address such as https://api.example.com, without credentials or query.`,
      ),
    );
  });
});

describe("Personio's credentials", () => {
  const configure = (environment: Readonly<Record<string, string>>) =>
    PROVIDERS[0]?.configure(environment).hasOwnCredentials;

  test.each([
    [{}, false],
    [{ PERSONIO_ACCESS_TOKEN: 'papi-x' }, true],
    [{ PERSONIO_CLIENT_ID: 'papi-x', PERSONIO_CLIENT_SECRET: 'y' }, true],
  ])('are in %j: %s', (environment, expected) => {
    expect(configure(environment)).toBe(expected);
  });

  test.each([
    [{ PERSONIO_CLIENT_ID: 'papi-x' }, 'PERSONIO_CLIENT_ID is set without PERSONIO_CLIENT_SECRET'],
    [{ PERSONIO_CLIENT_SECRET: 'hunter2' }, 'PERSONIO_CLIENT_SECRET is set without PERSONIO_CLIENT_ID'],
    [
      { PERSONIO_CLIENT_ID: 'papi-x', PERSONIO_CLIENT_SECRET: 'y', PERSONIO_ACCESS_TOKEN: 'z' },
      'PERSONIO_ACCESS_TOKEN stands beside PERSONIO_CLIENT_ID',
    ],
    [{ PERSONIO_APP_ID: 'my-app' }, 'PERSONIO_APP_ID holds "my-app"; it should hold UPPER_SNAKE_CASE'],
    [{ PERSONIO_PARTNER_ID: 'ACME_' }, 'PERSONIO_PARTNER_ID holds "ACME_"; it should hold UPPER_SNAKE_CASE'],
  ])('%j stops the start', (environment, message) => {
    expect(() => configure(environment)).toThrow(message);
  });
});

test('the table of --help names every variable once', () => {
  const text = helpText(PROVIDERS.flatMap(({ variables }) => variables));
  const names = [...text.matchAll(/^ {2}([A-Z][A-Z_\d]+) /gm)].map(([, name]) => name);
  expect(names).toEqual([...new Set(names)]);
  expect(names).toContain('PERSONIO_CLIENT_ID');
  expect(names).toContain('TRULAYER_API_KEY');
  expect(names).toContain('PORT');
});
