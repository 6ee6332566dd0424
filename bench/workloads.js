// The questions that every contender is asked, and what is right to answer.
import {
  activityRows,
  personioId,
  personioWebhook,
  personioWebhooks,
  pingResult,
  trulayerWebhooks,
} from './upstream/rows.js';

/** How many webhooks are asked for by id: more than are ever in flight, so that none is asked for twice at once. */
const WEBHOOKS_BY_ID = 256;

const WEBHOOK_FIELDS = 'id provider providerId url description status enabledEvents createdAt updatedAt';
const ACTIVITY_FIELDS = 'completedAt eventName isDelivered attempts statusCode outcome redeliveryId';

/**
 * @typedef {object} Workload
 * @property {string} name
 * @property {string} title as a table shows it
 * @property {string} query the GraphQL document
 * @property {(index: number) => Record<string, unknown>} variables of the request number `index`
 * @property {(index: number) => readonly (readonly string[])[]} upstream the upstream paths of that request: each inner
 *   list goes out at once, when the one before is answered
 * @property {'GET' | 'POST'} method of the last of them
 * @property {(index: number) => unknown} expected the right `data`, with `endCursor` as whether there is one
 */

/** @type {readonly Workload[]} */
export const WORKLOADS = [
  {
    name: 'webhook',
    title: 'one webhook',
    query: `query OneWebhook($id: ID!) { webhook(id: $id) { ${WEBHOOK_FIELDS} } }`,
    variables: (index) => ({ id: globalId('PERSONIO', personioId(numberOf(index))) }),
    upstream: (index) => [[`/v2/webhooks/${personioId(numberOf(index))}`]],
    method: 'GET',
    expected: (index) => ({ webhook: fromPersonio(personioWebhook(numberOf(index))) }),
  },
  activityWorkload(100),
  {
    name: '50-webhooks',
    title: '50 webhooks',
    query: `query FiftyWebhooks($first: Int!) {
      webhooks(first: $first) { edges { node { ${WEBHOOK_FIELDS} } } pageInfo { hasNextPage endCursor } }
    }`,
    variables: () => ({ first: 50 }),
    upstream: () => [['/v2/webhooks?limit=50', '/v1/webhooks']],
    method: 'GET',
    expected: () => ({
      webhooks: connection([...personioWebhooks().map(fromPersonio), ...trulayerWebhooks().map(fromTruLayer)], false),
    }),
  },
  listWithActivityWorkload(10),
  {
    name: 'ping',
    title: 'ping',
    query: `mutation Ping($id: ID!) {
      pingWebhook(input: { id: $id }) {
        webhookId
        delivery { eventName completedAt isDelivered attempts statusCode outcome }
      }
    }`,
    variables: (index) => ({ id: globalId('PERSONIO', personioId(numberOf(index))) }),
    upstream: (index) => [[`/v2/webhooks/${personioId(numberOf(index))}/ping`]],
    method: 'POST',
    expected: (index) => {
      const { redeliveryId: _, ...delivery } = fromActivity({ ...pingResult(), redelivery_id: null });
      return { pingWebhook: { webhookId: globalId('PERSONIO', personioId(numberOf(index))), delivery } };
    },
  },
];

/**
 * One webhook with the newest `count` entries of its delivery log.
 * @param {number} count
 * @returns {Workload}
 */
export function activityWorkload(count) {
  return {
    name: `webhook-${count}-activities`,
    title: `one webhook + ${count} activities`,
    query: `query WebhookWithActivity($id: ID!, $activities: Int!) {
      webhook(id: $id) {
        ${WEBHOOK_FIELDS}
        activity(first: $activities) { edges { node { ${ACTIVITY_FIELDS} } } pageInfo { hasNextPage endCursor } }
      }
    }`,
    variables: (index) => ({ id: globalId('PERSONIO', personioId(numberOf(index))), activities: count }),
    upstream: (index) => {
      const path = `/v2/webhooks/${personioId(numberOf(index))}`;
      return [[path, `${path}/activity?limit=${count}`]];
    },
    method: 'GET',
    expected: (index) => ({
      webhook: {
        ...fromPersonio(personioWebhook(numberOf(index))),
        activity: connection(activityRows(numberOf(index), count).map(fromActivity), true),
      },
    }),
  };
}

/**
 * Twenty webhooks with the newest `count` entries of each delivery log.
 * @param {number} count
 * @returns {Workload}
 */
export function listWithActivityWorkload(count) {
  const webhooks = personioWebhooks().slice(0, 20);
  // Written down once: raw-pass shall spend nothing on it.
  const upstream = [
    ['/v2/webhooks?limit=20', '/v1/webhooks'],
    webhooks.map(({ id }) => `/v2/webhooks/${id}/activity?limit=${count}`),
  ];
  return {
    name: `20-webhooks-${count}-activities`,
    title: `20 webhooks × ${count} activities`,
    query: `query TwentyWithActivity($first: Int!, $activities: Int!) {
      webhooks(first: $first) {
        edges { node {
          ${WEBHOOK_FIELDS}
          activity(first: $activities) { edges { node { ${ACTIVITY_FIELDS} } } pageInfo { hasNextPage endCursor } }
        } }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    variables: () => ({ first: 20, activities: count }),
    upstream: () => upstream,
    method: 'GET',
    expected: () => ({
      webhooks: connection(
        webhooks.map((row, index) => ({
          ...fromPersonio(row),
          activity: connection(activityRows(index + 1, count).map(fromActivity), true),
        })),
        true,
      ),
    }),
  };
}

/** Just below what LIMIT_COST lets through. */
export const LARGEST_WORKLOAD = listWithActivityWorkload(80);

/**
 * The same list under a document that no other number has, with other fields each time.
 * @param {number} number
 * @returns {Workload}
 */
export function distinctWorkload(number) {
  const fields = WEBHOOK_FIELDS.split(' ').filter((_, place) => ((number >> place) & 1) === 0);
  const query = `query Distinct${number} {
    webhooks(first: 10) { edges { node { id alias${number}: url ${fields.join(' ')} } } pageInfo { hasNextPage } }
  }`;
  return {
    name: 'distinct-documents',
    title: 'distinct documents',
    query,
    variables: () => ({}),
    upstream: () => [['/v2/webhooks?limit=10', '/v1/webhooks']],
    method: 'GET',
    expected: () => undefined,
  };
}

const KNOWN = new Map(WORKLOADS.map((workload) => [workload.name, workload]));

/**
 * The workload of a name: one of the five, or one webhook with another number of activities. Throws where there is none.
 * @param {string} name
 * @returns {Workload}
 */
export function workloadNamed(name) {
  const count = /^webhook-(\d+)-activities$/.exec(name)?.[1];
  const workload = KNOWN.get(name) ?? (count === undefined ? undefined : activityWorkload(Number(count)));
  if (!workload) throw new Error(`There is no workload «${name}»; there are: ${[...KNOWN.keys()].join(', ')}`);
  KNOWN.set(name, workload);
  return workload;
}

/**
 * The upstream calls of one request.
 * @param {Workload} workload
 */
export function upstreamCalls(workload) {
  return workload.upstream(0).flat().length;
}

/**
 * The gateway's global id: its contract, written down a second time so that an error in it is seen.
 * @param {string} provider
 * @param {string} providerId
 */
export function globalId(provider, providerId) {
  return Buffer.from(`Webhook:${provider}:${providerId}`).toString('base64url');
}

/** @param {number} index */
function numberOf(index) {
  return 1 + (index % WEBHOOKS_BY_ID);
}

/** @param {import('./upstream/rows.js').PersonioWebhook} row */
function fromPersonio(row) {
  return {
    id: globalId('PERSONIO', row.id),
    provider: 'PERSONIO',
    providerId: row.id,
    url: row.url,
    description: row.description,
    status: row.status,
    enabledEvents: row.enabled_events,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** @param {import('./upstream/rows.js').TruLayerWebhook} row */
function fromTruLayer(row) {
  return {
    id: globalId('TRULAYER', row.id),
    provider: 'TRULAYER',
    providerId: row.id,
    url: row.url,
    description: null,
    status: row.enabled ? 'ENABLED' : 'DISABLED',
    enabledEvents: row.events,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** @param {import('./upstream/rows.js').ActivityRow} row */
function fromActivity(row) {
  return {
    completedAt: row.completed_at,
    eventName: row.event_name,
    isDelivered: row.is_delivered,
    attempts: row.attempts,
    statusCode: row.status_code,
    outcome: outcome(row.is_delivered, row.status_code),
    redeliveryId: row.redelivery_id,
  };
}

/**
 * @param {boolean} isDelivered
 * @param {number | null} statusCode
 */
function outcome(isDelivered, statusCode) {
  if (isDelivered) return 'DELIVERED';
  if (statusCode === null) return 'NO_RESPONSE';
  return statusCode >= 500 ? 'SERVER_ERROR' : 'CLIENT_ERROR';
}

/**
 * @param {readonly unknown[]} nodes
 * @param {boolean} hasNextPage
 */
function connection(nodes, hasNextPage) {
  return { edges: nodes.map((node) => ({ node })), pageInfo: { hasNextPage, endCursor: true } };
}
