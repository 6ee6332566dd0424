import type { CallScope } from '../domain/call-scope.ts';
import type { TraceSpan } from '../domain/trace-span.ts';
import type { ExchangeError } from './exchange.ts';
import type { HttpRequest } from './http-request.ts';

/** Begins the span of one attempt, where the operation is traced. */
export type BeginAttemptSpan = (request: HttpRequest, scope: CallScope, resends: number) => TraceSpan | undefined;

/**
 * Describes attempts in OpenTelemetry's words for HTTP clients. Of the URL it tells the template only: ids and queries
 * are the client's own. `basePath` has no slash at its end.
 */
export function createAttemptSpans(base: URL, basePath: string): BeginAttemptSpan {
  const server = { 'server.address': base.hostname, 'server.port': portOf(base) };
  return ({ method, pathTemplate, operation }, scope, resends) =>
    scope.span?.child(
      `${method} ${pathTemplate}`,
      {
        'http.request.method': method,
        'url.template': basePath + pathTemplate,
        ...server,
        'hookgraph.upstream.operation': operation,
        ...(resends > 0 && { 'http.request.resend_count': resends }),
      },
      'client',
    );
}

/** Ends it with the status, or why there was none. */
export function endAttemptSpan(span: TraceSpan, outcome: number | ExchangeError['reason']): void {
  const isStatus = typeof outcome === 'number';
  if (isStatus) span.set({ 'http.response.status_code': outcome });
  span.end(isStatus && outcome < 400 ? undefined : String(outcome));
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
