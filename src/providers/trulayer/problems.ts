import type { InputPath, Problem } from '../../domain/errors.ts';
import { isJsonObject, type JsonObject, shallowObjectOrNull, textOrNull } from '../../http/answer-shape.ts';
import { type ProblemReport, readRfc9457Problem } from '../../http/problem.ts';

/**
 * Reads TruLayer's `{error}` (contract: ErrorResponse), or RFC 9457; for a revoked key the vendor writes `error.code`, so
 * `error` may be an object as well. Undefined where the body is none of these.
 */
export function readTruLayerProblem(body: unknown, status: number): ProblemReport | undefined {
  if (!isJsonObject(body)) return undefined;
  const { error, ...others } = body;
  const problem = toProblem(error, others) ?? readRfc9457Problem(body)?.problems[0];
  if (!problem) return undefined;
  // One page of the vendor's says that a missing plan is a 402, another that it is a 403 with this code.
  const isPlanMissing = status === 403 && problem.meta.code === 'plan_upgrade_required';
  return {
    ...(isPlanMissing && { code: 'PLAN_UPGRADE_REQUIRED' }),
    problems: [problem],
    traceId: null,
    timestamp: null,
  };
}

function toProblem(error: unknown, others: JsonObject): Problem | undefined {
  const meta = shallowObjectOrNull(others, 8) ?? {};
  if (typeof error === 'string') return { title: error, detail: null, type: null, meta };
  if (!isJsonObject(error)) return undefined;
  const { message, ...nested } = error;
  return {
    title: textOrNull(message) ?? textOrNull(nested.code),
    detail: null,
    type: null,
    meta: { ...meta, ...shallowObjectOrNull(nested, 8) },
  };
}

const PATH_OF_FIELD: ReadonlyMap<string, InputPath> = new Map([
  ['url', ['url']],
  ['secret', ['secret']],
  ['events', ['enabledEvents']],
  ['enabled', ['status']],
]);

/** Which field of a written webhook a problem speaks of; undefined where that cannot be told. */
export function fieldPathOf({ title }: Problem): InputPath | undefined {
  if (title?.startsWith('webhook.url.')) return ['url'];
  return PATH_OF_FIELD.get(/^(\w+) /.exec(title ?? '')?.[1] ?? '');
}
