import type { LastMade } from '../domain/last-made.ts';
import type { Authorization } from './authorization.ts';
import type { WireHeaders } from './exchange.ts';

/** One call of a REST API, in terms of HTTP only. */
export interface HttpRequest {
  /** The contract's operationId, for logs and metrics. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** `/v2/webhooks/{id}`: for messages, since the expanded path may say too much. */
  readonly pathTemplate: string;
  /** Expanded and percent-encoded, starting with a slash. */
  readonly path: string;
  /** Written in this order; what is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>;
  /** Absent: no Authorization header is sent. */
  readonly authorization?: Authorization;
  /** `nothing`: the body of a 2xx answer is read to its end and thrown away. */
  readonly expects: 'json' | 'json-or-nothing' | 'nothing';
  /** An OAuth2 token endpoint: repeatable like a read, and its refusals speak of the gateway's credentials. */
  readonly endpoint?: 'token';
}

/** A 2xx answer. The body is shared between the callers of identical reads: never change it. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: WireHeaders;
  /** Undefined where nothing was expected. */
  readonly body: unknown;
  /** What was made of the body, also where the same one was answered before. */
  readonly lastMade: LastMade;
}

/** Whether the call may change something upstream. */
export function isWrite(request: Pick<HttpRequest, 'method' | 'endpoint'>): boolean {
  return request.method !== 'GET' && request.endpoint !== 'token';
}
