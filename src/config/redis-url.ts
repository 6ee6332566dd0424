import { percentDecoded } from './percent-decoded.ts';
import { unfitAddress, type Variable } from './variable.ts';

/** Where the Redis is that instances share, with its credentials if it asks for any; a secret as a whole. */
export const redisUrlVariable: Variable<string | undefined> = {
  name: 'REDIS_URL',
  help: 'what several instances share: access tokens, rate limits, live tails; rediss:// for TLS',
  secretsOf: (text) => {
    const password = URL.canParse(text) ? new URL(text).password : '';
    return [text, password, percentDecoded(password) ?? ''].filter((secret) => secret !== '');
  },
  parse: (text) => {
    if (text === undefined) return undefined;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isRedis = url && /^rediss?:$/.test(url.protocol) && url.hostname !== '' && /^\/?\d*$/.test(url.pathname);
    // A query would set options of the client library.
    if (isRedis && [url.username, url.password].some((part) => percentDecoded(part) === undefined)) {
      throw unfitAddress(
        'REDIS_URL',
        text,
        'an address whose user and password are percent-encoded: %25 stands for a % in them',
      );
    }
    if (isRedis && url.search === '' && url.hash === '') return text;
    throw unfitAddress(
      'REDIS_URL',
      text,
      'an address such as redis://user:password@redis.example:6379/0, or rediss:// for TLS, without a query',
    );
  },
};
