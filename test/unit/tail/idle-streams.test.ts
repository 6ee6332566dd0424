import { expect, onTestFinished, test } from 'vitest';
import type { WebhookActivity } from '../../../src/domain/activity.ts';
import type { WebhookProvider } from '../../../src/domain/webhook-provider.ts';
import { openOperationScope } from '../../../src/webhooks/operation-scope.ts';
import { createProviderDirectory } from '../../../src/webhooks/provider-directory.ts';
import { createActivityTails } from '../../../src/webhooks/tail/activity-tails.ts';
import type { TailArguments } from '../../../src/webhooks/tail/tail-arguments.ts';
import { tailActivity } from '../../../src/webhooks/tail-activity.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { until } from '../../support/fault-upstream.ts';

const ENTRIES = 100;
const NOT_CALLED = () => Promise.reject(new Error('nothing but the log is read here'));

/** A provider whose log holds as many entries of the last minute, and that knows which of what it has told is still held. */
function createProvider() {
  const told: WeakRef<WebhookActivity>[] = [];
  const completedAt = new Date().toISOString();
  const tell = (attempts: number): WebhookActivity => {
    const activity = {
      completedAt,
      eventName: 'ping',
      isDelivered: true,
      attempts,
      statusCode: 200,
      outcome: 'DELIVERED',
      redeliveryId: null,
    } as const;
    told.push(new WeakRef(activity));
    return activity;
  };
  const provider: WebhookProvider = {
    name: 'PERSONIO',
    facts: {
      eventTypes: [],
      isEventListClosed: false,
      eventCatalogUrl: null,
      retentionDays: null,
      maxEventsPerRedelivery: null,
      signing: null,
      retryPolicy: null,
    },
    hasCredentials: () => true,
    listWebhooks: NOT_CALLED,
    getWebhooks: NOT_CALLED,
    listActivity: async () => ({
      items: Array.from({ length: ENTRIES }, (_, number) => tell(number)),
      nextCursor: null,
    }),
    close: () => Promise.resolve(),
  };
  return {
    provider,
    reads: () => told.length / ENTRIES,
    held: () => told.filter((activity) => activity.deref() !== undefined).length,
  };
}

test.each([
  ['from now on', {}],
  ['from a time in the past on', { since: new Date(Date.now() - 30_000).toISOString() }],
] as const)('streams that follow %s hold on to nothing that they have read before', async (_, from: TailArguments) => {
  const STREAMS = 20;
  const { provider, reads, held } = createProvider();
  const directory = createProviderDirectory([provider]);
  const limits = { timeoutMs: 5_000, maxUpstreamCalls: 100 };
  const tails = createActivityTails({ ...limits, directory, pollMs: 1, maxPages: 25, openRelay: () => null });
  onTestFinished(tails.close);
  let delivered = 0;
  for (let each = 0; each < STREAMS; each += 1) {
    const { signal } = new AbortController();
    const tail = await tailActivity({
      directory,
      tails,
      key: { provider: 'PERSONIO', providerId: 'hook-1' },
      filter: {},
      from,
      scope: openOperationScope({ ...limits, clientSignal: signal, forwardedAuthorization: {} }),
      follower: null,
      nowMs: Date.now(),
    });
    (async () => {
      for await (const _edge of tail) delivered += 1;
    })().catch(() => {});
  }
  await until(() => delivered === (from.since ? STREAMS * ENTRIES : 0));
  expect(tails.counts()).toEqual({ pollers: 1, streams: STREAMS });
  // By then each has met the poller.
  const before = reads();
  await until(() => reads() > before + 10);
  await new Promise(setImmediate);
  collectGarbage();
  // The poller itself has the window that it has read last, and what stands ready for slow ones.
  expect(held()).toBeLessThan(5 * ENTRIES);
});
