import { checkHost } from '../host-check.ts';
import type { ReceivedRequest } from '../http-listener.ts';
import { isStringArray, parseJsonObject } from '../json-body.ts';
import { errors, type UrlErrorKey } from './errors.ts';

const MIN_SECRET_LENGTH = 16;

interface NewWebhook {
  readonly url: string;
  readonly secret: string;
  readonly events: string[];
  readonly enabled: boolean;
}

/** The body of a create, with the documented defaults. */
export function readNewWebhook(request: ReceivedRequest): NewWebhook {
  const body = parseJsonObject(request.body, request.headers['content-type']);
  if (body === undefined) throw errors.badRequest('body must be a JSON object');
  const { url, secret, events = ['failure.detected'], enabled = true } = body;
  if (url === undefined) throw errors.badRequest('url is required');
  if (typeof url !== 'string' || !URL.canParse(url)) throw errors.badRequest('url must be a URL');
  if (secret === undefined) throw errors.badRequest('secret is required');
  if (typeof secret !== 'string' || secret.length < MIN_SECRET_LENGTH) {
    throw errors.badRequest(`secret must be a string of at least ${MIN_SECRET_LENGTH} characters`);
  }
  if (!isStringArray(events)) throw errors.badRequest('events must be a list of strings');
  if (typeof enabled !== 'boolean') throw errors.badRequest('enabled must be a boolean');
  checkUrl(url);
  return { url, secret, events: [...events], enabled };
}

/** HTTPS, resolvable, not private: asked at creation, and again before each test. */
export function checkUrl(url: string): void {
  const key = urlErrorOf(new URL(url));
  if (key !== undefined) throw errors.badUrl(key);
}

function urlErrorOf({ protocol, hostname }: URL): UrlErrorKey | undefined {
  if (protocol !== 'https:') return 'webhook.url.not_https';
  const host = checkHost(hostname);
  if (host === 'private') return 'webhook.url.private_ip';
  if (host === 'unresolvable') return 'webhook.url.unresolvable';
  return undefined;
}
