// What the stub answers to a path, as bytes made once.
import {
  activityRows,
  personioNumber,
  personioWebhook,
  personioWebhooks,
  pingResult,
  trulayerWebhooks,
} from './rows.js';

const NEXT_PAGE = 'https://api.personio.de/v2/webhooks?cursor=';

/**
 * The body for a path with its query; undefined where the upstreams have no such thing.
 * @param {string} target
 * @returns {unknown}
 */
export function answerTo(target) {
  const { pathname, searchParams } = new URL(target, 'http://upstream');
  if (pathname === '/v1/webhooks') return { webhooks: trulayerWebhooks() };
  if (pathname === '/v2/webhooks') return page(personioWebhooks(), limitIn(searchParams));
  const [, id = '', part] = /^\/v2\/webhooks\/([^/]+)(?:\/(activity|ping))?$/.exec(pathname) ?? [];
  const number = personioNumber(id);
  if (Number.isNaN(number)) return undefined;
  if (part === 'ping') return pingResult();
  if (part === undefined) return personioWebhook(number);
  const limit = limitIn(searchParams);
  return page(activityRows(number, limit + 1), limit);
}

/**
 * The same as text, for a contender that hands bytes on.
 * @param {string} target
 */
export function answerText(target) {
  return JSON.stringify(answerTo(target));
}

/** @param {URLSearchParams} query */
function limitIn(query) {
  return Number(query.get('limit') ?? 100);
}

/**
 * @param {readonly unknown[]} rows
 * @param {number} limit
 */
function page(rows, limit) {
  const links = rows.length > limit ? { next: { href: `${NEXT_PAGE}cur_${limit}` } } : {};
  return { _data: rows.slice(0, limit), _meta: { links } };
}
