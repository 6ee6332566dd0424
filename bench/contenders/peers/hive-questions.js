// The workloads in the schema that Mesh makes of the OpenAPI files, and its answers in the shape of ours.
import { graphqlData, graphqlRequest } from '../graphql-contender.js';
import { connection, fromActivity, fromPersonio, fromTruLayer, providerIdIn } from '../projection.js';

/** @typedef {import('../projection.js').Row} Row */
/** @typedef {import('../../workloads.js').Workload} Workload */

const WEBHOOK_FIELDS = 'id url description status enabled_events created_at updated_at';
const TRULAYER_FIELDS = 'id url events enabled created_at updated_at';
const TEST_FIELDS = 'completed_at event_name is_delivered attempts status_code';
const META = '_meta { links }';
const ACTIVITY = `_data { ${TEST_FIELDS} redelivery_id } ${META}`;

/** @type {Readonly<Record<string, string>>} */
const QUERIES = {
  webhook: `query OneWebhook($id: String!) { webhook: Personio_getWebhook(id: $id) { ${WEBHOOK_FIELDS} } }`,
  'webhook-activities': `query WebhookWithActivity($id: String!, $activities: PositiveInt!) {
    webhook: Personio_getWebhook(id: $id) { ${WEBHOOK_FIELDS} }
    activity: Personio_listWebhookActivity(id: $id, limit: $activities) { ${ACTIVITY} }
  }`,
  '50-webhooks': `query FiftyWebhooks($first: PositiveInt!) {
    personio: Personio_listWebhooks(limit: $first) { _data { ${WEBHOOK_FIELDS} } ${META} }
    trulayer: TruLayer_listWebhooks { webhooks { ${TRULAYER_FIELDS} } }
  }`,
  '20-webhooks-10-activities': `query TwentyWithActivity($first: PositiveInt!, $activities: PositiveInt!) {
    personio: Personio_listWebhooks(limit: $first) {
      _data { ${WEBHOOK_FIELDS} activity(limit: $activities) { ${ACTIVITY} } }
      ${META}
    }
    trulayer: TruLayer_listWebhooks { webhooks { id } }
  }`,
  ping: `mutation Ping($id: String!) { delivery: Personio_pingWebhook(id: $id) { ${TEST_FIELDS} } }`,
};

/**
 * The request of a workload: the providers' own ids, since it has no others.
 * @param {Workload} workload
 * @param {number} index
 */
export function hiveRequest(workload, index) {
  const variables = () => {
    const { id, ...others } = workload.variables(index);
    return typeof id === 'string' ? { id: providerIdIn(id), ...others } : others;
  };
  return graphqlRequest(
    { ...workload, query: QUERIES[workload.name.replace(/^webhook-\d+-/, 'webhook-')] ?? '', variables },
    index,
    {},
  );
}

/**
 * The data of an answer as our schema shapes it, from the upstreams' members that it must hold.
 * @param {Workload} workload
 * @param {string} body
 */
export function readHiveAnswer({ name }, body) {
  graphqlData(body);
  const { webhook, activity, personio, trulayer, delivery } = /** @type {Record<string, Row>} */ (
    JSON.parse(body).data
  );
  return normalised(answer());

  function answer() {
    if (delivery) {
      const { redeliveryId: _, ...fields } = fromActivity(delivery);
      return { pingWebhook: { delivery: fields } };
    }
    if (webhook) {
      return { webhook: { ...fromPersonio(webhook), ...(activity && { activity: page(activity, fromActivity) }) } };
    }
    if (name === '50-webhooks') {
      const list = page(personio ?? {}, fromPersonio);
      return { webhooks: { ...list, edges: [...list.edges, ...rows(trulayer?.webhooks).map(fromTruLayer).map(edge)] } };
    }
    return {
      webhooks: page(personio ?? {}, (row) => ({
        ...fromPersonio(row),
        activity: page(/** @type {Row} */ (row.activity), fromActivity),
      })),
    };
  }
}

/**
 * What must be in it: all that is expected of the others, but a ping without the id, which no upstream answers.
 * @param {Workload} workload
 * @param {number} index
 */
export function hiveExpected(workload, index) {
  const expected = workload.expected(index);
  if (workload.name !== 'ping') return expected;
  const { pingWebhook } = /** @type {{ pingWebhook: { delivery: unknown } }} */ (expected);
  return { pingWebhook: { delivery: pingWebhook.delivery } };
}

/**
 * @param {Row} page
 * @param {(row: Row) => unknown} toNode
 */
function page({ _data, _meta }, toNode) {
  const next = /** @type {{ links?: { next?: unknown } } | undefined} */ (_meta)?.links?.next ?? null;
  return connection(rows(_data).map(toNode), next !== null);
}

/** @param {unknown} node */
function edge(node) {
  return { node };
}

/** @param {unknown} value */
function rows(value) {
  return /** @type {readonly Row[]} */ (value);
}

/** @param {unknown} data */
function normalised(data) {
  return graphqlData(JSON.stringify({ data }));
}
