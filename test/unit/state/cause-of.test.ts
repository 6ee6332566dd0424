import { expect, test } from 'vitest';
import { causeOf } from '../../../src/state/redis/cause-of.ts';

const URL_OF_REDIS = 'redis://canary-user:p%2Fw%20canary@redis.example:6379';

// What a server without AUTH says, or a proxy that does not know it: it quotes what was sent.
test.each([
  "ERR unknown command 'AUTH', with args beginning with: 'canary-user' 'p/w canary' ",
  'connect ENOENT redis://canary-user:p%2Fw%20canary@redis.example:6379',
])('the cause that the log tells of a Redis holds neither user nor password: %s', (message) => {
  const cause = causeOf(new Error(message), URL_OF_REDIS);
  expect(cause).toContain('…');
  expect(cause).not.toMatch(/canary|p\/w|p%2Fw/);
});
