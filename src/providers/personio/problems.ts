import type { InputPath, Problem } from '../../domain/errors.ts';
import { isJsonObject, type JsonObject, shallowObjectOrNull, textOrNull } from '../../http/answer-shape.ts';
import { type ProblemReport, readRfc9457Problem } from '../../http/problem.ts';

/** Reads Personio's error body, its token endpoint's, or RFC 9457 with Personio's trace id; undefined for no object. */
export function readPersonioProblem(body: unknown): ProblemReport | undefined {
  if (!isJsonObject(body)) return undefined;
  if (!Array.isArray(body.errors) && typeof body.error === 'string') return readTokenProblem(body, body.error);
  const { personio_trace_id, timestamp, ...others } = body;
  return {
    problems: problemsIn(others),
    traceId: textOrNull(personio_trace_id),
    timestamp: textOrNull(timestamp),
  };
}

function problemsIn(body: JsonObject): readonly Problem[] {
  const { errors, ...others } = body;
  const items = Array.isArray(errors) ? errors.filter(isJsonObject) : [];
  // RFC 9457 bodies often have a list of this name too, in which nothing has a title or detail (§3: an extension).
  if (!items.some(isTold)) {
    const document = readRfc9457Problem(body);
    if (document) return document.problems;
  }
  // What the body says beside its list speaks of all of it; the first problem is the one that clients read.
  return items.map((item, index) => toProblem(item, index === 0 ? others : {}));
}

function isTold({ title, detail }: JsonObject): boolean {
  return textOrNull(title) !== null || textOrNull(detail) !== null;
}

function toProblem({ title, detail, type, _meta, ...others }: JsonObject, ofBody: JsonObject): Problem {
  return {
    title: textOrNull(title),
    detail: textOrNull(detail),
    type: textOrNull(type),
    meta: { ...ofBody, ...shallowObjectOrNull(others, 8), ...shallowObjectOrNull(_meta, 8) },
  };
}

function readTokenProblem(body: JsonObject, title: string): ProblemReport {
  const { error: _, error_description, error_uri, type, timestamp, trace_id, meta, ...others } = body;
  return {
    problems: [
      {
        title,
        detail: textOrNull(error_description),
        // One documented example has `type` where the others have `error_uri`.
        type: textOrNull(error_uri) ?? textOrNull(type),
        meta: { ...shallowObjectOrNull(others, 8), ...shallowObjectOrNull(meta, 8) },
      },
    ],
    traceId: textOrNull(trace_id),
    timestamp: textOrNull(timestamp),
  };
}

const PATH_OF_FILTER: ReadonlyMap<string, InputPath> = new Map([
  ['completed_at.gte', ['completedAt', 'gte']],
  ['completed_at.lte', ['completedAt', 'lte']],
  ['occurred_at.gte', ['occurredAt', 'gte']],
  ['occurred_at.lte', ['occurredAt', 'lte']],
  ['event_name', ['eventName']],
  ['is_delivered', ['isDelivered']],
  ['redelivery_id', ['redeliveryId']],
  ['enabled_events', ['enabledEvent']],
  ['status', ['status']],
]);

const PATH_OF_FIELD: ReadonlyMap<string, InputPath> = new Map([
  ['url', ['url']],
  ['description', ['description']],
  ['status', ['status']],
  ['enabled_events', ['enabledEvents']],
  ['auth_type', ['authentication']],
  ['token', ['authentication', 'token']],
  ['custom_headers', ['authentication', 'customHeaders']],
]);

const PATH_OF_TEST_EVENT_FIELD: ReadonlyMap<string, InputPath> = new Map([
  ['event_name', ['eventName']],
  ['payload_data', ['payload']],
]);

/** Which filter a problem speaks of; undefined where that cannot be told. */
export function filterPathOf(problem: Problem): InputPath | undefined {
  return PATH_OF_FILTER.get(/\bfilter: ([\w.]+\w)/.exec(textOf(problem))?.[1] ?? '');
}

/** Which field of a written webhook a problem speaks of; undefined where that cannot be told. */
export function fieldPathOf(problem: Problem): InputPath | undefined {
  const named = PATH_OF_FIELD.get(fieldNamedIn(problem));
  return named ?? (/\b(url|hostname)\b/i.test(textOf(problem)) ? ['url'] : undefined);
}

/** Which end of a redelivery's window a problem speaks of, or the window; undefined where that cannot be told. */
export function redeliveryPathOf(problem: Problem): InputPath | undefined {
  const text = textOf(problem);
  const ends = new Set(Array.from(text.matchAll(/\boccurred_at\.([gl]te)\b/g), ([, end = '']) => end));
  if (ends.size === 1) return ['occurredAt', ...ends];
  return ends.size > 1 || /\bwindow\b/i.test(text) ? ['occurredAt'] : undefined;
}

/** Which part of a test event a problem speaks of; a missing payload key by its dotted name. */
export function testEventPathOf(problem: Problem): { readonly payloadKey: string } | InputPath | undefined {
  const text = textOf(problem);
  const payloadKey = /\bfield '([^']+)'/.exec(text)?.[1];
  if (payloadKey !== undefined && /payload/i.test(text)) return { payloadKey };
  const named = PATH_OF_TEST_EVENT_FIELD.get(fieldNamedIn(problem));
  return named ?? (/\bevent\b/i.test(text) && !/payload/i.test(text) ? ['eventName'] : undefined);
}

/** The field of the request that a problem names, e.g. `status`; empty where it names none. */
function fieldNamedIn(problem: Problem): string {
  return /\bfield: ([\w.]+\w)/.exec(textOf(problem))?.[1] ?? '';
}

function textOf({ title, detail }: Problem): string {
  return `${title ?? ''} ${detail ?? ''}`;
}
