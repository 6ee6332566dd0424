import { onTestFinished } from 'vitest';
import type { Environment } from '../../src/config/variable.ts';
import { answer, type Behave, type FaultUpstream, startFaultUpstream } from '../support/fault-upstream.ts';
import { type ClientError, openGateway, type TestGateway } from '../support/gateway.ts';
import { globalId } from '../support/stub-gateway.ts';
import { personioWebhooks, trulayerId, trulayerWebhooks } from '../support/upstream-rows.ts';

export type Provider = 'PERSONIO' | 'TRULAYER';

export const BOTH: readonly Provider[] = ['PERSONIO', 'TRULAYER'];

/** `npm run test:faults` runs each row of the reliability figures whole (`FAULTS=long`: with a short soak); otherwise short. */
export const IS_FULL = process.env.FAULTS === 'full' || process.env.FAULTS === 'long';

/** A webhook that a healthy upstream has. */
export const ID: Readonly<Record<Provider, string>> = {
  PERSONIO: globalId('PERSONIO', 'hook-1'),
  TRULAYER: globalId('TRULAYER', trulayerId(1)),
};

const json = { 'content-type': 'application/json' };
const PERSONIO_LIST = Buffer.from(JSON.stringify({ _data: personioWebhooks(2), _meta: { links: {} } }));
const TRULAYER_LIST = Buffer.from(JSON.stringify({ webhooks: trulayerWebhooks(2) }));

/** What each provider does on a good day: two webhooks each, any id of Personio's, and pings that arrive. */
export const HEALTHY: Readonly<Record<Provider, Behave>> = {
  PERSONIO: (socket, { method, path }) => {
    if (path === '/v2/auth/token') return answer(socket, 200, { access_token: 'papi-fresh', expires_in: 3600 });
    if (method === 'DELETE') return answer(socket, 204);
    if (path.endsWith('/ping')) return answer(socket, 200, { is_delivered: true, status_code: 200 });
    const id = /^\/v2\/webhooks\/([\w-]+)/.exec(path)?.[1];
    if (id === undefined) return answer(socket, 200, PERSONIO_LIST, json);
    return answer(socket, 200, { id, url: 'https://example.com/1', description: 'One' });
  },
  TRULAYER: (socket, { method }) => {
    if (method === 'DELETE') return answer(socket, 204);
    if (method === 'POST') return answer(socket, 200, { status: 200, body: 'ok' });
    return answer(socket, 200, TRULAYER_LIST, json);
  },
};

/** A gateway over two upstreams that do whatever the test says. */
export interface FaultGateway extends TestGateway {
  readonly upstreams: Readonly<Record<Provider, FaultUpstream>>;
}

/** Opens it for the running test; an upstream without a behaviour is healthy. The circuits stay closed. */
export async function openFaultGateway(options: {
  readonly behave?: Readonly<Partial<Record<Provider, Behave>>>;
  readonly environment?: Environment;
}): Promise<FaultGateway> {
  const upstreams = {
    PERSONIO: await startFaultUpstream(options.behave?.PERSONIO ?? HEALTHY.PERSONIO),
    TRULAYER: await startFaultUpstream(options.behave?.TRULAYER ?? HEALTHY.TRULAYER),
  };
  const opened = openGateway({
    PERSONIO_BASE_URL: upstreams.PERSONIO.baseUrl,
    PERSONIO_ACCESS_TOKEN: 'papi-ready-token',
    TRULAYER_BASE_URL: upstreams.TRULAYER.baseUrl,
    TRULAYER_API_KEY: 'tl_test_key',
    CIRCUIT_MIN_CALLS: '1000000',
    ...options.environment,
  });
  onTestFinished(opened.close);
  return { ...opened, upstreams };
}

/** Opens it with one provider's behaviour. */
export function openWithFault(provider: Provider, behave: Behave, environment: Environment = {}) {
  return openFaultGateway({ behave: { [provider]: behave }, environment });
}

export const LIST = `{ webhooks { edges { node { provider providerId } } unavailableProviders } }`;
export const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Webhook { provider providerId } } }`;
export const PING = `mutation ($id: ID!) { pingWebhook(input: { id: $id }) { delivery { isDelivered } } }`;

const ROWS: Readonly<Record<Provider, readonly unknown[]>> = {
  PERSONIO: ['hook-1', 'hook-2'].map((providerId) => ({ node: { provider: 'PERSONIO', providerId } })),
  TRULAYER: [1, 2].map((number) => ({ node: { provider: 'TRULAYER', providerId: trulayerId(number) } })),
};

/** What the joined list looks like while one provider fails. */
export function listWithout(provider: Provider): unknown {
  const edges = provider === 'PERSONIO' ? [null, ...ROWS.TRULAYER] : [...ROWS.PERSONIO, null];
  return { webhooks: { edges, unavailableProviders: [provider] } };
}

/** Where that list has its error. */
export function pathInList(provider: Provider): readonly (string | number)[] {
  return ['webhooks', 'edges', provider === 'PERSONIO' ? 0 : 2];
}

/** What `nodes` of one webhook of each looks like while one provider fails; Personio's stands first. */
export function nodesWithout(provider: Provider): unknown {
  const personio = { provider: 'PERSONIO', providerId: 'hook-1' };
  const trulayer = { provider: 'TRULAYER', providerId: trulayerId(1) };
  return { nodes: provider === 'PERSONIO' ? [null, trulayer] : [personio, null] };
}

export const BOTH_IDS = { ids: [ID.PERSONIO, ID.TRULAYER] };

/** The code of each error. */
export function codes(errors: readonly ClientError[] | undefined): readonly unknown[] {
  return (errors ?? []).map(({ extensions }) => extensions.code);
}

/** What an error says of the upstream. */
export function upstreamOf(error: ClientError | undefined): Readonly<Record<string, unknown>> {
  const upstream: unknown = error?.extensions.upstream;
  return typeof upstream === 'object' && upstream !== null ? Object.fromEntries(Object.entries(upstream)) : {};
}

/** The value that so many percent of all do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
