import type { WireRequest } from './exchange.ts';
import type { HttpRequest } from './http-request.ts';

/** Writes a request down, all but its Authorization. `basePath` has no slash at its end. */
export function toWireRequest(request: HttpRequest, basePath: string): WireRequest {
  const { method, json, form, path, query = {} } = request;
  const headers: Record<string, string> = {
    accept: 'application/json',
    // Undoing compression costs more than it saves between data centres.
    'accept-encoding': 'identity',
    'user-agent': 'hookgraph',
  };
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  const target = basePath + path + queryString(query);
  if (json !== undefined) {
    return {
      method,
      path: target,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(json),
    };
  }
  if (form) {
    const body = new URLSearchParams(form).toString();
    return { method, path: target, headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' }, body };
  }
  return { method, path: target, headers, body: null };
}

function queryString(query: NonNullable<HttpRequest['query']>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
