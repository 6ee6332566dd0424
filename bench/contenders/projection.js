// From the upstreams' rows to the shape of our schema, as one writes it by hand: for the contenders that need it.

/** @typedef {Record<string, unknown>} Row */

/** @param {string} globalId */
export function providerIdIn(globalId) {
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
export function fromPersonio(row) {
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
export function fromTruLayer(row) {
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
export function fromActivity(row) {
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
export function connection(nodes, hasNextPage) {
  const endCursor = Buffer.from(String(nodes.length)).toString('base64url');
  return { edges: nodes.map((node) => ({ node })), pageInfo: { hasNextPage, endCursor } };
}
