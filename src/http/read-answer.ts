import { LastMade } from '../domain/last-made.ts';
import type { UpstreamFailure } from '../domain/upstream-failure.ts';
import { headerIn, type WireAnswer } from './exchange.ts';
import type { FailedCall } from './failed-call.ts';
import type { HttpAnswer, HttpRequest } from './http-request.ts';
import { decodeContent, isEncoded, parseJson } from './json-body.ts';
import type { ParseMemo } from './parse-memo.ts';
import { NO_PROBLEMS, type ProblemReport, presentableBody, type ReadProblem, readRfc9457Problem } from './problem.ts';
import { parseRetryAfter } from './retry-after.ts';

/** Once unpacked; what is longer is no message but a page. */
const MAX_ERROR_TEXT_BYTES = 65_536;

/** How answers are read. */
export interface AnswerReader {
  readonly maxBodyBytes: number;
  /** The provider's own error shape, tried before RFC 9457. */
  readonly readProblem?: ReadProblem | undefined;
  readonly now: () => number;
  /** For what may come again under the same key. */
  readonly memo: ParseMemo;
}

/**
 * Reads what came back: an answer where it is a 2xx with the body that was expected, else what went wrong. `key` names
 * what was asked for: as the credentials are part of it, what one caller sees does not push out what another does.
 */
export function readAnswer(
  request: HttpRequest,
  key: string,
  answer: WireAnswer,
  reader: AnswerReader,
): HttpAnswer | FailedCall {
  const { status, headers, body } = answer;
  if (status >= 300) return readRefusal(request, answer, reader);
  const isEmpty = body?.length === 0;
  if (request.expects === 'nothing' || (isEmpty && request.expects === 'json-or-nothing')) {
    return { status, headers, body: undefined, lastMade: new LastMade() };
  }
  try {
    const bytes = bytesOf(answer, reader.maxBodyBytes);
    if (request.method !== 'GET') return { status, headers, body: parseJson(bytes), lastMade: new LastMade() };
    const { value, lastMade } = reader.memo.parse(key, bytes);
    return { status, headers, body: value, lastMade };
  } catch (cause) {
    return { request, failure: { type: 'invalid-answer' }, wasSent: true, status, cause };
  }
}

function readRefusal(request: HttpRequest, answer: WireAnswer, reader: AnswerReader): FailedCall {
  const { status, headers } = answer;
  const report = status < 400 ? NO_PROBLEMS : readReport(answer, reader);
  const { code } = report;
  const endpoint = request.endpoint && { endpoint: request.endpoint };
  const failure: UpstreamFailure = { type: 'status', status, ...(code && { code }), ...endpoint };
  const retryAfter = parseRetryAfter(headerIn(headers, 'retry-after'), reader.now());
  return { request, failure, wasSent: true, status, report, retryAfter, isLate: answer.hasTimedOut };
}

function readReport(answer: WireAnswer, { readProblem, maxBodyBytes }: AnswerReader): ProblemReport {
  let body: unknown;
  try {
    body = presentableBody(parseJson(bytesOf(answer, Math.min(maxBodyBytes, MAX_ERROR_TEXT_BYTES))));
  } catch {
    // An error page, a proxy's text, nothing at all: the status says enough.
    return NO_PROBLEMS;
  }
  return readProblem?.(body, answer.status) ?? readRfc9457Problem(body) ?? NO_PROBLEMS;
}

function bytesOf({ body, headers }: WireAnswer, maxBytes: number): Buffer {
  const encoding = headerIn(headers, 'content-encoding');
  if (!body) throw new Error('the body is too long');
  return isEncoded(encoding) ? decodeContent(body, encoding, maxBytes) : body;
}
