import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { listenWithStubs } from '../support/listening-gateway.ts';

/** A query of this many bytes, with its blanks where JSON may have them. */
function queryOf(bytes: number): string {
  const query = '{"query":"{ __typename }"';
  return `${query}${' '.repeat(bytes - query.length - 1)}}`;
}

/** A request with that body in chunks of these sizes by turns, as it goes over the wire. */
function inChunks(body: string, sizes: readonly number[]): Buffer {
  const chunks: string[] = [];
  for (let at = 0; at < body.length; ) {
    const chunk = body.slice(at, at + (sizes[chunks.length % sizes.length] ?? 1));
    chunks.push(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    at += chunk.length;
  }
  return Buffer.from(
    'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n' +
      `Transfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`,
  );
}

/** Sends all of it at once, and resolves with everything that comes back. */
async function exchange(url: string, bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  return text(socket);
}

test.each([
  ['of one byte', [1]],
  ['that are small and large by turns', [1, 5_000, 3, 4_000, 20_000, 8_191, 8_192, 2]],
  ['of which none is small', [65_536]],
])('a body in chunks %s is read as a whole', async (_how, sizes) => {
  const gateway = await listenWithStubs();
  const answer = await exchange(gateway.url, inChunks(queryOf(200_000), sizes));
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).toContain('{"data":{"__typename":"Query"}}');
});

test('a body over the limit is refused in chunks of one byte too', async () => {
  const gateway = await listenWithStubs({ environment: { LIMIT_BODY_BYTES: '100000' } });
  expect(await exchange(gateway.url, inChunks(queryOf(100_001), [1]))).toMatch(/^HTTP\/1\.1 413 /);
});

test('a body in chunks of one byte takes hardly more memory than what is in it', async () => {
  const gateway = await listenWithStubs();
  await exchange(gateway.url, inChunks(queryOf(10_000), [1]));
  const bytes = inChunks(queryOf(990_000), [1]);
  const before = process.resourceUsage().maxRSS;
  expect(await exchange(gateway.url, bytes)).toMatch(/^HTTP\/1\.1 200 /);
  // In kB. A buffer for each byte was hundreds of MB.
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(100_000);
}, 60_000);
