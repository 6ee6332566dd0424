import { onTestFinished } from 'vitest';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import {
  type StubUpstream,
  startStubUpstream,
  type UpstreamReply,
  type UpstreamRequest,
} from '../support/stub-upstream.ts';
import type { TailLog } from '../support/tail-log.ts';
import { personioPage, personioWebhooks } from '../support/upstream-rows.ts';

export const CLIENT_SECRET = 'cs-canary-7Jq2mZx0';

/** A Personio of a test: it gives out tokens, and counts who asks for what. */
export interface CountingUpstream extends StubUpstream {
  readonly tokens: readonly string[];
  tokenCalls(): number;
  logCalls(): number;
  /** From now on only tokens given out later are accepted. */
  revoke(): void;
}

/** Answers a request itself where it answers something. */
export type Before = (request: UpstreamRequest) => UpstreamReply | undefined | Promise<UpstreamReply | undefined>;

/** Starts a Personio with two webhooks, whose delivery log is `log`; `before` may answer a request itself. */
export async function startCountingUpstream({
  log,
  before = () => undefined,
}: {
  readonly log?: TailLog;
  readonly before?: Before;
} = {}): Promise<CountingUpstream> {
  const tokens: string[] = [];
  let firstGood = 0;
  const upstream = await startStubUpstream(async (request) => {
    const early = await before(request);
    if (early) return early;
    if (request.url.startsWith('/v2/auth/token')) {
      tokens.push(`papi-canary-${tokens.length + 1}-k3Vq9`);
      return { body: { access_token: tokens.at(-1), expires_in: 3_600, token_type: 'Bearer' } };
    }
    const place = tokens.indexOf(request.headers.authorization?.slice('Bearer '.length) ?? '');
    if (place < firstGood) return { status: 401, body: { errors: [{ title: 'Unauthorized' }] } };
    return request.url.includes('/activity') && log ? log.answer(request) : personioPage(personioWebhooks(2));
  });
  onTestFinished(upstream.close);
  const count = (part: string) => upstream.requests.filter(({ url }) => url.includes(part)).length;
  return {
    ...upstream,
    tokens,
    tokenCalls: () => count('/auth/token'),
    logCalls: () => count('/activity'),
    revoke: () => {
      firstGood = tokens.length;
    },
  };
}

/** What an instance of a fleet is told. */
export function instanceEnvironment(upstream: StubUpstream, redisUrl: string): Readonly<Record<string, string>> {
  return {
    REDIS_URL: redisUrl,
    PERSONIO_BASE_URL: upstream.baseUrl,
    PERSONIO_CLIENT_ID: 'client-1',
    PERSONIO_CLIENT_SECRET: CLIENT_SECRET,
    TAIL_POLL_MS: '20',
  };
}

/** An instance in this process, that listens. */
export interface Instance extends TestGateway {
  readonly url: string;
}

/** Starts an instance in this process; it ends with the test. */
export async function startInstance(environment: Readonly<Record<string, string>>): Promise<Instance> {
  const opened = openGateway(environment);
  onTestFinished(opened.close);
  return { ...opened, url: await opened.gateway.listen() };
}

/** Lines of an instance's log that tell of Redis. */
export function redisLines({ log }: Pick<TestGateway, 'log'>): readonly unknown[] {
  return log.filter(({ msg }) => String(msg).includes('Redis')).map(({ level, msg }) => [level, msg]);
}

export const LIST = '{ webhooks { nodes { id } } }';
