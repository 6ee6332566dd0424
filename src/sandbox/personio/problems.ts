import type { components } from '../../providers/personio/openapi.gen.ts';
import type { HttpAnswer } from '../http-listener.ts';

type ProblemItem = components['schemas']['ProblemItem'];

/** A documented refusal of a webhook operation; the simulator answers with it. */
export class PersonioProblem extends Error {
  readonly status: number;
  readonly errors: readonly ProblemItem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, errors: readonly ProblemItem[], headers: Readonly<Record<string, string>> = {}) {
    super(`${status} ${errors[0]?.title}`);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

const single = (status: number) => (title: string, detail: string) => new PersonioProblem(status, [{ title, detail }]);

/** Titles and details as the OpenAPI file's examples have them, as far as it has them. */
export const problems = {
  unauthorized: () => single(401)('Unauthorized', 'The access token is missing or no longer valid'),
  unsupportedAuthType: () => single(401)('Invalid authentication', 'The authentication type is unsupported.'),
  accessDenied: () => single(403)('Access denied', 'Access denied to perform webhook operations'),
  webhookNotFound: () => single(404)('Webhook not found', 'No webhook found matching the given id'),
  unknownPath: () => single(404)('Not found', 'No such resource'),
  wrongMethod: () => single(405)('Method not allowed', 'The resource does not support this method'),
  malformed: (detail: string) => single(400)('Input must be a valid JSON', detail),
  unusableEvent: (detail: string) => single(400)('Invalid event', detail),
  missingPayload: (keys: readonly string[]) =>
    new PersonioProblem(
      400,
      keys.map((key) => ({
        title: 'Missing required payload data',
        detail: `The test event payload requires field '${key}' in the 'payload_data' object`,
      })),
    ),
  missingWindow: () => single(400)('Missing time window', 'One of occurred_at.gte and occurred_at.lte is needed'),
  badWindow: (detail: string) => single(422)('Invalid time window', detail),
  duplicateUrl: (id: string) =>
    new PersonioProblem(409, [
      { title: 'Duplicate URL', detail: 'Another webhook configuration with identical URL exists.', _meta: { id } },
    ]),
  invalidUrl: (detail: string) => single(422)('The URL is considered invalid.', detail),
  badFilter: () => single(422)('Invalid filter value', 'The value of a filter is not supported'),
  badIsDelivered: () =>
    single(422)(
      'Invalid value for filter: is_delivered',
      'Invalid value for filter: is_delivered. Supported values are [true, false].',
    ),
  tooManyRequests: (retryAfterSeconds: number) =>
    new PersonioProblem(429, [{ title: 'Too many requests', detail: 'Rate limit exceeded' }], {
      'retry-after': String(retryAfterSeconds),
    }),
  failure: (status: FailureStatus) => new PersonioProblem(status, [failures[status]]),
};

export type FailureStatus = 500 | 502 | 503 | 504;

const failures: Readonly<Record<FailureStatus, ProblemItem>> = {
  500: {
    title: 'Internal Server Error',
    detail: 'There was a problem while processing this request. Please try again later.',
    type: 'https://developer.personio.de/reference/errors#common.internal_server_error',
  },
  502: {
    title: 'Bad Gateway',
    detail: 'There was a problem while processing this request. Please try again later.',
    type: 'https://developer.personio.de/reference/errors#common.bad_gateway',
  },
  503: {
    title: 'Service Unavailable',
    detail: 'The server is temporarily unavailable. Please try again later.',
    type: 'https://developer.personio.de/reference/errors#common.service_unavailable',
  },
  504: {
    title: 'Gateway Timeout',
    detail: 'There was a problem while processing this request. Please try again later.',
    type: 'https://developer.personio.de/reference/errors#common.gateway_timeout',
  },
};

/** The error body of the resource endpoints: not RFC 9457, in spite of its media type. */
export function answerProblem(problem: PersonioProblem, nowMs: number, traceId: string): HttpAnswer {
  const { status, errors, headers } = problem;
  const timestamp = new Date(nowMs).toISOString();
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ personio_trace_id: traceId, timestamp, errors }),
  };
}
