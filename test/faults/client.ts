import { onTestFinished } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../../src/http/http-client.ts';
import type { HttpRequest } from '../../src/http/http-request.ts';
import type { UpstreamObserver } from '../../src/telemetry/upstream-observer.ts';

/** A client that waits for nothing long: no jitter, short time-outs. It ends with the test. */
export function clientOf(baseUrl: string, options: Partial<HttpClientOptions> = {}): HttpClient {
  const client = createHttpClient({ provider: 'PERSONIO', baseUrl, random: () => 0, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** An observer of attempts alone. */
export function observing(attempted: UpstreamObserver['attempted']): UpstreamObserver {
  const ignore = () => {};
  return { attempted, refused: ignore, shared: ignore, circuitChanged: ignore, watchLoad: ignore };
}

/** A read whose answer is JSON. */
export const READ: HttpRequest = {
  operation: 'getWebhook',
  method: 'GET',
  pathTemplate: '/v2/webhooks/{id}',
  path: '/v2/webhooks/1',
  expects: 'json',
};

/** A write whose answer is JSON. */
export const WRITE: HttpRequest = {
  operation: 'updateWebhook',
  method: 'PATCH',
  pathTemplate: '/v2/webhooks/{id}',
  path: '/v2/webhooks/1',
  json: { status: 'DISABLED' },
  expects: 'json',
};

/** The error that a call ends with, as far as callers see it; fails when there is none. */
export async function failureOf(call: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof UpstreamError)) throw error;
  const { code, message, upstream } = error;
  return { code, message, ...upstream };
}
