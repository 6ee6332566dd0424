import type { UpstreamFailure } from '../domain/upstream-failure.ts';
import type { WireAnswer } from './exchange.ts';
import type { FailedCall } from './failed-call.ts';
import type { HttpAnswer, HttpRequest } from './http-request.ts';
import { decodeContent, isEncoded, parseJson } from './json-body.ts';
import type { ParseMemo } from './parse-memo.ts';
import { limitDepth, NO_PROBLEMS, type ProblemReport, type ReadProblem, readRfc9457Problem } from './problem.ts';
import { parseRetryAfter } from './retry.ts';

/** Once unpacked; what is longer is no message but a page. */
const MAX_ERROR_TEXT_BYTES = 65_536;

/** How answers are read. */
export interface AnswerReader {
  readonly maxBodyBytes: number;
  /** The provider's own error shape, tried before RFC 9457. */
  readonly readProblem?: ReadProblem | undefined;
  readonly now: () => number;
  /** For what may come again at the same place. */
  readonly memo: ParseMemo;
}

/**
 * Reads what came back: an answer where it is a 2xx with the body that was expected, else what went wrong. `target` is the
 * path and query that were asked.
 */
export async function readAnswer(
  request: HttpRequest,
  target: string,
  answer: WireAnswer,
  reader: AnswerReader,
): Promise<HttpAnswer | FailedCall> {
  const { status, headers } = answer;
  if (status >= 300) {
    const report = status < 400 ? NO_PROBLEMS : await readReport(answer, reader);
    const endpoint = request.endpoint && { endpoint: request.endpoint };
    const failure: UpstreamFailure = { type: 'status', status, problems: report.problems, ...endpoint };
    const retryAfter = parseRetryAfter(headers['retry-after'], reader.now());
    return { request, failure, wasSent: true, status, report, retryAfter, isLate: answer.hasTimedOut };
  }
  const isEmpty = answer.body?.length === 0;
  if (request.expects === 'nothing' || (isEmpty && request.expects === 'json-or-nothing')) {
    return { status, headers, body: undefined };
  }
  try {
    const bytes = await bytesOf(answer, reader.maxBodyBytes);
    const isRead = request.method === 'GET';
    // By credentials too: what one caller sees would only push out what another does.
    const body = isRead ? reader.memo.parse(`${request.authorization?.id} ${target}`, bytes) : parseJson(bytes);
    return { status, headers, body };
  } catch (cause) {
    return { request, failure: { type: 'invalid-answer' }, wasSent: true, status, cause };
  }
}

async function readReport(answer: WireAnswer, { readProblem, maxBodyBytes }: AnswerReader): Promise<ProblemReport> {
  let body: unknown;
  try {
    body = limitDepth(parseJson(await bytesOf(answer, Math.min(maxBodyBytes, MAX_ERROR_TEXT_BYTES))));
  } catch {
    // An error page, a proxy's text, nothing at all: the status says enough.
    return NO_PROBLEMS;
  }
  return readProblem?.(body) ?? readRfc9457Problem(body) ?? NO_PROBLEMS;
}

async function bytesOf({ body, headers }: WireAnswer, maxBytes: number): Promise<Buffer> {
  const encoding = headers['content-encoding'];
  if (!body) throw new Error('the body is too long');
  return isEncoded(encoding) ? decodeContent(body, encoding, maxBytes) : body;
}
