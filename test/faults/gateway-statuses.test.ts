import { describe, expect, test } from 'vitest';
import { answer, type Behave } from '../support/fault-upstream.ts';
import { BOTH, codes, ID, openWithFault, PING, upstreamOf } from './gateway.ts';

/** Status, code of a read, code of a write, whether the write may have succeeded, whether it may be sent again. */
const CODES = [
  [400, 'BAD_USER_INPUT', false, false],
  [401, 'UPSTREAM_UNAUTHENTICATED', false, false],
  [402, 'PLAN_UPGRADE_REQUIRED', false, false],
  [403, 'FORBIDDEN', false, false],
  [404, 'NOT_FOUND', false, false],
  [405, 'UPSTREAM_REJECTED', false, false],
  [408, 'UPSTREAM_TIMEOUT', false, true],
  [409, 'CONFLICT', false, false],
  [410, 'NOT_FOUND', false, false],
  [418, 'UPSTREAM_REJECTED', false, false],
  [422, 'UNPROCESSABLE', false, false],
  [429, 'RATE_LIMITED', false, true],
  [500, 'UPSTREAM_UNAVAILABLE', true, false],
  [501, 'UPSTREAM_UNAVAILABLE', true, false],
  [502, 'UPSTREAM_UNAVAILABLE', true, false],
  [503, 'UPSTREAM_UNAVAILABLE', false, true],
  [504, 'UPSTREAM_UNAVAILABLE', true, false],
] as const;

const STACK = 'java.lang.IllegalStateException\n\tat com.example.Secret.run(/srv/app/Secret.java:42)';
const BODIES: readonly (readonly [string, string, string])[] = [
  ['JSON', 'application/json', JSON.stringify({ message: 'no', stack: STACK })],
  [
    'problem+json',
    'application/problem+json',
    JSON.stringify({ title: 'Refused.', detail: 'Not today.', status: 418 }),
  ],
  ['HTML', 'text/html', `<!doctype html><h1>Oops</h1><pre>${STACK}</pre>`],
  ['nothing', 'text/plain', ''],
];

const READ = 'query ($id: ID!) { node(id: $id) { id } }';

describe.each(BOTH)('%s, refusals and failures:', (provider) => {
  test('every status has its code, whatever the body, and nothing of the upstream leaks', async () => {
    let next: Behave = () => {};
    const gateway = await openWithFault(provider, (...call) => next(...call), { RETRY_MAX: '0' });
    const table: unknown[] = [];
    const promised: unknown[] = [];
    for (const [status, code, mayHaveSucceeded, isWriteRetryable] of CODES) {
      for (const [kind, type, body] of BODIES) {
        const headers = { 'content-type': type, server: 'secret-server/1.0', 'x-internal': 'header-of-the-upstream' };
        next = (socket) => answer(socket, status, body, headers);
        const read = await gateway.query(READ, { id: ID[provider] });
        const write = await gateway.query(PING, { id: ID[provider] });
        const [readError, writeError] = [read.errors?.[0], write.errors?.[0]];
        table.push([status, kind, ...codes(read.errors), ...codes(write.errors)]);
        table.push([upstreamOf(readError).mayHaveSucceeded, upstreamOf(writeError).mayHaveSucceeded]);
        table.push([writeError?.extensions.retryable, upstreamOf(readError).status, read.status, write.status]);
        promised.push([status, kind, code, code], [false, mayHaveSucceeded], [isWriteRetryable, status, 200, 200]);
        const text = JSON.stringify([read, write]);
        expect(text).not.toMatch(/127\.0\.0\.1|secret-server|header-of-the-upstream|node_modules|\.ts:\d/);
        expect(text).not.toContain('Secret.java');
        expect(text).not.toMatch(/papi-ready-token|tl_test_key/);
      }
    }
    expect(table).toEqual(promised);
  });
});
