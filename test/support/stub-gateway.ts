import { expect, onTestFinished } from 'vitest';
import type { Environment } from '../../src/config/variable.ts';
import type { Tracing } from '../../src/telemetry/tracing.ts';
import { openGateway, type TestGateway } from './gateway.ts';
import { type StubUpstream, startStubUpstream, type UpstreamReply, type UpstreamRequest } from './stub-upstream.ts';
import { loadUpstreamContract, type UpstreamContract } from './upstream-contract.ts';

/** Decides a stub's every answer. */
export type Answer = (request: UpstreamRequest) => UpstreamReply | Promise<UpstreamReply>;

/** A gateway over upstreams whose every answer a test decides. */
export interface StubGateway extends TestGateway {
  readonly personio: StubUpstream;
  readonly trulayer: StubUpstream;
  /** `GET /v2/webhooks?limit=50`: what was sent to Personio, in order. */
  personioCalls(): readonly string[];
  trulayerCalls(): readonly string[];
}

const contracts = new Map<'personio' | 'trulayer', UpstreamContract>();

/**
 * Opens a gateway for the running test. Both providers are configured unless their answer is absent; when the test ends,
 * every request that was sent must have fitted its OpenAPI contract.
 */
export async function openStubGateway(options: {
  readonly personio?: Answer;
  readonly trulayer?: Answer;
  readonly environment?: Environment;
  readonly tracing?: Tracing;
}): Promise<StubGateway> {
  const nothing: Answer = () => ({ status: 500, body: 'this upstream is not part of the test' });
  const personio = await startStubUpstream(options.personio ?? nothing);
  const trulayer = await startStubUpstream(options.trulayer ?? nothing);
  const environment = {
    PERSONIO_BASE_URL: personio.baseUrl,
    ...(options.personio && { PERSONIO_ACCESS_TOKEN: 'papi-test-token' }),
    TRULAYER_BASE_URL: trulayer.baseUrl,
    ...(options.trulayer && { TRULAYER_API_KEY: 'tl_test_key' }),
    RETRY_MAX: '0',
    ...options.environment,
  };
  const opened = openGateway(environment, { tracing: options.tracing });
  onTestFinished(async () => {
    await opened.close();
    await Promise.all([personio.close(), trulayer.close()]);
    expectContract('personio', personio.requests);
    expectContract('trulayer', trulayer.requests);
  });
  return {
    ...opened,
    personio,
    trulayer,
    personioCalls: () => personio.requests.map(({ method, url }) => `${method} ${url}`),
    trulayerCalls: () => trulayer.requests.map(({ method, url }) => `${method} ${url}`),
  };
}

/** Every request strictly fits the OpenAPI contract of its provider. */
export function expectContract(provider: 'personio' | 'trulayer', requests: readonly UpstreamRequest[]): void {
  const contract = contracts.get(provider) ?? loadUpstreamContract(provider);
  contracts.set(provider, contract);
  expect(requests.flatMap((request) => contract.violations(request))).toEqual([]);
}

/** The global id of a webhook, as `Webhook.id` shows it. */
export function globalId(provider: 'PERSONIO' | 'TRULAYER', providerId: string): string {
  return Buffer.from(`Webhook:${provider}:${providerId}`).toString('base64url');
}
