// What one would write by hand for exactly these five questions: it reads the same request as a GraphQL server, parses the
// upstreams' answers, picks the fields and writes the same response, but knows no GraphQL: `operationName` chooses a
// function.
import { callUpstream, serve } from './raw-server.js';

/** @typedef {Record<string, unknown>} Row */
/** @typedef {{ readonly id: string, readonly first: number, readonly activities: number }} Variables */

/** @type {Record<string, (variables: Variables) => Promise<unknown>>} */
const OPERATIONS = { OneWebhook, WebhookWithActivity, FiftyWebhooks, TwentyWithActivity, Ping };

serve(async (_request, body) => {
  const { operationName, variables } = JSON.parse(body);
  const data = await OPERATIONS[operationName]?.(variables);
  return JSON.stringify({ data });
});

/** @param {Variables} variables */
async function OneWebhook({ id }) {
  return { webhook: fromPersonio(await read(`/v2/webhooks/${providerId(id)}`)) };
}

/** @param {Variables} variables */
async function WebhookWithActivity({ id, activities }) {
  const path = `/v2/webhooks/${providerId(id)}`;
  const [row, activity] = await Promise.all([read(path), readActivity(providerId(id), activities)]);
  return { webhook: { ...fromPersonio(row), activity } };
}

/** @param {Variables} variables */
async function FiftyWebhooks({ first }) {
  const { personio, trulayer, hasNextPage } = await readLists(first);
  const nodes = [...personio.map(fromPersonio), ...trulayer.map(fromTruLayer)];
  return { webhooks: connection(nodes, hasNextPage) };
}

/** @param {Variables} variables */
async function TwentyWithActivity({ first, activities }) {
  const { personio, hasNextPage } = await readLists(first);
  const nodes = await Promise.all(
    personio.map(async (row) => {
      const activity = await readActivity(String(row.id), activities);
      return { ...fromPersonio(row), activity };
    }),
  );
  return { webhooks: connection(nodes, hasNextPage) };
}

/** @param {Variables} variables */
async function Ping({ id }) {
  const row = await read(`/v2/webhooks/${providerId(id)}/ping`, 'POST');
  const { redeliveryId: _, ...delivery } = fromActivity(row);
  return { pingWebhook: { webhookId: id, delivery } };
}

/** @param {number} first */
async function readLists(first) {
  const [{ _data: rows, _meta }, { webhooks }] = await Promise.all([
    read(`/v2/webhooks?limit=${first}`),
    read('/v1/webhooks'),
  ]);
  const personio = /** @type {readonly Row[]} */ (rows);
  const trulayer = /** @type {readonly Row[]} */ (webhooks);
  const taken = trulayer.slice(0, first - personio.length);
  return { personio, trulayer: taken, hasNextPage: hasNext(_meta) || taken.length < trulayer.length };
}

/**
 * @param {string} id
 * @param {number} count
 */
async function readActivity(id, count) {
  const { _data: rows, _meta } = await read(`/v2/webhooks/${id}/activity?limit=${count}`);
  return connection(/** @type {readonly Row[]} */ (rows).map(fromActivity), hasNext(_meta));
}

/**
 * @param {string} path
 * @param {'GET' | 'POST'} [method]
 * @returns {Promise<Row>}
 */
async function read(path, method) {
  return JSON.parse((await callUpstream(path, method)).toString());
}

/** @param {unknown} meta */
function hasNext(meta) {
  return /** @type {{ links: { next?: unknown } }} */ (meta).links.next !== undefined;
}

/** @param {string} globalId */
function providerId(globalId) {
  return Buffer.from(globalId, 'base64url').toString().split(':')[2] ?? '';
}

/**
 * @param {string} provider
 * @param {unknown} id
 */
function globalId(provider, id) {
  return Buffer.from(`Webhook:${provider}:${id}`).toString('base64url');
}

/** @param {Row} row */
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

/** @param {Row} row */
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

/** @param {Row} row */
function fromActivity(row) {
  return {
    completedAt: row.completed_at,
    eventName: row.event_name,
    isDelivered: row.is_delivered,
    attempts: row.attempts,
    statusCode: row.status_code,
    outcome: outcome(row),
    redeliveryId: row.redelivery_id,
  };
}

/** @param {Row} row */
function outcome({ is_delivered: isDelivered, status_code: statusCode }) {
  if (isDelivered) return 'DELIVERED';
  if (typeof statusCode !== 'number') return 'NO_RESPONSE';
  return statusCode >= 500 ? 'SERVER_ERROR' : 'CLIENT_ERROR';
}

/**
 * @param {readonly unknown[]} nodes
 * @param {boolean} hasNextPage
 */
function connection(nodes, hasNextPage) {
  const endCursor = Buffer.from(String(nodes.length)).toString('base64url');
  return { edges: nodes.map((node) => ({ node })), pageInfo: { hasNextPage, endCursor } };
}
