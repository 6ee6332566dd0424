import { checkHost } from '../host-check.ts';
import type { ReceivedRequest } from '../http-listener.ts';
import { isStringArray, isStringMap, type JsonObject, parseJsonObject } from '../json-body.ts';
import { problems } from './problems.ts';
import type { WebhookRecord } from './store.ts';

/** What a create or update may say. */
export type WebhookFields = Partial<Omit<WebhookRecord, 'id' | 'created_at' | 'updated_at'>>;

const FORBIDDEN_HEADER = /^(host|content-length|transfer-encoding|connection|upgrade|te|trailer|expect|content-type)/i;
const MAX_CUSTOM_HEADERS = 3;
// RFC 9110 §5.1 and §5.5.
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The JSON object in a request's body. Throws `PersonioProblem` (400) where there is none. */
export function readJson(request: ReceivedRequest): JsonObject {
  const body = parseJsonObject(request.body, request.headers['content-type']);
  if (body === undefined) throw problems.malformed('The request body is not a valid JSON object');
  return body;
}

/** The known fields, each of its type; whatever else is sent is ignored. */
export function readFields(body: JsonObject): WebhookFields {
  const fields: WebhookFields = {};
  const has = (name: string): boolean => Object.hasOwn(body, name);
  if (has('url')) fields.url = readString(body, 'url');
  if (has('description')) fields.description = readString(body, 'description');
  if (has('status')) fields.status = readStatus(body.status);
  if (has('token')) fields.token = readToken(body);
  if (has('auth_type')) fields.auth_type = readAuthType(readString(body, 'auth_type'));
  if (has('custom_headers')) fields.custom_headers = readCustomHeaders(body.custom_headers);
  if (has('enabled_events')) {
    if (!isStringArray(body.enabled_events)) throw invalid('enabled_events', 'A list of event names is expected');
    fields.enabled_events = [...body.enabled_events];
  }
  return fields;
}

/** Refuses a receiver's URL as the provider would. Throws `PersonioProblem` (422). */
export function checkUrl(text: string): void {
  const url = parseUrl(text);
  if (url === undefined) throw problems.invalidUrl('URL is malformed.');
  if (url.protocol !== 'https:') throw problems.invalidUrl('URL does not use HTTPS scheme.');
  if (checkHost(url.hostname) !== 'public') throw problems.invalidUrl('Hostname does not resolve to a valid address.');
}

/** Custom headers go only with CUSTOM, whether that is set now or was before. */
export function checkCustomHeaders(fields: WebhookFields, authType: WebhookRecord['auth_type']): void {
  if (fields.custom_headers === undefined || authType === 'CUSTOM') return;
  throw invalid('custom_headers', 'Custom headers need the authentication type CUSTOM');
}

function readString(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw invalid(name, 'A string is expected');
  return value;
}

function readStatus(value: unknown): 'ENABLED' | 'DISABLED' {
  if (value === 'ENABLED' || value === 'DISABLED') return value;
  throw invalid('status', 'Supported values are [ENABLED, DISABLED]');
}

function readAuthType(value: string): 'NONE' | 'TOKEN' | 'CUSTOM' {
  if (value === 'NONE' || value === 'TOKEN' || value === 'CUSTOM') return value;
  throw problems.unsupportedAuthType();
}

function readToken(body: JsonObject): string {
  const token = readString(body, 'token');
  if (!HEADER_VALUE.test(token)) throw invalid('token', 'It cannot be sent in a header');
  return token;
}

function readCustomHeaders(value: unknown): Record<string, string> {
  if (!isStringMap(value)) throw invalid('custom_headers', 'An object of strings is expected');
  const headers = Object.entries(value);
  if (headers.length > MAX_CUSTOM_HEADERS) throw invalid('custom_headers', 'At most 3 headers are supported');
  for (const [name, text] of headers) {
    if (FORBIDDEN_HEADER.test(name)) throw invalid('custom_headers', `The header '${name}' is not allowed`);
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(text)) {
      throw invalid('custom_headers', `The header '${name}' is malformed`);
    }
  }
  return { ...value };
}

/** In the form of the one documented text of this kind. */
const invalid = (field: string, rule: string) => problems.malformed(`Invalid value for field: ${field}. ${rule}`);

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
