import { Pool } from 'undici';

const CONNECTIONS = 64;
const personio = createUpstream(process.env.PERSONIO_BASE_URL, process.env.PERSONIO_ACCESS_TOKEN);
const trulayer = createUpstream(process.env.TRULAYER_BASE_URL, process.env.TRULAYER_API_KEY);

/**
 * Calls the upstream to which a path belongs, and gives the bytes of its answer.
 * @param {string} path
 * @param {'GET' | 'POST'} [method]
 * @returns {Promise<Buffer>}
 */
export async function callUpstream(path, method = 'GET') {
  const { pool, headers } = path.startsWith('/v1/') ? trulayer : personio;
  const { statusCode, body } = await pool.request({ path, method, headers });
  const bytes = Buffer.from(await body.arrayBuffer());
  if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
  return bytes;
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
