import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerText } from '../upstream/answers.js';
import { graphqlData, graphqlRequest } from './graphql-contender.js';
import { hiveExpected, hiveRequest, readHiveAnswer } from './peers/hive-questions.js';

/** @typedef {import('../workloads.js').Workload} Workload */

/**
 * A request as the load sends it.
 * @typedef {object} LoadRequest
 * @property {'GET' | 'POST'} method
 * @property {string} path
 * @property {Readonly<Record<string, string>>} headers
 * @property {string | null} body
 */

/**
 * One of those that are compared: how its process starts, how it is asked, and what of its answer is compared with what.
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} script the file to run
 * @property {Readonly<Record<string, string>>} environment beyond where the upstreams are and their credentials
 * @property {(workload: Workload, index: number, client: number) => LoadRequest} request number `index`, sent by the
 *   connection number `client`
 * @property {(workload: Workload, body: string) => unknown} read the part of an answer that must be right
 * @property {(workload: Workload, index: number) => unknown} expected what it must be
 */

export const RAW_PASS = 'raw-pass';
export const RAW_PROJECT = 'raw-project';
export const HOOKGRAPH_UNSHARED = 'hookgraph-unshared';
export const HOOKGRAPH_BEFORE = 'hookgraph-before';

const API_KEY = 'hg_of-the-bench-and-of-nothing-else';

/**
 * All contenders. `gateway` is the checkout whose build is measured, `before` another one to compare it with.
 * @param {string} gateway
 * @param {string | undefined} before
 * @returns {readonly Contender[]}
 */
export function allContenders(gateway, before) {
  return [
    {
      name: RAW_PASS,
      script: here('./raw/raw-pass.js'),
      environment: {},
      request: (workload, index) => ({
        method: workload.method,
        path: `/${workload.name}/${index}`,
        headers: {},
        body: null,
      }),
      read: (_workload, body) => body,
      expected: (workload, index) => workload.upstream(index).flat().map(answerText).join(''),
    },
    graphqlContender(RAW_PROJECT, here('./raw/raw-project.js')),
    hookgraph('hookgraph', gateway),
    {
      // Each connection is a tenant with credentials of its own, so that no two share an upstream call. The queue holds
      // what 128 of them ask for at once, where the default refuses some.
      ...hookgraph(HOOKGRAPH_UNSHARED, gateway, {
        GATEWAY_FORWARD_CREDENTIALS: 'true',
        UPSTREAM_MAX_QUEUE: '10000',
      }),
      request: (workload, index, client) =>
        graphqlRequest(workload, index, {
          ...callerHeaders,
          'x-personio-authorization': `Bearer personio-token-of-tenant-${client}`,
          'x-trulayer-authorization': `Bearer trulayer-key-of-tenant-${client}`,
        }),
    },
    ...(before === undefined ? [] : [hookgraph(HOOKGRAPH_BEFORE, before)]),
    graphqlContender('mercurius', here('./peers/mercurius.js')),
    graphqlContender('apollo-server', here('./peers/apollo-server.js')),
    {
      name: 'hive-gateway',
      script: here('./peers/hive-gateway.js'),
      environment: {},
      request: hiveRequest,
      read: readHiveAnswer,
      expected: hiveExpected,
    },
  ];
}

/**
 * Whether it is the product.
 * @param {Contender} contender
 */
export function isHookgraph({ name }) {
  return name.startsWith('hookgraph');
}

/**
 * Whether it needs what bench/package.json asks for.
 * @param {Contender} contender
 */
export function isPeer(contender) {
  return !isHookgraph(contender) && contender.name !== RAW_PASS && contender.name !== RAW_PROJECT;
}

const callerHeaders = { authorization: `Bearer ${API_KEY}` };

/**
 * The product as it is run in production: every plugin and limit on, a key checked on each request. Only the rate limit
 * is out of reach, since one caller sends everything here.
 * @param {string} name
 * @param {string} gateway
 * @param {Readonly<Record<string, string>>} [environment]
 * @returns {Contender}
 */
function hookgraph(name, gateway, environment = {}) {
  const hash = createHash('sha256').update(API_KEY).digest('hex');
  return {
    ...graphqlContender(name, join(gateway, 'dist', 'main.js')),
    environment: {
      GATEWAY_API_KEYS: `bench:${hash}:webhooks:read+webhooks:test`,
      RATE_LIMIT_COST: '1000000000',
      ...environment,
    },
    request: (workload, index) => graphqlRequest(workload, index, callerHeaders),
  };
}

/**
 * One that is asked by GraphQL in our schema, and needs no key.
 * @param {string} name
 * @param {string} script
 * @returns {Contender}
 */
function graphqlContender(name, script) {
  return {
    name,
    script,
    environment: {},
    request: (workload, index) => graphqlRequest(workload, index, {}),
    read: (_workload, body) => graphqlData(body),
    expected: (workload, index) => workload.expected(index),
  };
}

/** @param {string} path */
function here(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}
