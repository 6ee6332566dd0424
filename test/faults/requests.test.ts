import { describe, expect, it } from 'vitest';
import { answer, startFaultUpstream } from '../support/fault-upstream.ts';
import { callScope } from '../unit/http/call-scope.ts';
import { clientOf, observing, READ, WRITE } from './client.ts';

describe('a request', () => {
  it('goes under the base path, with its query in order and encoded', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, {}));
    const client = clientOf(`${upstream.baseUrl}/proxy/`);
    const query = { 'filter[a]': 'x y&z', limit: 200, after: undefined, deep: true };
    await client.request({ ...READ, query }, callScope());
    expect(upstream.requests[0]?.path).toBe('/proxy/v2/webhooks/1?filter%5Ba%5D=x%20y%26z&limit=200&deep=true');
  });

  it('says what it wants, and no more than it must', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, {}));
    const client = clientOf(upstream.baseUrl, { headers: { 'X-Personio-App-ID': 'app' } });
    await client.request(READ, callScope());
    const { host: _host, ...headers } = upstream.requests[0]?.headers ?? {};
    expect(headers).toEqual({
      accept: 'application/json, application/problem+json',
      'accept-encoding': 'identity',
      connection: 'keep-alive',
      'user-agent': 'hookgraph',
      'x-personio-app-id': 'app',
    });
  });

  it('carries its body as JSON', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 200, {}));
    await clientOf(upstream.baseUrl).request(WRITE, callScope());
    expect(upstream.requests[0]).toMatchObject({ method: 'PATCH', body: '{"status":"DISABLED"}' });
    expect(upstream.requests[0]?.headers['content-type']).toBe('application/json');
  });

  it('answers with status, headers and body', async () => {
    const upstream = await startFaultUpstream((socket) => answer(socket, 201, { a: 1 }, { Location: '/x' }));
    const { status, headers, body } = await clientOf(upstream.baseUrl).request(WRITE, callScope());
    expect([status, headers.location, body]).toEqual([201, '/x', { a: 1 }]);
  });

  it('tells of each attempt', async () => {
    const upstream = await startFaultUpstream((socket, _request, index) => answer(socket, index === 0 ? 503 : 200, {}));
    const attempts: unknown[] = [];
    const client = clientOf(upstream.baseUrl, {
      observer: observing(({ ms: _ms, ...report }) => void attempts.push(report)),
    });
    await client.request(READ, callScope());
    expect(attempts).toEqual([
      { operation: 'getWebhook', outcome: 503, resends: 0, isToken: false },
      { operation: 'getWebhook', outcome: 200, resends: 1, isToken: false },
    ]);
  });
});
