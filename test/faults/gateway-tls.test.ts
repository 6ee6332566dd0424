import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Certificate, selfSignedCertificate } from '../support/certificate.ts';
import { build, runGateway } from '../support/executable.ts';
import { answer, startFaultUpstream } from '../support/fault-upstream.ts';
import type { ClientAnswer } from '../support/gateway.ts';
import { jsonRequest, send } from '../support/listening-gateway.ts';
import { personioWebhooks, trulayerWebhooks } from '../support/upstream-rows.ts';
import { BOTH, codes, ID, LIST, listWithout, PING, type Provider, upstreamOf } from './gateway.ts';

const HEALTHY: Readonly<Record<Provider, RequestListener>> = {
  PERSONIO: (_request, response) => void response.end(JSON.stringify({ _data: personioWebhooks(2), _meta: {} })),
  TRULAYER: (_request, response) => void response.end(JSON.stringify({ webhooks: trulayerWebhooks(2) })),
};

/** An upstream behind TLS, on `localhost`; it ends with the test. */
async function startTlsUpstream({ key, cert }: Certificate, listener: RequestListener) {
  const requests: string[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume();
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return { baseUrl: `https://localhost:${typeof address === 'object' ? address?.port : ''}`, requests };
}

/** Where Node reads it as an authority. */
function writtenDown({ cert }: Certificate): string {
  const folder = mkdtempSync(join(tmpdir(), 'hookgraph-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'cert.pem');
  writeFileSync(path, cert);
  return path;
}

/** A gateway of its own process, as the extra authorities are read when it starts; one provider does what is said. */
async function open(provider: Provider, listener: RequestListener, isTrusted = true) {
  const certificate = selfSignedCertificate({ host: 'localhost' });
  const upstreams = {
    PERSONIO: await startTlsUpstream(certificate, provider === 'PERSONIO' ? listener : HEALTHY.PERSONIO),
    TRULAYER: await startTlsUpstream(certificate, provider === 'TRULAYER' ? listener : HEALTHY.TRULAYER),
  };
  const { url } = await runGateway({
    ...(isTrusted && { NODE_EXTRA_CA_CERTS: writtenDown(certificate) }),
    PERSONIO_BASE_URL: upstreams.PERSONIO.baseUrl,
    PERSONIO_ACCESS_TOKEN: 'papi-ready-token',
    TRULAYER_BASE_URL: upstreams.TRULAYER.baseUrl,
    TRULAYER_API_KEY: 'tl_test_key',
    LOG_LEVEL: 'silent',
  });
  const query = async (text: string, variables = {}): Promise<ClientAnswer<Record<string, unknown>>> => {
    const { body } = await send(url, jsonRequest({ query: text, variables }));
    return JSON.parse(body.toString());
  };
  return { query, requests: upstreams[provider].requests };
}

describe.each(BOTH)('%s, over TLS:', (provider) => {
  beforeAll(build, 120_000);

  test('an upstream whose certificate is vouched for answers', async () => {
    const { query } = await open(provider, HEALTHY[provider]);
    const { data, errors } = await query(LIST);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ webhooks: { edges: { length: 4 }, unavailableProviders: [] } });
  });

  test('a redirect to the same host without TLS is an invalid answer, and no connection is opened there', async () => {
    const plain = await startFaultUpstream((socket) => answer(socket, 200, { _data: [], webhooks: [] }));
    const location = plain.baseUrl.replace('127.0.0.1', 'localhost');
    let status = 0;
    const { query, requests } = await open(provider, ({ url }, response) => {
      response.writeHead(status, { location: `${location}${url}` }).end();
    });
    for (status of [301, 302, 303, 307, 308]) {
      const before = requests.length;
      const list = await query(LIST);
      expect([list.data, codes(list.errors)]).toEqual([listWithout(provider), ['UPSTREAM_INVALID_RESPONSE']]);
      const ping = await query(PING, { id: ID[provider] });
      expect(codes(ping.errors)).toEqual(['UPSTREAM_INVALID_RESPONSE']);
      expect(upstreamOf(ping.errors?.[0]).status).toBe(status);
      expect(requests).toHaveLength(before + 2);
    }
    expect(plain.connections()).toBe(0);
  });

  test('an upstream whose certificate nobody vouches for gets no request', async () => {
    const { query, requests } = await open(provider, HEALTHY[provider], false);
    expect(new Set(codes((await query(LIST)).errors))).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
    expect(codes((await query(PING, { id: ID[provider] })).errors)).toEqual(['UPSTREAM_UNAVAILABLE']);
    expect(requests).toEqual([]);
  });
});
