// What both raw contenders share: a plain node:http server, and undici towards the upstreams. No framework, no GraphQL.
import { createServer } from 'node:http';
import { Pool } from 'undici';

/** @typedef {(path: string, method?: 'GET' | 'POST') => Promise<Buffer>} CallUpstream */
/** @typedef {(request: import('node:http').IncomingMessage, body: string) => Promise<string | Buffer>} Answer */

const CONNECTIONS = 64;

/**
 * Calls the upstream to which a path belongs, and gives the bytes of its answer.
 * @type {CallUpstream}
 */
export const callUpstream = createCaller();

/**
 * Serves until the process ends, and tells the process that started it where.
 * @param {Answer} answer
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
  server.keepAliveTimeout = 600_000;
  server.listen({ host: '127.0.0.1', port: 0 }, () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The contender has no port.');
    process.send?.({ url: `http://127.0.0.1:${address.port}` });
  });
}

/** @returns {CallUpstream} */
function createCaller() {
  const personio = createUpstream(process.env.PERSONIO_BASE_URL, process.env.PERSONIO_ACCESS_TOKEN);
  const trulayer = createUpstream(process.env.TRULAYER_BASE_URL, process.env.TRULAYER_API_KEY);
  return async (path, method = 'GET') => {
    const { pool, headers } = path.startsWith('/v1/') ? trulayer : personio;
    const { statusCode, body } = await pool.request({ path, method, headers });
    const bytes = Buffer.from(await body.arrayBuffer());
    if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
    return bytes;
  };
}

/**
 * @param {string | undefined} baseUrl
 * @param {string | undefined} token
 */
function createUpstream(baseUrl = '', token = '') {
  return {
    pool: new Pool(baseUrl, { connections: CONNECTIONS }),
    headers: { accept: 'application/json', authorization: `Bearer ${token}` },
  };
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
