import type { CallScope } from '../domain/call-scope.ts';
import type { WebhookEvent } from '../domain/event.ts';
import type { Page } from '../domain/page.ts';
import { planRedelivery, type RedeliveryPlan } from '../domain/redelivery-plan.ts';
import type { TimeWindow } from '../domain/time-window.ts';
import type { WebhookKey } from '../domain/webhook.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import { scanUntil } from './scan-growing-list.ts';

/** Tells what a redelivery of a window would send; null where the provider publishes no events or redelivers none. */
export async function previewRedelivery(options: {
  readonly directory: ProviderDirectory;
  readonly key: WebhookKey;
  readonly window: TimeWindow;
  readonly scope: CallScope;
  /** How many pages of 200 events may be read. */
  readonly maxPages: number;
}): Promise<RedeliveryPlan | null> {
  const { directory, key, window, scope, maxPages } = options;
  const provider = directory.configured(key.provider, scope);
  const list = provider.listEvents;
  if (!list || !provider.redeliverEvents) return null;
  const filter = { occurredAt: { gte: window.from, lte: window.to } };
  const { items, isComplete, isCut } = await scanUntil(window.toMs, {
    read: async (page) => withoutContents(await list(key.providerId, filter, page, scope)),
    maxPages,
  });
  const { maxEventsPerRedelivery } = provider.facts;
  return planRedelivery({ window, events: items, isComplete, isCut, maxEventsPerRedelivery });
}

/** What was sent is not counted, and thousands of payloads should not be held at once. */
function withoutContents(page: Page<WebhookEvent>): Page<WebhookEvent> {
  const items = page.items.map((item) => (item instanceof Error ? item : { ...item, payload: null, meta: null }));
  return { ...page, items };
}
