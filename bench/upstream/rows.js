// The data of both upstreams, as their contracts shape it (schema/upstream): made by counting, so that every process of a
// run has the same.

const WEBHOOKS_AT_PERSONIO = 30;
const WEBHOOKS_AT_TRULAYER = 20;
const EVENT_NAMES = [
  'person.created',
  'person.updated',
  'employment.created',
  'employment.updated',
  'attendance.updated',
];
const ANSWERS = [200, 200, 200, 204, 500, 404, null];
const NEWEST_MS = Date.UTC(2026, 3, 27, 10);

/** @typedef {ReturnType<typeof personioWebhook>} PersonioWebhook */
/** @typedef {ReturnType<typeof trulayerWebhook>} TruLayerWebhook */
/** @typedef {ReturnType<typeof activityRow>} ActivityRow */

/**
 * Personio's id of its webhook number `number`.
 * @param {number} number
 */
export function personioId(number) {
  return `533e7206-f4a3-11ed-9c8b-${hex(number, 12)}`;
}

/**
 * The number of a webhook of Personio's; NaN for an id that is none.
 * @param {string} id
 */
export function personioNumber(id) {
  return Number.parseInt(id.slice(-12), 16);
}

/** @param {number} number */
export function personioWebhook(number) {
  return {
    id: personioId(number),
    url: `https://hooks.example.com/personio/tenant-${number}/deliveries`,
    description: `Keeps the directory of tenant ${number} in step with Personio`,
    status: number % 5 === 0 ? 'DISABLED' : 'ENABLED',
    enabled_events: EVENT_NAMES.slice(0, 2 + (number % 4)),
    created_at: time(number * 86_400),
    updated_at: time(number * 3_600),
    auth_type: 'TOKEN',
  };
}

/** The whole list of Personio's. */
export function personioWebhooks() {
  return Array.from({ length: WEBHOOKS_AT_PERSONIO }, (_, index) => personioWebhook(index + 1));
}

/** @param {number} number */
function trulayerWebhook(number) {
  return {
    id: `018f1234-5678-7abc-def0-${hex(number, 12)}`,
    tenant_id: '018f1234-0000-7abc-def0-123456789abc',
    url: `https://hooks.example.com/trulayer/tenant-${number}/deliveries`,
    events: ['failure.detected'],
    enabled: number % 3 !== 0,
    created_at: time(number * 86_400),
    updated_at: time(number * 3_600),
  };
}

/** The whole list of TruLayer's, which has no pages. */
export function trulayerWebhooks() {
  return Array.from({ length: WEBHOOKS_AT_TRULAYER }, (_, index) => trulayerWebhook(index + 1));
}

/**
 * The newest `count` entries of a webhook's delivery log.
 * @param {number} webhook its number
 * @param {number} count
 */
export function activityRows(webhook, count) {
  return Array.from({ length: count }, (_, index) => activityRow(webhook, index));
}

/**
 * @param {number} webhook
 * @param {number} index
 */
function activityRow(webhook, index) {
  const statusCode = ANSWERS[(webhook + index) % ANSWERS.length] ?? null;
  return {
    completed_at: time(webhook + index * 47, index % 1_000),
    event_name: EVENT_NAMES[(webhook + index) % EVENT_NAMES.length] ?? '',
    is_delivered: statusCode !== null && statusCode < 300,
    attempts: 1 + (index % 3),
    status_code: statusCode,
    redelivery_id: index % 10 === 9 ? `redelivery-${webhook}` : null,
  };
}

/** What a ping answers. */
export function pingResult() {
  return { completed_at: time(0), event_name: 'ping', is_delivered: true, attempts: 1, status_code: 200 };
}

/**
 * @param {number} secondsAgo
 * @param {number} milliseconds
 */
function time(secondsAgo, milliseconds = 0) {
  return new Date(NEWEST_MS - secondsAgo * 1_000 + milliseconds).toISOString();
}

/**
 * @param {number} number
 * @param {number} length
 */
function hex(number, length) {
  return number.toString(16).padStart(length, '0');
}
