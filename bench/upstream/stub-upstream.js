// Both upstreams in one process, each on a port of its own: bytes made once, answered at once or after a delay.
// Speaks with the process that forked it: see upstream.js.
import { createServer } from 'node:http';
import { answerText } from './answers.js';

/** @type {Map<string, Buffer>} */
const bodies = new Map();
let delayMs = 0;
let calls = { personio: 0, trulayer: 0 };

const personio = await listen('personio');
const trulayer = await listen('trulayer');
process.on('message', (/** @type {{ readonly delayMs?: number }} */ message) => {
  if (message.delayMs !== undefined) delayMs = message.delayMs;
  process.send?.({ calls });
  calls = { personio: 0, trulayer: 0 };
});
process.on('disconnect', () => process.exit());
process.send?.({ personio, trulayer });

/**
 * @param {keyof typeof calls} provider
 * @returns {Promise<string>}
 */
function listen(provider) {
  const server = createServer((request, response) => {
    calls[provider] += 1;
    request.resume();
    if (delayMs === 0) return reply(request, response);
    setTimeout(reply, delayMs, request, response);
  });
  server.keepAliveTimeout = 600_000;
  return new Promise((resolve) =>
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('The stub has no port.');
      resolve(`http://127.0.0.1:${address.port}`);
    }),
  );
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function reply({ url = '' }, response) {
  const body = bodyOf(url);
  if (body === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, ['content-type', 'application/json', 'content-length', String(body.length)]);
  response.end(body);
}

/** @param {string} target */
function bodyOf(target) {
  const known = bodies.get(target);
  if (known) return known;
  const text = answerText(target);
  if (text === undefined) return undefined;
  const body = Buffer.from(text);
  bodies.set(target, body);
  return body;
}
