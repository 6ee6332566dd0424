// What one would write by hand for exactly these five questions: it reads the same request as a GraphQL server, parses the
// upstreams' answers, picks the fields and writes the same response, but knows no GraphQL: `operationName` chooses a
// function.
import { callUpstream } from '../call-upstream.js';
import { connection, fromActivity, fromPersonio, fromTruLayer, providerIdIn } from '../projection.js';
import { serve } from './raw-server.js';

/** @typedef {import('../projection.js').Row} Row */
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
  return { webhook: fromPersonio(await read(`/v2/webhooks/${providerIdIn(id)}`)) };
}

/** @param {Variables} variables */
async function WebhookWithActivity({ id, activities }) {
  const path = `/v2/webhooks/${providerIdIn(id)}`;
  const [row, activity] = await Promise.all([read(path), readActivity(providerIdIn(id), activities)]);
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
  const row = await read(`/v2/webhooks/${providerIdIn(id)}/ping`, 'POST');
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
