import { createServer } from 'node:net';

/** A loopback port on which nothing listens at the moment: for what cannot tell which one it has picked. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  return address.port;
}
