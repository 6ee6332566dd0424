import { describe, expect, test } from 'vitest';
import { WITH_KEYS } from '../support/callers.ts';
import { check } from './doctor.ts';

const failures = async (environment: Readonly<Record<string, string>>) => {
  const { rows, exitCode } = await check(environment);
  const failed = rows.filter(({ subject, status }) => subject === 'configuration' && status === 'failed');
  return { exitCode, found: failed.map(({ found }) => found), remedies: failed.map(({ remedy }) => remedy) };
};

describe('the configuration', () => {
  test('is told by the names of what is set, never by values', async () => {
    const { row, text } = await check({ PORT: '4711', LOG_LEVEL: 'warn', HOME: '/somewhere' });
    expect(row('configuration', 'variables')).toMatchObject({ status: 'ok', found: 'set, and fit: PORT, LOG_LEVEL' });
    expect(text).not.toContain('4711');
  });

  test('is told whole where several variables do not fit', async () => {
    const { exitCode, found, remedies } = await failures({ PORT: 'abc', RETRY_MAX: '-1', PERSONIO_APP_ID: 'my app' });
    expect(exitCode).toBe(1);
    expect(found).toEqual([
      'PERSONIO_APP_ID holds "my app"; it should hold UPPER_SNAKE_CASE, e.g. MY_APPLICATION.',
      'PORT holds "abc"; it should hold a whole number from 0 to 65535.',
      'RETRY_MAX holds "-1"; it should hold a whole number from 0 to 10.',
    ]);
    expect(remedies[1]).toBe('Correct or unset PORT: where the gateway listens; 0 picks a free port.');
  });

  test.each([
    [{ PERSONIO_CLIENT_ID: 'papi-a' }, 'PERSONIO_CLIENT_ID is set without PERSONIO_CLIENT_SECRET; both are needed.'],
    [{ HOST: '0.0.0.0' }, 'HOST holds "0.0.0.0"; without callers\' credentials the gateway answers on loopback only'],
    [{ GATEWAY_AUTH: 'required' }, 'GATEWAY_AUTH is required, but there is neither'],
    [{ GATEWAY_JWKS_URL: 'https://issuer.example/jwks' }, 'GATEWAY_JWKS_URL, GATEWAY_JWT_ISSUER and'],
    [{ ...WITH_KEYS, GATEWAY_AUTH: 'none' }, 'GATEWAY_AUTH is none, so GATEWAY_API_KEYS'],
    [{ PERSISTED_DOCUMENTS: '/nowhere.json' }, 'PERSISTED_DOCUMENTS should name a JSON file'],
  ])('is told where variables contradict each other: %j', async (environment, message) => {
    const { exitCode, found } = await failures(environment);
    expect(exitCode).toBe(1);
    expect(found).toEqual([expect.stringContaining(message)]);
  });

  test('that does not fit keeps no provider from being looked at', async () => {
    const { row } = await check({
      PORT: 'abc',
      TRULAYER_API_KEY: 'tl_a',
      TRULAYER_BASE_URL: 'http://hookgraph.invalid',
    });
    expect(row('TRULAYER', 'address').status).toBe('failed');
  });

  test('of a provider that does not fit is told once, and the provider skipped', async () => {
    const { rows, row } = await check({ PERSONIO_BASE_URL: 'ftp://x' });
    expect(row('PERSONIO', 'credentials')).toMatchObject({
      status: 'skipped',
      found: expect.stringContaining('above'),
    });
    expect(rows.filter(({ found }) => found.startsWith('PERSONIO_BASE_URL'))).toHaveLength(1);
  });

  test('with a DRAIN_DELAY_MS of which the drain leaves less is a warning that says how much', async () => {
    const { exitCode, rows } = await check({ DRAIN_DELAY_MS: '10000' });
    expect(exitCode).toBe(0);
    expect(rows.filter(({ subject, status }) => subject === 'configuration' && status === 'warning')).toMatchObject([
      {
        found: 'DRAIN_DELAY_MS is 10000, and lasts 5000: half of DRAIN_TIMEOUT_MS',
        remedy: 'Set DRAIN_TIMEOUT_MS to 20000 or more.',
      },
    ]);
  });

  const warningsOf = async (environment: Readonly<Record<string, string>>) => {
    const { exitCode, rows, text } = await check(environment);
    expect(exitCode).toBe(0);
    const warnings = rows.filter(({ subject, status }) => subject === 'configuration' && status === 'warning');
    return { text, warnings: warnings.map(({ found, remedy }) => [found, remedy]) };
  };

  test.each([
    ['PERSONIO_CLIENTID', 'PERSONIO_CLIENT_ID'],
    ['PERSONIO_SECRET', 'PERSONIO_CLIENT_SECRET'],
    ['TRULAYER_KEY', 'TRULAYER_API_KEY'],
    ['GATEWAY_API_KEY', 'GATEWAY_API_KEYS'],
    ['UPSTREAM_TIMEOUT', 'UPSTREAM_TIMEOUT_MS'],
    ['LIMIT_BODY', 'LIMIT_BODY_BYTES'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['RETRY_MXA', 'RETRY_MAX'],
    ['LIMIT_COSTS', 'LIMIT_COST'],
    ['LIMIT_DEPHT', 'LIMIT_DEPTH'],
    ['REDIS_URI', 'REDIS_URL'],
    ['TAIL_POL_MS', 'TAIL_POLL_MS'],
  ])('with %s is a warning that says how it is called: %s', async (name, meant) => {
    const { text, warnings } = await warningsOf({ [name]: 'canary' });
    expect(warnings).toEqual([
      [`${name} is set, but hookgraph has no such variable`, `Call it ${meant}, or unset it.`],
    ]);
    expect(text).not.toContain('canary');
  });

  test('with a variable that is like none of ours is a warning where its prefix is ours', async () => {
    const { warnings } = await warningsOf({ GATEWAY_COLOUR: 'red' });
    expect(warnings).toEqual([
      ['GATEWAY_COLOUR is set, but hookgraph has no such variable', expect.stringContaining('hookgraph --help')],
    ]);
  });

  test.each(['POST', 'PORTS', 'HOSTNAME', 'REDIS', 'LIMIT', 'OTEL_SERVICE_NAME', 'OTEL_METRICS_EXPORTER', 'NODE_ENV'])(
    'with %s, which is not meant for it, is no warning',
    async (name) => {
      expect((await warningsOf({ [name]: 'x' })).warnings).toEqual([]);
    },
  );

  test('with a line of .env that lacks the = is a warning that shows nothing of the line', async () => {
    // As Node reads «PERSONIO_CLIENT_SECRET: canary-1», with «PORT=4711» below it.
    const { text, warnings } = await warningsOf({ 'PERSONIO_CLIENT_SECRET: canary-1\nPORT': '4711' });
    expect(warnings).toEqual([
      [
        'PERSONIO_CLIENT_SECRET is not set: its line in .env lacks the = behind the name',
        'Write PERSONIO_CLIENT_SECRET=…, each variable on a line of its own.',
      ],
    ]);
    expect(text).not.toContain('canary');
  });

  test('that a production start refuses is a failure', async () => {
    const { exitCode, row } = await check({ NODE_ENV: 'production' });
    expect(exitCode).toBe(1);
    expect(row('configuration', 'start')).toMatchObject({
      status: 'failed',
      remedy: 'Set PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET, or TRULAYER_API_KEY; or start with --sandbox.',
    });
  });
});
