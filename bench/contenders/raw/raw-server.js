import { createServer } from 'node:http';
import { listenAndAnnounce } from '../announce.js';

/**
 * A plain node:http server: no framework, no GraphQL. Serves until the process ends.
 * @param {(request: import('node:http').IncomingMessage, body: string) => Promise<string | Buffer>} answer
 */
export function serve(answer) {
  const server = createServer(async (request, response) => {
    try {
      const body = await answer(request, await readBody(request));
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      response.end(body);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  listenAndAnnounce(server);
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<string>}
 */
function readBody(request) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
    request.on('error', reject);
  });
}
