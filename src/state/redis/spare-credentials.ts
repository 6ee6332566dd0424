import type { Redis } from 'ioredis';

/** How a Redis that asks for no password, or knows no users (5 and older), answers to AUTH. */
const SPARE = /no password is set|without any password configured|wrong number of arguments for 'auth'/;

/**
 * Hands on that Redis does not want the credentials of the address, which goes on without them. The library would print
 * that itself, at each connection, where a log is read by machines; so it would that a user may not ask INFO, which
 * nobody needs.
 */
export function watchSpareCredentials(redis: Redis, onSpare: (error: Error) => void): void {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, stream) => {
    const { name, reject } = command;
    if (name === 'auth') {
      command.reject = (error) => {
        if (!SPARE.test(error.message)) return reject(error);
        command.resolve('OK');
        onSpare(error);
      };
    } else if (name === 'info') {
      command.reject = (error) => (error.message.startsWith('NOPERM') ? command.resolve('') : reject(error));
    }
    return send(command, stream);
  };
}
