/**
 * Lets a server listen on a free port of loopback, and tells the process that started this one where.
 * @param {import('node:http').Server} server
 */
export function listenAndAnnounce(server) {
  server.keepAliveTimeout = 600_000;
  server.listen({ host: '127.0.0.1', port: 0 }, () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The contender has no port.');
    process.send?.({ url: `http://127.0.0.1:${address.port}` });
  });
}
