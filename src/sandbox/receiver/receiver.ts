import { setTimeout as wait } from 'node:timers/promises';
import {
  type Answer,
  type HttpAnswer,
  type HttpListener,
  type ReceivedRequest,
  startHttpListener,
} from '../http-listener.ts';
import { behaviourOf } from './behaviours.ts';
import { renderLogPage } from './log-page.ts';
import type { ReceivedDelivery } from './received-delivery.ts';

const MAX_KEPT = 500;
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** The server that gets the deliveries, and keeps them. */
export interface Receiver extends HttpListener {
  /** The last 500, newest first. */
  readonly deliveries: readonly ReceivedDelivery[];
}

interface ReceiverOptions {
  readonly now: () => number;
  readonly slowAnswerMs: number;
}

/** Gets deliveries for every host name and treats them as the name says; on its own loopback name it shows its log. */
export async function startReceiver({ now, slowAnswerMs }: ReceiverOptions): Promise<Receiver> {
  const deliveries: ReceivedDelivery[] = [];

  async function receive(request: ReceivedRequest): Promise<Answer> {
    const { method, path, headers, body } = request;
    const { host = '' } = headers;
    const { answer, isLate = false } = behaviourOf(host);
    deliveries.unshift({
      receivedAt: new Date(now()).toISOString(),
      host,
      path,
      method,
      headers,
      body: body.toString('utf8'),
      status: typeof answer === 'string' ? null : answer.status,
    });
    if (deliveries.length > MAX_KEPT) deliveries.pop();
    if (isLate) await wait(slowAnswerMs, undefined, { ref: false });
    return answer;
  }

  const listener = await startHttpListener({
    // A foreign Host never sees the log, so that no web page can read it by rebinding its own name to loopback.
    answer: (request) =>
      request.method === 'GET' && LOOPBACK_HOST.test(request.headers.host ?? '')
        ? showLog(request.path, deliveries)
        : receive(request),
  });
  return { ...listener, deliveries };
}

function showLog(target: string, deliveries: readonly ReceivedDelivery[]): HttpAnswer {
  const { pathname, searchParams } = new URL(`http://receiver${target}`);
  if (pathname === '/') {
    return {
      status: 200,
      headers: {
        ...logHeaders,
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      },
      body: renderLogPage(deliveries),
    };
  }
  if (pathname !== '/deliveries') return { status: 404 };
  const path = searchParams.get('path');
  const limit = Number(searchParams.get('limit') ?? MAX_KEPT);
  if (!Number.isInteger(limit) || limit < 1) return { status: 400, body: 'limit: a whole number from 1 on' };
  const shown = deliveries.filter((delivery) => path === null || delivery.path === path).slice(0, limit);
  return {
    status: 200,
    headers: { ...logHeaders, 'content-type': 'application/json' },
    body: JSON.stringify(shown, null, 2),
  };
}

const logHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
