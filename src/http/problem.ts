import type { ErrorCode, Problem } from '../domain/errors.ts';
import { isTraceMember, withoutTrace } from './stack-trace.ts';

/** What an error body says, whatever its shape was on the wire. */
export interface ProblemReport {
  readonly problems: readonly Problem[];
  readonly traceId: string | null;
  readonly timestamp: string | null;
  /** What it means, where a provider's own words say more than the status does. */
  readonly code?: ErrorCode;
}

/** Reads an error body of one shape; undefined where it has another. */
export type ReadProblem = (body: unknown, status: number) => ProblemReport | undefined;

/** What an unreadable error body says. */
export const NO_PROBLEMS: ProblemReport = { problems: [], traceId: null, timestamp: null };

const RFC_9457_MEMBERS: ReadonlySet<string> = new Set(['title', 'detail', 'type', 'status']);

/** Reads a problem document (RFC 9457 §3): one problem; members that it does not name are kept under `meta`. */
export function readRfc9457Problem(body: unknown): ProblemReport | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const members = new Map<string, unknown>(Object.entries(body));
  const title = filledTextOrNull(members.get('title'));
  const detail = filledTextOrNull(members.get('detail'));
  if (title === null && detail === null) return undefined;
  const meta = Object.fromEntries([...members].filter(([name]) => !RFC_9457_MEMBERS.has(name)));
  return { ...NO_PROBLEMS, problems: [{ title, detail, type: filledTextOrNull(members.get('type')), meta }] };
}

function filledTextOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Objects and arrays nested deeper than this are dropped from error bodies. */
const MAX_DEPTH = 10;

/**
 * A copy of an error body whose nesting is bounded, so that no reader, scrubber or serializer can exhaust the stack on
 * it, and without the upstream's own stack traces; what was nothing but a trace is left out.
 */
export function presentableBody(json: unknown, depth = MAX_DEPTH): unknown {
  if (typeof json === 'string') return withoutTrace(json);
  if (typeof json !== 'object' || json === null) return json;
  const isKept = (value: unknown) => fits(value, depth) && !(typeof value === 'string' && isTraceAlone(value));
  if (Array.isArray(json)) return json.filter(isKept).map((item) => presentableBody(item, depth - 1));
  const members = Object.entries(json).filter(([name, value]) => isKept(value) && !isTraceMember(name, value, json));
  return Object.fromEntries(members.map(([name, value]) => [name, presentableBody(value, depth - 1)]));
}

function isTraceAlone(text: string): boolean {
  return text !== '' && withoutTrace(text) === '';
}

function fits(value: unknown, depth: number): boolean {
  return depth > 1 || typeof value !== 'object' || value === null;
}
