import { beforeAll, expect, test } from 'vitest';
import { build, runGateway } from '../support/executable.ts';
import { describeWithRedis, startRedis } from '../support/redis-server.ts';

describeWithRedis('a Redis that does not want the credentials of REDIS_URL', () => {
  beforeAll(build, 120_000);

  test('is used without a password, and the log says so once, in its own form', async () => {
    const redis = await startRedis();
    const url = redis.url.replace('redis://', 'redis://:canary-password-5d@');
    const gateway = await runGateway({ REDIS_URL: url, LOG_FORMAT: 'json' });
    const lines = () => gateway.log().filter(({ msg }) => String(msg).startsWith('Redis'));
    await expect.poll(lines).toHaveLength(1);
    expect(lines()).toMatchObject([
      {
        level: 40,
        cause: expect.stringContaining('without any password configured'),
        msg: 'Redis does not want the credentials of REDIS_URL: it is used without',
      },
    ]);
    // The same happens at each connection.
    await redis.kill();
    await expect.poll(() => lines().length, { timeout: 10_000 }).toBe(2);
    await redis.start();
    await expect.poll(() => lines().map(({ level }) => level), { timeout: 10_000 }).toEqual([40, 40, 30]);
    expect(gateway.written()).not.toMatch(/\[WARN\]|canary/);
  });

  test('or does not let their user ask how it is, is used without a word', async () => {
    const redis = await startRedis();
    await redis.client.call('ACL', 'SETUSER', 'guest', 'on', '>guest-password', '~*', '&*', '+@all', '-info');
    const gateway = await runGateway({
      REDIS_URL: redis.url.replace('redis://', 'redis://guest:guest-password@'),
      LOG_FORMAT: 'json',
    });
    await expect.poll(async () => String(await redis.client.client('LIST'))).toMatch(/name=hookgraph.*user=guest/);
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    expect(gateway.log().filter(({ level }) => Number(level) > 30)).toEqual([]);
    expect(gateway.written()).not.toContain('Skipping');
  });
});
