import { createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Connection } from '../../bench/load/connection.js';

const REQUEST = {
  method: 'POST',
  path: '/graphql',
  headers: { accept: 'application/json' },
  body: '{"query":"{ä}"}',
} as const;
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A contender that writes these pieces for each request, one after the other, and remembers what it was sent. */
async function contender(...pieces: readonly string[]) {
  const received: string[] = [];
  const server = createServer(async (socket: Socket) => {
    socket.setNoDelay(true);
    socket.on('data', async (chunk) => {
      received.push(chunk.toString());
      for (const piece of pieces) {
        if (piece === '') socket.destroy();
        else await new Promise((resolve) => socket.write(piece, () => setImmediate(resolve)));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The contender has no port.');
  const connection = new Connection(`http://127.0.0.1:${address.port}`);
  closing.push(
    () => connection.close(),
    () => server.close(),
  );
  return { connection, received, host: `127.0.0.1:${address.port}` };
}

test('a request is sent whole, and an answer that comes in pieces is read to its end', async () => {
  const { connection, received, host } = await contender(
    'HTTP/1.1 200 OK\r\nContent-Le',
    'ngth: 12\r\n\r',
    '\n{"data"',
    ':{}',
    '}\n',
  );
  expect(await connection.exchange(REQUEST, true)).toBe('{"data":{}}\n');
  expect(await connection.exchange(REQUEST, false)).toBe('');
  expect(received).toEqual(
    Array(2).fill(
      `POST /graphql HTTP/1.1\r\nhost: ${host}\r\naccept: application/json\r\ncontent-length: 16\r\n\r\n{"query":"{ä}"}`,
    ),
  );
});

test.each([
  [
    'another status than 200',
    'HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy',
    '/graphql: answered HTTP/1.1 503 Busy',
  ],
  [
    'errors',
    'HTTP/1.1 200 OK\r\ncontent-length: 25\r\n\r\n{"errors":[{"message":1}]',
    '/graphql: answered {"errors":[{"message":1}]',
  ],
  [
    'no length',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    '/graphql: answered without a content-length:\nHTTP/1.1 200 OK',
  ],
  ['nothing, and leaves', '', '/graphql: the connection was closed'],
])('an answer is not counted that has %s', async (_what, answer, why) => {
  const { connection } = await contender(answer);
  await expect(connection.exchange(REQUEST, false)).rejects.toThrow(why);
});
