import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config/variable.ts';
import { bindPort } from '../../src/server/bind-port.ts';

/** Binding fails as the system would make it fail; whoever runs the tests may be allowed to bind anything. */
function refusedWith(code: string) {
  const server = createServer();
  server.listen = () => {
    server.emit('error', Object.assign(new Error(`listen ${code}`), { code }));
    return server;
  };
  return server;
}

test.each(['PORT', 'METRICS_PORT'] as const)(
  'a port that is not for this user is told by the name %s',
  async (variable) => {
    const bound = bindPort(refusedWith('EACCES'), { variable, host: '127.0.0.1', port: 80 });
    await expect(bound).rejects.toThrow(
      new ConfigError(`${variable} holds "80", which this user may not bind; it should hold a port over 1023.`),
    );
  },
);

test("what is none of the operator's to mend stays what it is", async () => {
  const bound = bindPort(refusedWith('EMFILE'), { variable: 'PORT', host: '127.0.0.1', port: 80 });
  await expect(bound).rejects.toMatchObject({ code: 'EMFILE' });
});
