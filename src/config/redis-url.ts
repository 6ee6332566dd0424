import { unfitAddress, type Variable } from './variable.ts';

/** Where the Redis is that instances share, with its credentials if it asks for any; a secret as a whole. */
export const redisUrlVariable: Variable<string | undefined> = {
  name: 'REDIS_URL',
  help: 'what several instances share: access tokens, rate limits, live tails; rediss:// for TLS',
  parse: (text) => {
    if (text === undefined) return undefined;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isRedis = url && /^rediss?:$/.test(url.protocol) && url.hostname !== '' && /^\/?\d*$/.test(url.pathname);
    // A query would set options of the client library.
    if (isRedis && url.search === '' && url.hash === '') return text;
    throw unfitAddress(
      'REDIS_URL',
      text,
      'an address such as redis://user:password@redis.example:6379/0, or rediss:// for TLS, without a query',
    );
  },
};
