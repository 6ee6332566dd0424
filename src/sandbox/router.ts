/** The route that a request meets: its handler, the `:id` of the path, the query. */
export interface RouteMatch<Handler> {
  readonly handler: Handler;
  readonly id: string;
  readonly query: URLSearchParams;
}

/** Finds handlers by lines such as `GET /v2/webhooks/:id`. */
export function createRouter<Handler>(table: Readonly<Record<string, Handler>>) {
  const routes = Object.entries(table).map(([line, handler]) => {
    const [method = '', path = ''] = line.split(' ');
    return { method, segments: path.split('/'), handler };
  });

  return (method: string, target: string): RouteMatch<Handler> | 'unknown path' | 'wrong method' => {
    const [path = '', query = ''] = splitOnce(target, '?');
    const segments = path.split('/');
    const candidates = routes.filter((route) => isSamePath(route.segments, segments));
    if (candidates.length === 0) return 'unknown path';
    const found = candidates.find((route) => route.method === method);
    if (found === undefined) return 'wrong method';
    const id = decode(segments[found.segments.indexOf(':id')] ?? '');
    return { handler: found.handler, id, query: new URLSearchParams(query) };
  };
}

function isSamePath(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part === ':id' ? segments[index] !== '' : part === segments[index]))
  );
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
