import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { refusedBaseUrl, startFaultUpstream } from '../support/fault-upstream.ts';
import { describeWithRedis, startRedis } from '../support/redis-server.ts';
import { measured } from '../support/running-time.ts';
import { check, table } from './doctor.ts';

test('Redis is looked at only where REDIS_URL is set', async () => {
  expect((await check({})).rows.filter(({ subject }) => subject === 'REDIS')).toEqual([]);
});

test('a Redis that is not there is a failure that names the variable', async () => {
  const url = (await refusedBaseUrl()).replace('http:', 'redis:');
  const { exitCode, row } = await check({ REDIS_URL: url });
  expect(exitCode).toBe(1);
  expect(row('REDIS', 'connection')).toMatchObject({
    status: 'failed',
    found: expect.stringContaining('nothing listens there (ECONNREFUSED)'),
    remedy: expect.stringContaining('REDIS_URL'),
  });
});

test('a Redis whose name does not resolve is a failure', async () => {
  const { row } = await check({ REDIS_URL: 'redis://redis.hookgraph.invalid:6379' });
  expect(row('REDIS', 'connection')).toMatchObject({ found: expect.stringContaining('the name does not resolve') });
});

test.each(['redis:', 'rediss:'])('a %s that is silent is a failure in time', async (protocol) => {
  const { baseUrl } = await startFaultUpstream(() => {});
  const environment = { REDIS_URL: baseUrl.replace('http:', protocol), CONNECT_TIMEOUT_MS: '300' };
  const { result, runningMs } = await measured(() => check(environment));
  const { row } = result;
  expect(runningMs).toBeLessThan(2_000);
  expect(row('REDIS', 'connection')).toMatchObject({ status: 'failed', found: expect.stringContaining('in time') });
});

describeWithRedis('a real Redis', () => {
  test('is told by version and delay', async () => {
    const { url } = await startRedis();
    const { exitCode, row } = await check({ REDIS_URL: url });
    expect(exitCode).toBe(0);
    expect(row('REDIS', 'connection')).toMatchObject({
      status: 'ok',
      found: expect.stringMatching(
        /^Redis \d+\.\d+\.\d+ at redis:\/\/127\.0\.0\.1:\d+ lets us in and answers after \d+ ms$/,
      ),
    });
  });

  test('lets us in by password, which is never shown', async () => {
    const { url } = await startRedis({ password: 'canary-redis-4b1c' });
    expect((await check({ REDIS_URL: url })).row('REDIS', 'connection').status).toBe('ok');
    expect(await table({ REDIS_URL: url })).not.toContain('canary-redis-4b1c');
  });

  test.each([
    ['a wrong password', (url: string) => url.replace(':canary-redis-4b1c@', ':canary-wrong-77@')],
    ['a user that there is not', (url: string) => url.replace(':canary-redis-4b1c@', 'nobody:canary-wrong-77@')],
    ['no password', (url: string) => url.replace(':canary-redis-4b1c@', '')],
  ])('refuses %s', async (_what, change) => {
    const { url } = await startRedis({ password: 'canary-redis-4b1c' });
    const { exitCode, row, text } = await check({ REDIS_URL: change(url) });
    expect(exitCode).toBe(1);
    expect(row('REDIS', 'connection')).toMatchObject({
      status: 'failed',
      found: expect.stringMatching(/ refuses: (WRONGPASS|NOAUTH) /),
      remedy: 'Check user and password in REDIS_URL.',
    });
    expect(text).not.toMatch(/canary/);
  });

  test('that has fewer databases than the address names is a failure that says so', async () => {
    const { url } = await startRedis();
    const { row } = await check({ REDIS_URL: `${url}/99` });
    expect(row('REDIS', 'connection')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('refuses: ERR DB index is out of range'),
      remedy: expect.stringContaining('Name a database in REDIS_URL that this Redis has'),
    });
  });

  test('that lets a user in and refuses scripts is a failure that says what to allow', async () => {
    const { url, client } = await startRedis();
    await client.call('ACL', 'SETUSER', 'guest', 'on', '>guest-password', '+ping', '+info');
    const { row } = await check({ REDIS_URL: url.replace('redis://', 'redis://guest:guest-password@') });
    expect(row('REDIS', 'connection')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('refuses: NOPERM'),
      remedy: expect.stringContaining('docs/several-instances.md'),
    });
  });

  test('is content with the rights that docs/several-instances.md lists', async () => {
    const page = readFileSync('docs/several-instances.md', 'utf8');
    const [, rights = ''] = /ACL SETUSER hookgraph on >secret (.+)/.exec(page) ?? [];
    const { url, client } = await startRedis();
    await client.call('ACL', 'SETUSER', 'hookgraph', 'on', '>secret', ...rights.split(' '));
    const { row } = await check({ REDIS_URL: url.replace('redis://', 'redis://hookgraph:secret@') });
    expect(row('REDIS', 'connection').status).toBe('ok');
  });

  test('that hangs is a failure in time', async () => {
    const { url, hang, goOn } = await startRedis();
    hang();
    try {
      const { row } = await check({ REDIS_URL: url, CONNECT_TIMEOUT_MS: '300' });
      expect(row('REDIS', 'connection')).toMatchObject({ status: 'failed', found: expect.stringContaining('in time') });
    } finally {
      goOn();
    }
  });
});
