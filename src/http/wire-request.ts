import type { WireRequest } from './exchange.ts';
import type { HttpRequest } from './http-request.ts';

/** Writes requests down, all but their Authorization. */
export type WriteRequest = (request: HttpRequest) => WireRequest;

/** `basePath` has no slash at its end; `headers` go with every request. */
export function createRequestWriter(basePath: string, headers: Readonly<Record<string, string>>): WriteRequest {
  const always = Object.entries({
    // Refusals have a type of their own (RFC 9457 §3), which a server that goes by Accept would not send otherwise.
    accept: 'application/json, application/problem+json',
    // Undoing compression costs more than it saves between data centres.
    'accept-encoding': 'identity',
    'user-agent': 'hookgraph',
    ...headers,
  }).flatMap(([name, value]) => [name.toLowerCase(), value]);
  const withJson = [...always, 'content-type', 'application/json'];
  const withForm = [...always, 'content-type', 'application/x-www-form-urlencoded'];

  return ({ method, json, form, path, query }) => {
    const target = basePath + path + (query ? queryString(query) : '');
    if (json !== undefined) return { method, path: target, headers: withJson, body: JSON.stringify(json) };
    if (form) return { method, path: target, headers: withForm, body: new URLSearchParams(form).toString() };
    return { method, path: target, headers: always, body: null };
  };
}

/** The same request with credentials. */
export function signed({ method, path, headers, body }: WireRequest, authorization: string): WireRequest {
  return { method, path, headers: headers.concat('authorization', authorization), body };
}

function queryString(query: NonNullable<HttpRequest['query']>): string {
  let text = '';
  for (const name in query) {
    const value = query[name];
    if (value === undefined) continue;
    // An upstream's own cursor may hold half of a surrogate pair, which encodeURIComponent would throw at.
    text += `${text === '' ? '?' : '&'}${encodeURIComponent(name)}=${encodeURIComponent(String(value).toWellFormed())}`;
  }
  return text;
}
